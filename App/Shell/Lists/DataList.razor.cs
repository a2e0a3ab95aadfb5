using System.Globalization;
using BlazorAdmin.Security;
using BlazorAdmin.Shell.Controls;
using BlazorAdmin.Shell.Lists.Views;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Routing;
using Microsoft.Extensions.Localization;

namespace BlazorAdmin.Shell.Lists;

/// <summary>
/// The list of the portal. Its whole state is a ListQuery in the URL; rows are plain table rows without components.
/// A page that follows a topic calls ReloadAsync: rows change in place, new ones are announced while somebody works in the list.
/// </summary>
public sealed partial class DataList<TRow> : ComponentBase, IDisposable
{
    private static readonly int[] PageSizes = [25, 50, 100, 200];
    private static readonly TimeSpan SlowLoad = TimeSpan.FromMilliseconds(150);

    private readonly CancellationTokenSource _ended = new();
    private readonly Action _attend;
    private readonly Action _leave;
    private CancellationTokenSource? _loading;
    private Task _following = Task.CompletedTask;
    private ListPage<TRow>? _page;
    private ListTotal? _total;
    private ListQuery? _shown;
    private IReadOnlyList<ListColumn<TRow>> _visible = [];
    private string _path = "";
    private string _rowLink = "";
    private string? _reference;
    private bool _busy, _stale, _attended, _again;

    public DataList()
    {
        _attend = Quietly(() => _attended = true);
        _leave = Quietly(() => _attended = false);
    }

    /// <summary>Plural name of what is listed, for people who hear the page.</summary>
    [Parameter, EditorRequired] public required string Name { get; set; }

    [Parameter, EditorRequired] public required IReadOnlyList<ListColumn<TRow>> Columns { get; set; }

    [Parameter, EditorRequired] public required ListLoad<TRow> Load { get; set; }

    [Parameter, EditorRequired] public required Func<TRow, string> RowId { get; set; }

    /// <summary>Names one row for its checkbox; the id by default.</summary>
    [Parameter] public Func<TRow, string>? RowName { get; set; }

    /// <summary>What the list shows for a bare URL.</summary>
    [Parameter] public ListQuery Defaults { get; set; } = new();

    [Parameter] public IReadOnlyList<ListFilter> Filters { get; set; } = [];

    /// <summary>Placeholder of the search box; null hides it.</summary>
    [Parameter] public string? SearchLabel { get; set; }

    /// <summary>Details of the row with this id, beside the list or above it.</summary>
    [Parameter] public RenderFragment<string>? Details { get; set; }

    /// <summary>At which page a row's details open; null for the first.</summary>
    [Parameter] public Func<TRow, int?>? RowPlace { get; set; }

    [Parameter] public Func<string, string>? DetailsTitle { get; set; }

    [Parameter] public RenderFragment<string>? DetailsStatus { get; set; }

    /// <summary>Buttons for the picked rows; without it nothing can be picked.</summary>
    [Parameter] public RenderFragment<ListSelection>? Bulk { get; set; }

    [Parameter] public RenderFragment? Empty { get; set; }

    [Parameter] public RenderFragment? Tools { get; set; }

    /// <summary>Route of MapListExport; the list's query and the format are appended.</summary>
    [Parameter] public string? ExportUrl { get; set; }

    /// <summary>Offers saved views; only for lists that stand in the navigation.</summary>
    [Parameter] public bool Views { get; set; }

    /// <summary>Raised when the URL brought another query, after the rows are there.</summary>
    [Parameter] public EventCallback<ListQuery> QueryChanged { get; set; }

    [Inject] private NavigationManager Navigation { get; init; } = null!;

    [Inject] private IStringLocalizer<ShellTexts> T { get; init; } = null!;

    [Inject] private Display Display { get; init; } = null!;

    [Inject] private IServiceProvider Services { get; init; } = null!;

    [Inject] private ILogger<ListQuery> Log { get; init; } = null!;

    public ListQuery Query { get; private set; } = new();

    /// <summary>The rows on screen.</summary>
    public IReadOnlyList<TRow> Rows => _page?.Rows ?? [];

    public ViewState State { get; private set; } = ViewState.Loading;

    private string ListPath => _path.TrimEnd('/');

    private ListTotal News => _page?.PendingNew ?? default;

    private bool HasMore => _page is { Next: not null } or { Previous: not null };

    private bool ShowsDetails => Details is not null && Query.Selected is not null;

    private string Range => _total is { } total ? T["RowsOfTotal", Display.Number(Rows.Count), Display.Total(total.Count, total.More)] : T.Count("Rows", Rows.Count);

    protected override async Task OnInitializedAsync()
    {
        var uri = new Uri(Navigation.Uri);
        _path = uri.AbsolutePath;
        Query = ListQuery.Parse(uri.Query, Defaults);
        Navigation.LocationChanged += OnLocationChanged;
        if (Views && uri.Query.Length == 0 && await StartAsync() is { Length: > 0 } start)
        {
            // The new address brings the rows.
            Navigation.NavigateTo($"{_path}?{start}", new NavigationOptions { ReplaceHistoryEntry = true });
            return;
        }
        await LoadAsync(Query);
    }

    protected override void OnParametersSet() => ArrangeColumns();

    /// <summary>Reads the page again where it is. Rows that stand above the first one are announced if somebody works in the list, else shown.</summary>
    public async Task ReloadAsync()
    {
        var isCurrent = _shown == RowsOf(Query);
        if (!isCurrent && _loading is not null)
        {
            // The rows of another query are on their way, and the place of the old ones says nothing. They may have been read before this message: once more when they are there.
            _again = true;
            return;
        }
        var hold = Query.Cursor is not null || _attended || PickedCount > 0;
        await LoadAsync(isCurrent && hold && State == ViewState.Ready ? Query with { Anchor = _page?.First } : Query);
        StateHasChanged();
    }

