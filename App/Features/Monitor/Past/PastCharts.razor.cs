using System.Collections.Immutable;
using System.Globalization;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.Localization;
using Microsoft.JSInterop;

namespace BlazorAdmin.Features.Monitor.Past;

/// <summary>Draws a <see cref="PastView"/>: the numbers travel to the browser once, as one payload.</summary>
public sealed partial class PastCharts : IAsyncDisposable
{
    private ElementReference _root;
    private DotNetObjectReference<PastCharts>? _self;
    private IJSObjectReference? _module, _view;
    private PastView? _drawn;
    private bool _drawing, _ended;

    [Parameter, EditorRequired] public required IReadOnlyList<MetricChart> Charts { get; set; }

    [Parameter, EditorRequired] public required PastView View { get; set; }

    [Parameter, EditorRequired] public required ImmutableSortedSet<string> Hidden { get; set; }

    [Parameter] public EventCallback<string> OnToggle { get; set; }

    /// <summary>Somebody dragged from one moment to another.</summary>
    [Parameter] public EventCallback<(DateTimeOffset From, DateTimeOffset To)> OnPicked { get; set; }

    [Inject] private IJSRuntime Script { get; init; } = null!;

    [Inject] private IStringLocalizer<MonitorTexts> T { get; init; } = null!;

    [Inject] private ILogger<PastCharts> Log { get; init; } = null!;

    /// <summary>The script calls it; Unix milliseconds.</summary>
    [JSInvokable]
    public Task Picked(double from, double to) => double.IsFinite(from) && double.IsFinite(to) && from >= 0 && to < 32_503_680_000_000
        ? OnPicked.InvokeAsync((DateTimeOffset.FromUnixTimeMilliseconds((long)from), DateTimeOffset.FromUnixTimeMilliseconds((long)to)))
        : Task.CompletedTask;

    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (_drawing || _ended || View == _drawn) return;
        _drawing = true;
        try
        {
            while (View != _drawn && !_ended)
            {
                _drawn = View;
                await DrawAsync(View);
            }
        }
        catch (Exception exception) when (exception is JSDisconnectedException or TaskCanceledException)
        {
            _drawn = null; // the connection went down: drawn when it is back
        }
        catch (JSException exception)
        {
            // The numbers stand in the legend and the table all the same.
            Log.DrawingFailed(exception);
        }
        finally
        {
            _drawing = false;
        }

        // Left while it was drawing: what came into being since is released here.
        if (_ended) await ReleaseAsync();
    }

    private async Task DrawAsync(PastView view)
    {
        if (_view is null)
        {
            _self ??= DotNetObjectReference.Create(this);
            _module = await Script.InvokeAsync<IJSObjectReference>("import", "./" + Assets["js/past-chart.js"]);
            if (_ended) return;
            _view = await _module.InvokeAsync<IJSObjectReference>("create", _root, _self, "./" + Assets["lib/uPlot.esm.js"], CultureInfo.CurrentCulture.Name);
        }

        if (_view is null || _ended) return;
        using var payload = new DotNetStreamReference(new MemoryStream(view.ToPayload()));
        await _view.InvokeVoidAsync("show", payload);
    }

    /// <summary>What a screen reader says: title and the newest value of each line.</summary>
    private string Spoken(MetricChart chart)
    {
        var drawn = View.Charts.FirstOrDefault(one => one.Id == chart.Id);
        var latest = chart.Lines.Select((line, i) => $"{line.Label} {drawn?.Lines.ElementAtOrDefault(i)?.Text ?? T["NoData"]}").Take(12);
        return $"{chart.Title}: {string.Join(", ", latest)}";
    }

    public async ValueTask DisposeAsync()
    {
        _ended = true;
        if (!_drawing) await ReleaseAsync();
    }

    private async Task ReleaseAsync()
    {
        var (view, module, self) = (_view, _module, _self);
        (_view, _module, _self) = (null, null, null);
        try
        {
            if (view is not null)
            {
                await view.InvokeVoidAsync("dispose");
                await view.DisposeAsync();
            }

            if (module is not null) await module.DisposeAsync();
        }
        catch (Exception exception) when (exception is JSDisconnectedException or TaskCanceledException)
        {
            view = null; // the page has gone
        }

        self?.Dispose();
    }
}
