using System.Globalization;
using BlazorAdmin.Shell.Controls;
using Microsoft.AspNetCore.Components;

namespace BlazorAdmin.Shell.Lists;

/// <summary>What a person does in the list: each act changes the query in the URL or the selection.</summary>
public sealed partial class DataList<TRow>
{
    private readonly Dictionary<string, Action> _sorts = [];
    private HashSet<string> _picked = [];
    private bool _allThatMatch;
    private string? _lastPicked;

    // Where acts lead, until the address says so: a filter picked while a search is on its way must not undo it.
    private readonly Queue<ListQuery> _going = [];

    private int PickedCount => _allThatMatch ? Math.Max(_picked.Count, 1) : _picked.Count;

    private bool PageIsPicked => Rows.Count > 0 && Rows.All(row => _picked.Contains(RowId(row)));

    private ListSelection Selection => new(_picked, _allThatMatch, Query.Matching(), _total);

    /// <summary>Forgets what is picked; call it when a bulk action is done.</summary>
    public void ClearSelection()
    {
        ForgetSelection();
        StateHasChanged();
    }

    private void ForgetSelection() => (_picked, _allThatMatch, _lastPicked) = ([], false, null);

    private ListQuery Wanted => _going.Count > 0 ? _going.Last() : Query;

    // The address has come to a query: what was on its way before it is over, and all of it if it came from elsewhere.
    private void Arrive(ListQuery query)
    {
        while (_going.TryDequeue(out var passed) && passed != query)
        {
        }
    }

    private void Go(ListQuery query, bool replace = false)
    {
        _going.Enqueue(query);
        var text = query.ToQueryString(Defaults);
        Navigation.NavigateTo(text.Length == 0 ? _path : $"{_path}?{text}", new NavigationOptions { ReplaceHistoryEntry = replace });
    }

    // Typing replaces the entry of the history: back leads to where the search began.
    private void Search(string text) => Go(Wanted.WithSearch(text), replace: Query.Search.Length > 0);

    private void SetFilter((string Key, string Value) filter) => Go(Wanted.WithFilter(filter.Key, filter.Value));

    private void ClearFilters() => Go(Wanted.WithoutFilters());

    private void Turn(string? cursor)
    {
        if (cursor is not null) Go(Query.WithCursor(cursor)); // a place among the rows on screen
    }

    private void SetPageSize(ChangeEventArgs change)
    {
        if (int.TryParse(change.Value as string, CultureInfo.InvariantCulture, out var size)) Go(Wanted with { PageSize = size, Cursor = null });
    }

    private void Sort(ListColumn<TRow> column) =>
        Go(Wanted.WithSort(column.Key, Wanted.Sort == column.Key ? !Wanted.Descending : column.DescendingFirst));

    // One handler for each column as long as the list lives: a new one at every render would be sent to the browser every time.
    private Action SortBy(ListColumn<TRow> column)
    {
        if (!_sorts.TryGetValue(column.Key, out var sort)) _sorts[column.Key] = sort = Quietly(() => Sort(Columns.First(c => c.Key == column.Key)));
        return sort;
    }

    private string? SortState(ListColumn<TRow> column) => !column.Sortable || Query.Sort != column.Key ? null : Query.Descending ? "descending" : "ascending";

    private MarkupString? SortMark(ListColumn<TRow> column) => Query.Sort == column.Key ? Icons.Svg(Query.Descending ? "down" : "up") : null;

    private bool IsVisible(ListColumn<TRow> column) => column.Opens || (Query.Columns.Length == 0 ? !column.Hidden : Query.Columns.Contains(column.Key));

    private void ToggleColumn(ListColumn<TRow> column)
    {
        var keys = Columns.Where(other => other == column ? !IsVisible(column) : IsVisible(other)).Select(other => other.Key);
        Go(Wanted with { Columns = [.. keys] }, replace: true);
    }

    private void CloseDetails() => Go(Wanted.WithSelected(null));

    private async Task ShowNews()
    {
        if (Query.Cursor is not null) Go(Wanted.WithCursor(null));
        else await LoadAsync(Query);
    }

    private async Task LoadAgain()
    {
        if (State == ViewState.Failed) State = ViewState.Loading;
        await LoadAsync(Query);
    }

    private bool IsPicked(string id) => _allThatMatch || _picked.Contains(id);

    private string? RowCss(string id) => (IsPicked(id), id == Query.Selected) switch
    {
        (true, true) => "picked open",
        (true, false) => "picked",
        (false, true) => "open",
        _ => null,
    };

    private void Pick(string id, bool range)
    {
        if (_allThatMatch)
        {
            // From "all that match" one row is taken out: what stays is this page without it.
            _picked = [.. Rows.Select(RowId)];
            _allThatMatch = false;
        }
        var on = !_picked.Contains(id);
        var ids = Rows.Select(RowId).ToList();
        var from = range && _lastPicked is not null ? ids.IndexOf(_lastPicked) : -1;
        var to = ids.IndexOf(id);
        if (from < 0) from = to;
        for (var i = Math.Min(from, to); i <= Math.Max(from, to); i++)
        {
            if (on) _picked.Add(ids[i]);
            else _picked.Remove(ids[i]);
        }
        _lastPicked = id;
    }

    private void TogglePage()
    {
        var on = !PageIsPicked;
        _allThatMatch = false;
        foreach (var id in Rows.Select(RowId))
        {
            if (on) _picked.Add(id);
            else _picked.Remove(id);
        }
    }

    private void PickAllThatMatch() => _allThatMatch = true;
}