    public void Dispose()
    {
        Navigation.LocationChanged -= OnLocationChanged;
        _ended.Cancel();
        _loading?.Dispose();
        _ended.Dispose();
    }

    /// <summary>The query of the view with which the person begins; null if there is none.</summary>
    private async Task<string?> StartAsync()
    {
        try
        {
            return await Services.GetRequiredService<SavedViews>().DefaultAsync(ListPath, _ended.Token);
        }
        catch (ForbiddenException)
        {
            return null; // the rows say so
        }
        catch (Exception exception) when (!_ended.IsCancellationRequested)
        {
            // Without its view the list begins as it does for everybody; whether rows can be read, they say themselves.
            ShellLog.ListFailed(Log, exception, Name, "", ErrorReference.New());
            return null;
        }
    }

    private async Task LoadAsync(ListQuery query)
    {
        _again = false;
        await ReadAsync(query);
        if (!_again || _loading is not null || _ended.IsCancellationRequested) return;
        StateHasChanged();
        await ReloadAsync();
    }

    private async Task ReadAsync(ListQuery query)
    {
        using var loading = CancellationTokenSource.CreateLinkedTokenSource(_ended.Token);
        // In place before the earlier one is told: while that takes its time another load may come, and cancels this one.
        var earlier = _loading;
        _loading = loading;
        _busy = query.Anchor is null;
        try
        {
            if (earlier is not null) await earlier.CancelAsync();
            if (loading.IsCancellationRequested) return;
            var page = await Load(query, loading.Token);
            if (loading.IsCancellationRequested) return;
            if (page.Rows.Count == 0 && !page.IsUnfinished && query.Cursor is not null)
            {
                // What stood here is gone: the first page is the honest place.
                page = await Load(query.WithCursor(null), loading.Token);
                if (loading.IsCancellationRequested) return;
            }
            Show(page, query);
        }
        catch (Exception) when (loading.IsCancellationRequested)
        {
            // A newer load or the end of the page took over; what a cancelled driver throws says nothing.
            return;
        }
        catch (ForbiddenException)
        {
            (_page, State) = (null, ViewState.Forbidden);
        }
        catch (Exception exception)
        {
            _reference = ErrorReference.New();
            ShellLog.ListFailed(Log, exception, Name, query.ToQueryString(Defaults), _reference);
            _stale = true;
            if (query.Anchor is null) (_page, State) = (null, ViewState.Failed);
        }
        finally
        {
            if (_loading == loading) (_loading, _busy) = (null, false);
        }
    }

    private void Show(ListPage<TRow> page, ListQuery query)
    {
        _page = page;
        _shown = RowsOf(query);
        _total = page.Total ?? (query.Anchor is null ? null : _total);
        _stale = false;
        State = page.Rows.Count > 0 || page.IsUnfinished ? ViewState.Ready : query.IsFiltered ? ViewState.EmptyFiltered : ViewState.Empty;
    }

    /// <summary>What of a query decides which rows there are.</summary>
    private static ListQuery RowsOf(ListQuery query) => query.WithSelected(null) with { Columns = [], Anchor = null };

    private void OnLocationChanged(object? sender, LocationChangedEventArgs change)
    {
        var uri = new Uri(change.Location);
        if (uri.AbsolutePath == _path) _following = InvokeAsync(() => FollowAsync(ListQuery.Parse(uri.Query, Defaults)));
    }

    private async Task FollowAsync(ListQuery query)
    {
        Arrive(query);
        if (query == Query) return;
        var sameRows = query.WithSelected(null) with { Columns = [] } == (Query.WithSelected(null) with { Columns = [] });
        if (query.Matching() with { Columns = [] } != (Query.Matching() with { Columns = [] })) ForgetSelection();
        Query = query;
        ArrangeColumns();
        if (!sameRows)
        {
            // Rows that come at once are drawn once; only a slow load is announced on the old ones.
            var load = LoadAsync(query);
            if (!load.IsCompleted && await Task.WhenAny(load, Task.Delay(SlowLoad, _ended.Token)) != load) StateHasChanged();
            await load;
        }
        StateHasChanged();
        await QueryChanged.InvokeAsync(query);
    }

    private void ArrangeColumns()
    {
        _visible = [.. Columns.Where(IsVisible)];
        var text = Query.WithSelected(null).ToQueryString(Defaults);
        _rowLink = $"{_path}?{text}{(text.Length > 0 ? "&" : "")}item=";
    }

    private string RowLink(string id, TRow row)
    {
        var link = _rowLink + Uri.EscapeDataString(id);
        return RowPlace?.Invoke(row) is { } place and > 1 ? $"{link}&page={place.ToString(CultureInfo.InvariantCulture)}" : link;
    }

    private string ExportLink(string format)
    {
        var text = Query.Matching().ToQueryString(Defaults);
        return $"{ExportUrl}?format={format}{(text.Length > 0 ? "&" : "")}{text}";
    }

    private string RowLabel(TRow row) => RowName?.Invoke(row) ?? RowId(row);

    private static RenderFragment CellOf(ListColumn<TRow> column, TRow row) =>
        column.Cell is { } cell ? cell(row) : builder => builder.AddContent(0, column.Value?.Invoke(row));

    /// <summary>An event handler that changes no pixel must not render fifty rows.</summary>
    private static Action Quietly(Action handler) => new QuietHandler(handler).Handle;

    private sealed class QuietHandler(Action handler) : IHandleEvent
    {
        public void Handle() => handler();

        Task IHandleEvent.HandleEventAsync(EventCallbackWorkItem item, object? argument) => item.InvokeAsync(argument);
    }
}
