namespace BlazorAdmin.Shell.Lists;

/// <summary>What a bulk action applies to: the picked rows, or every row that matches the query.</summary>
public sealed record ListSelection(IReadOnlySet<string> Ids, bool AllThatMatch, ListQuery Query, ListTotal? Matching)
{
    /// <summary>The count to name on a button; at least this many when Matching was cut off.</summary>
    public ListTotal Count => AllThatMatch ? Matching ?? new ListTotal(Ids.Count, More: true) : new ListTotal(Ids.Count);
}
