using BlazorAdmin.Data;
using BlazorAdmin.Features.Monitor.Past;
using BlazorAdmin.Features.Monitor.Store;
using BlazorAdmin.Security;
using BlazorAdmin.Shell;
using BlazorAdmin.Shell.Controls;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Routing;
using Microsoft.Extensions.Localization;

namespace BlazorAdmin.Features.Monitor;

/// <summary>The machine now, ten times a second, or in any range of the past. What is shown stands in the address.</summary>
public sealed partial class MonitorPage
{
    private static readonly TimeSpan ShortestRefresh = TimeSpan.FromSeconds(10);

    private MonitorQuery _query = new();
    private IReadOnlyList<string> _nodes = [];
    private IReadOnlyList<string> _groups = [];
    private IReadOnlyList<MetricChart> _charts = [];
    private PastView? _view;
    private ViewState _state = ViewState.Loading;
    private CancellationTokenSource? _loading;
    private Task _following = Task.CompletedTask;
    private string? _reference;
    private string? _viewOf;
    private long _loadedAt;

    [Inject] private PastReader Past { get; init; } = null!;

    [Inject] private MetricHistory History { get; init; } = null!;

    [Inject] private TickBroadcaster Broadcaster { get; init; } = null!;

    [Inject] private CollectorStatement Statement { get; init; } = null!;

    [Inject] private MetricValues Values { get; init; } = null!;

    [Inject] private NavigationManager Navigation { get; init; } = null!;

    [Inject] private Display Display { get; init; } = null!;

    [Inject] private IStringLocalizer<MonitorTexts> T { get; init; } = null!;

    [Inject] private TimeProvider Time { get; init; } = null!;

    [Inject] private ILogger<MonitorPage> Log { get; init; } = null!;

    private string Group => _query.Group is { } asked && _groups.Contains(asked) ? asked : _groups.FirstOrDefault() ?? "";

    protected override async Task OnInitializedAsync()
    {
        _query = MonitorQuery.Parse(new Uri(Navigation.Uri).Query);
        Navigation.LocationChanged += OnLocation;
        try
        {
            _nodes = await History.NodesAsync(Ended);
        }
        catch (ForbiddenException)
        {
            _nodes = []; // the charts say so
        }
        catch (Exception exception) when (!Ended.IsCancellationRequested && exception is not OperationCanceledException)
        {
            // What is live needs no database.
            Log.HistoryFailed(exception, _query.ToString(), ErrorReference.New());
        }

        _groups = GroupsOf(Live());
        if (!_query.IsLive || _query.Figures) await LoadAsync(Ended);
    }

    protected override void Subscribe()
    {
        Keep(Time.CreateTimer(_ => { if (IsDue()) RequestRefresh(); }, null, ShortestRefresh, ShortestRefresh));
        Broadcaster.CatalogChanged += RequestRefresh;
        // The first sample may have come between the first drawing and this.
        if (_query.IsLive && _groups.Count == 0) RequestRefresh();
    }

    protected override async Task RefreshAsync(CancellationToken cancellation)
    {
        if (_query.IsLive) _groups = GroupsOf(Live());
        if (!_query.IsLive || _query.Figures) await LoadAsync(cancellation);
    }

    /// <summary>Whether a range that ends now has moved on by about a point of its charts.</summary>
    private bool IsDue()
    {
        if (_query.IsFixed || (_query.IsLive && !_query.Figures)) return false;
        var pace = _query.Span.Length / PastReader.Points;
        return Time.GetElapsedTime(_loadedAt) >= (pace > ShortestRefresh ? pace : ShortestRefresh) - ShortestRefresh / 10;
    }

    public override async ValueTask DisposeAsync()
    {
        Navigation.LocationChanged -= OnLocation;
        Broadcaster.CatalogChanged -= RequestRefresh;
        await base.DisposeAsync();
        await _following;
        _loading?.Dispose();
    }

    private void OnLocation(object? sender, LocationChangedEventArgs change)
    {
        var uri = new Uri(change.Location);
        if (uri.AbsolutePath == "/admin/monitor") _following = InvokeAsync(() => FollowAsync(MonitorQuery.Parse(uri.Query)));
    }

    private async Task FollowAsync(MonitorQuery query)
    {
        if (query.ToString() == _query.ToString() && query.IsBroken == _query.IsBroken) return;
        var anew = query.Node != _query.Node || query.Group != _query.Group || _query.IsLive;
        _query = query;
        if (query.IsLive) _groups = GroupsOf(Live());
        if (anew) (_view, _state) = (null, ViewState.Loading);
        StateHasChanged();
        if (!query.IsLive || query.Figures) await LoadAsync(Ended);
        StateHasChanged();
    }

