namespace BlazorAdmin.Shell.Lists;

/// <summary>One page of rows. Cursors are null at the ends; First names the first row for a reload in place.</summary>
public sealed record ListPage<TRow>(IReadOnlyList<TRow> Rows)
{
    public string? Next { get; init; }

    public string? Previous { get; init; }

    public string? First { get; init; }

    /// <summary>Null while nobody has counted.</summary>
    public ListTotal? Total { get; init; }

    /// <summary>The source stopped before it had looked at everything, to keep its time.</summary>
    public bool IsUnfinished => SearchOn is not null;

    /// <summary>Where the search goes on, in its own direction; null if it came to its end.</summary>
    public string? SearchOn { get; init; }

    /// <summary>Rows that came above the first row on screen since it was loaded.</summary>
    public ListTotal PendingNew { get; init; }
}
