namespace BlazorAdmin.Shell.Lists;

/// <summary>One page of rows. Cursors are null at the ends; First names the first row for a reload in place.</summary>
public sealed record ListPage<TRow>(IReadOnlyList<TRow> Rows)
{
    public string? Next { get; init; }

    public string? Previous { get; init; }

    public string? First { get; init; }

    /// <summary>Null while nobody has counted.</summary>
    public ListTotal? Total { get; init; }

    /// <summary>The source stopped before it had looked at everything, to keep its time: Next goes on from there.</summary>
    public bool IsUnfinished { get; init; }

    /// <summary>Rows that came above the first row on screen since it was loaded.</summary>
    public ListTotal PendingNew { get; init; }
}
