using BlazorAdmin.Shell.Controls;

namespace BlazorAdmin.Shell.Lists;

/// <summary>One value of a filter, with the number of rows it would show where that is cheap to know.</summary>
public sealed record ListFilterOption(string Value, string Label, ListTotal? Count = null, Tone Tone = Tone.Idle);

/// <summary>How a filter without options is typed.</summary>
public enum ListFilterInput
{
    Text,

    /// <summary>Date and time in the person's zone; in the query string in UTC.</summary>
    Moment,
}

/// <summary>Which end of a range of days a filter is.</summary>
public enum RangeEnd
{
    From,
    To,
}

/// <summary>A named filter. Pills for a few values that people switch between, a select for more. The value "" means any.</summary>
public sealed record ListFilter
{
    public ListFilter(string key, string label, IReadOnlyList<ListFilterOption> options)
    {
        if (ListQuery.IsReserved(key)) throw new ArgumentException($"The query string already uses {key}.", nameof(key));
        (Key, Label, Options) = (key, label, options);
    }

    public string Key { get; }

    public string Label { get; }

    public IReadOnlyList<ListFilterOption> Options { get; init; }

    /// <summary>Label of "any"; its count is the total without this filter.</summary>
    public string? AnyLabel { get; init; }

    public ListTotal? AnyCount { get; init; }

    public bool Pills { get; init; }

    /// <summary>Stands behind the filter button instead of on the bar; while it filters, a chip shows it.</summary>
    public bool Extra { get; init; }

    /// <summary>What is typed where there are no options.</summary>
    public ListFilterInput Input { get; init; }

    /// <summary>A field for a day instead of a menu: the value is the instant at which the range begins or ends (exclusive) in the person's time zone.</summary>
    public RangeEnd? Day { get; init; }
}
