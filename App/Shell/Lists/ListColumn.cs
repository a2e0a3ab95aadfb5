using Microsoft.AspNetCore.Components;

namespace BlazorAdmin.Shell.Lists;

/// <summary>Where a column stands when a row has two lines (up to 640 px).</summary>
public enum NarrowPlace
{
    Nowhere,
    Title,
    State,
    Meta,
    End,
}

/// <summary>One column of a list. Cell draws it; Value is what an export writes and what is shown where there is no Cell.</summary>
public sealed record ListColumn<TRow>(string Key, string Title)
{
    public RenderFragment<TRow>? Cell { get; init; }

    public Func<TRow, object?>? Value { get; init; }

    /// <summary>Only for columns with an index whose keyset the source knows.</summary>
    public bool Sortable { get; init; }

    /// <summary>The first click on the head sorts descending: for times and amounts.</summary>
    public bool DescendingFirst { get; init; }

    /// <summary>Numbers: right-aligned, tabular numerals.</summary>
    public bool AtEnd { get; init; }

    /// <summary>Takes the room that is left.</summary>
    public bool Wide { get; init; }

    /// <summary>Left out where room is short, for instance beside open details.</summary>
    public bool Extra { get; init; }

    /// <summary>Not shown until the person chooses it.</summary>
    public bool Hidden { get; init; }

    /// <summary>The cell becomes the link that opens the row's details. One column of a list with details.</summary>
    public bool Opens { get; init; }

    public NarrowPlace Narrow { get; init; }

    internal string? Css => string.Join(' ', CssParts()) is { Length: > 0 } css ? css : null;

    internal string? HeadCss => (AtEnd, Extra) switch
    {
        (true, true) => "end extra",
        (true, false) => "end",
        (false, true) => "extra",
        _ => null,
    };

    private IEnumerable<string> CssParts()
    {
        if (AtEnd) yield return "end";
        if (Wide) yield return "wide";
        if (Extra) yield return "extra";
        if (Narrow != NarrowPlace.Nowhere) yield return "at-" + Narrow.ToString().ToLowerInvariant();
    }
}