    private async Task LoadAsync(CancellationToken cancellation)
    {
        using var loading = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var earlier = _loading;
        _loading = loading;
        var query = _query;
        try
        {
            if (earlier is not null) await earlier.CancelAsync();
            var charts = await PastChartsAsync(query, loading.Token);
            var view = await Past.ReadAsync(query, charts, Values.Text, loading.Token);
            if (loading.IsCancellationRequested) return;
            (_charts, _view, _viewOf, _loadedAt) = (charts, view, query.ToString(), Time.GetTimestamp());
            _state = view.IsEmpty ? ViewState.Empty : ViewState.Ready;
        }
        catch (Exception) when (loading.IsCancellationRequested)
        {
            return; // a newer load or the end of the page took over
        }
        catch (ForbiddenException)
        {
            (_view, _state) = (null, ViewState.Forbidden);
        }
        catch (Exception exception)
        {
            _reference = ErrorReference.New();
            Log.HistoryFailed(exception, query.ToString(), _reference);
            // Charts of another range under this address would be a lie; those of this one only stand still.
            if (_view is null || _viewOf != query.ToString()) (_view, _state) = (null, ViewState.Failed);
        }
        finally
        {
            if (_loading == loading) _loading = null;
        }
    }

    private async Task<IReadOnlyList<MetricChart>> PastChartsAsync(MonitorQuery query, CancellationToken cancellation)
    {
        var kept = (await History.SeriesAsync(query.Node, cancellation)).Select(series => (series.Key, series.Family, series.Kind, series.Device));
        // What this machine measures since a moment ago is not kept yet.
        if (query.Node is null) kept = kept.UnionBy(Broadcaster.Catalog.Metrics.Select(metric => (metric.Key, metric.Family, metric.Kind, metric.Device)), metric => metric.Key);
        var charts = MetricCharts.Of(kept, T);
        _groups = GroupsOf(charts);
        return [.. charts.Where(chart => chart.Group == Group)];
    }

    private IReadOnlyList<MetricChart> Live() => MetricCharts.Of(Broadcaster.Catalog.Metrics.Select(metric => (metric.Key, metric.Family, metric.Kind, metric.Device)), T);

    private IEnumerable<MetricChart> ChartsOf(MetricCatalog catalog)
    {
        var charts = MetricCharts.Of(catalog.Metrics.Select(metric => (metric.Key, metric.Family, metric.Kind, metric.Device)), T);
        return charts.Where(chart => chart.Group == Group);
    }

    private ChartDefinition Definition(MetricChart chart, MetricCatalog catalog)
    {
        // Colours go by the place in the legend, so that switching one line off leaves the others as they are.
        var lines = chart.Lines.Select((line, i) => (line.Key, Series: catalog.Find(line.Key) is { } metric ? new ChartSeries(metric.Index, line.Label, ChartDefinition.ColorAt(i)) : null))
            .Where(line => line.Series is not null && !_query.Hidden.Contains(line.Key)).Select(line => line.Series!);
        return new ChartDefinition(chart.Title, chart.Kind, (int)_query.Span.Length.TotalSeconds, chart.Max, [.. lines]) { MaxIndex = chart.MaxKey is { } key ? catalog.Find(key)?.Index : null };
    }

    private static IReadOnlyList<string> GroupsOf(IEnumerable<MetricChart> charts) => [.. charts.Select(chart => chart.Group).Distinct()];

    // Another drawing only where the set of charts and lines differs.
    private int LayoutOf(MonitorQuery query) => HashCode.Combine(query.Span.Name, Group, string.Join(',', query.Hidden));

    private string Shown(PastView view) => T["RangeShown", Display.Exact(view.Range.From), Display.Exact(view.Range.To), T[$"Level{view.Level}"]];

    /// <summary>Null while every line is switched off.</summary>
    private string? ExportLink(string format)
    {
        var range = _query.Range(Display.Now);
        var charts = _query.IsLive ? [.. ChartsOf(Broadcaster.Catalog)] : _charts;
        var keys = charts.SelectMany(chart => chart.Lines).Select(line => line.Key).Where(key => !_query.Hidden.Contains(key)).Distinct().ToList();
        if (keys.Count == 0) return null;
        var node = _query.Node is { } other ? $"&node={Uri.EscapeDataString(other)}" : "";
        return $"/admin/monitor/export?format={format}&from={MonitorQuery.Write(range.From)}&to={MonitorQuery.Write(range.To)}&keys={Uri.EscapeDataString(string.Join(',', keys))}{node}";
    }

    // Drawn again when it is opened, so that its links reach to this moment.
    private void OpenExport()
    {
    }

    private void ToggleFigures() => Go(_query with { Figures = !_query.Figures });

    private void Toggle(string key) => Go(_query.Toggled(key));

    private void Pick((DateTimeOffset From, DateTimeOffset To) range) => Go(_query.WithRange(range.From, range.To));

    private void Go(MonitorQuery query) => Navigation.NavigateTo("/admin/monitor" + query);
}
