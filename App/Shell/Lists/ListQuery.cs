using System.Globalization;
using System.Collections.Immutable;
using System.Text;

namespace BlazorAdmin.Shell.Lists;

/// <summary>What a list shows: the whole state of its page, one record for one query string. Equal queries have equal query strings.</summary>
public sealed record ListQuery
{
    public const int LargestPage = 200;

    private const string SearchName = "q", SortName = "sort", CursorName = "at", SizeName = "size", SelectedName = "item", ColumnsName = "cols", PlaceName = "page";
    private static readonly string[] Reserved = [SearchName, SortName, CursorName, SizeName, SelectedName, ColumnsName, PlaceName];

    public string Search { get; init; } = "";

    /// <summary>Named filters; a filter without a value is not in the map.</summary>
    public ImmutableSortedDictionary<string, string> Filters { get; init; } = ImmutableSortedDictionary<string, string>.Empty;

    /// <summary>Key of the sorted column; null leaves the order to the source.</summary>
    public string? Sort { get; init; }

    public bool Descending { get; init; }

    /// <summary>Opaque place in the order, made by Keyset; null is the first page.</summary>
    public string? Cursor { get; init; }

    public int PageSize { get; init; } = 50;

    /// <summary>Id of the row whose details are open.</summary>
    public string? Selected { get; init; }

    /// <summary>Which page of the opened row's details is read; null for the first. Rows do not depend on it.</summary>
    public int? Place { get; init; }

    /// <summary>Keys of the visible columns; empty means the page's own choice.</summary>
    public ImmutableArray<string> Columns { get; init; } = [];

    /// <summary>First row on screen, for a reload in place; never in the URL. What is above it counts as new.</summary>
    public string? Anchor { get; init; }

    public bool IsFiltered => Search.Length > 0 || Filters.Count > 0;

    public string? Filter(string name) => Filters.GetValueOrDefault(name);

    // Whatever changes which rows there are leads back to the first page.
    public ListQuery WithSearch(string text) => this with { Search = text.Trim(), Cursor = null, Anchor = null };

    public ListQuery WithFilter(string name, string? value) => this with
    {
        Filters = string.IsNullOrEmpty(value) ? Filters.Remove(name) : Filters.SetItem(name, value),
        Cursor = null,
        Anchor = null,
    };

    public ListQuery WithoutFilters() => this with { Search = "", Filters = Filters.Clear(), Cursor = null, Anchor = null };

    public ListQuery WithSort(string? column, bool descending) => this with { Sort = column, Descending = descending, Cursor = null, Anchor = null };

    public ListQuery WithCursor(string? cursor) => this with { Cursor = cursor, Anchor = null };

    /// <summary>Another row's details begin at their first page.</summary>
    public ListQuery WithSelected(string? id) => this with { Selected = string.IsNullOrEmpty(id) ? null : id, Place = null };

    /// <summary>Reads a query string (with or without "?"); what it does not say comes from the defaults. Never throws: a mistyped link shows a list.</summary>
    public static ListQuery Parse(string queryString, ListQuery defaults)
    {
        var query = defaults;
        foreach (var part in queryString.TrimStart('?').Split('&', StringSplitOptions.RemoveEmptyEntries))
        {
            var cut = part.IndexOf('=');
            var name = Decode(cut < 0 ? part : part[..cut]);
            var value = cut < 0 ? "" : Decode(part[(cut + 1)..]);
            query = query.With(name, value);
        }
        return query;
    }

    /// <summary>The query string without "?"; what equals the defaults is left out. Empty for the defaults themselves.</summary>
    public string ToQueryString(ListQuery defaults)
    {
        var text = new StringBuilder();
        if (Search != defaults.Search) Append(text, SearchName, Search);
        foreach (var (name, value) in Filters)
        {
            if (defaults.Filter(name) != value) Append(text, name, value);
        }
        foreach (var name in defaults.Filters.Keys)
        {
            if (!Filters.ContainsKey(name)) Append(text, name, "");
        }
        if (Sort != defaults.Sort || Descending != defaults.Descending) Append(text, SortName, (Descending ? "-" : "") + Sort);
        if (Cursor is not null) Append(text, CursorName, Cursor);
        if (PageSize != defaults.PageSize) Append(text, SizeName, PageSize.ToString(CultureInfo.InvariantCulture));
        if (!Columns.SequenceEqual(defaults.Columns)) Append(text, ColumnsName, string.Join(',', Columns));
        if (Selected is not null) Append(text, SelectedName, Selected);
        if (Place is { } place) Append(text, PlaceName, place.ToString(CultureInfo.InvariantCulture));
        return text.ToString();
    }

    /// <summary>The filters, search and order alone: what an export or "all that match" needs.</summary>
    public ListQuery Matching() => this with { Cursor = null, Anchor = null, Selected = null, Place = null };

    public bool Equals(ListQuery? other) => other is not null && Key == other.Key;

    public override int GetHashCode() => Key.GetHashCode(StringComparison.Ordinal);

    private static ListQuery Bare { get; } = new();

    private string Key => ToQueryString(Bare) + '#' + Anchor;

    private ListQuery With(string name, string value) => name switch
    {
        SearchName => this with { Search = value.Trim() },
        SortName => this with { Sort = value.TrimStart('-') is { Length: > 0 } column ? column : null, Descending = value.StartsWith('-') },
        CursorName => this with { Cursor = value.Length == 0 ? null : value },
        SizeName => int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var size) ? this with { PageSize = Math.Clamp(size, 1, LargestPage) } : this,
        // Not WithSelected: the page may stand before it.
        SelectedName => this with { Selected = value.Length == 0 ? null : value },
        PlaceName => this with { Place = int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var place) && place > 1 ? place : null },
        ColumnsName => this with { Columns = [.. value.Split(',', StringSplitOptions.RemoveEmptyEntries).Distinct()] },
        _ => this with { Filters = value.Length == 0 ? Filters.Remove(name) : Filters.SetItem(name, value) },
    };

    private static void Append(StringBuilder text, string name, string value)
    {
        if (text.Length > 0) text.Append('&');
        text.Append(Uri.EscapeDataString(name)).Append('=').Append(Uri.EscapeDataString(value).Replace("%2C", ",", StringComparison.Ordinal));
    }

    private static string Decode(string text) => Uri.UnescapeDataString(text.Replace('+', ' '));

    internal static bool IsReserved(string filter) => Reserved.Contains(filter, StringComparer.Ordinal);
}
