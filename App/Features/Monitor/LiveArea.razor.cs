using BlazorAdmin.Live;
using BlazorAdmin.Security;
using Microsoft.AspNetCore.Components;
using Microsoft.JSInterop;

namespace BlazorAdmin.Features.Monitor;

/// <summary>A part of a page with live metrics. Shows nothing to people who may not see them, also when that changes while the page is open.</summary>
public sealed partial class LiveArea
{
    private ElementReference _root;
    private MetricCatalog _catalog = MetricCatalog.Empty;
    private bool _allowed = true;
    private int? _area;
    private int _shownVersion, _shownLayout;
    private bool _drawing, _ended;

    [Parameter, EditorRequired] public required RenderFragment<MetricCatalog> ChildContent { get; set; }

    /// <summary>Shown instead when the person lacks the permission.</summary>
    [Parameter] public RenderFragment? Forbidden { get; set; }

    /// <summary>A number that changes when the content must be drawn anew, for instance the seconds shown.</summary>
    [Parameter] public int Layout { get; set; }

    [Inject] private LiveChartStream Stream { get; init; } = null!;

    [Inject] private TickBroadcaster Broadcaster { get; init; } = null!;

    [Inject] private Topic<AccessChanged> Access { get; init; } = null!;

    protected override async Task OnInitializedAsync()
    {
        _allowed = await Stream.VerifyAccessAsync();
        _catalog = Broadcaster.Catalog;
    }

    protected override void Subscribe()
    {
        Watch(Access);
        Broadcaster.CatalogChanged += RequestRefresh;
        // The machine may have been read between the first render and this.
        if (Broadcaster.Catalog != _catalog) RequestRefresh();
    }

    protected override async Task RefreshAsync(CancellationToken cancellation)
    {
        _allowed = await Stream.VerifyAccessAsync();
        _catalog = Broadcaster.Catalog;
        if (!_allowed) await ReleaseAsync();
    }

    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (_drawing) return;
        _drawing = true;
        try
        {
            // Again when the devices or the layout changed meanwhile: the element that was drawn is gone then.
            while (_allowed && _catalog.Version > 0 && !_ended && (_area is null || _shownVersion != _catalog.Version || _shownLayout != Layout))
            {
                await ReleaseAsync();
                (_shownVersion, _shownLayout) = (_catalog.Version, Layout);
                _area = await Stream.AttachAsync(_root, LiveAssets.From(Assets));
                if (_ended) await ReleaseAsync();
            }
        }
        catch (Exception error) when (error is JSDisconnectedException or TaskCanceledException)
        {
            // The connection went down in between: the next render tries again.
            _shownVersion = 0;
        }
        finally
        {
            _drawing = false;
        }
    }

    private async Task ReleaseAsync()
    {
        if (_area is not { } area) return;
        _area = null;
        await Stream.DetachAsync(area);
    }

    public override async ValueTask DisposeAsync()
    {
        _ended = true;
        Broadcaster.CatalogChanged -= RequestRefresh;
        try
        {
            await ReleaseAsync();
        }
        finally
        {
            await base.DisposeAsync();
        }
    }
}
