using Microsoft.AspNetCore.Components;
using Microsoft.JSInterop;

namespace BlazorAdmin.Live;

/// <summary>Keeps <see cref="PageVisibility"/> true to the browser. Stands once, in the layout; renders nothing.</summary>
public sealed class VisibilityWatcher : ComponentBase, IAsyncDisposable
{
    private DotNetObjectReference<VisibilityWatcher>? _self;
    private IJSObjectReference? _module;
    private IJSObjectReference? _watch;
    private bool _disposed;

    [Inject] private PageVisibility Visibility { get; init; } = null!;

    [Inject] private IJSRuntime Browser { get; init; } = null!;

    [Inject] private ILogger<VisibilityWatcher> Log { get; init; } = null!;

    [JSInvokable]
    public void SetHidden(bool hidden) => Visibility.Set(hidden);

    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (!firstRender) return;
        try
        {
            _module = await Browser.InvokeAsync<IJSObjectReference>("import", "./" + Assets["js/visibility.js"]);
            if (!_disposed) _watch = await _module.InvokeAsync<IJSObjectReference>("watch", _self = DotNetObjectReference.Create(this));
        }
        catch (JSException exception)
        {
            // Then the page counts as seen; that only costs more.
            LiveLog.VisibilityUnknown(Log, exception);
        }
        catch (Exception exception) when (exception is JSDisconnectedException or OperationCanceledException)
        {
            _disposed = true;
        }

        if (_disposed) await ReleaseAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (_disposed) return;
        _disposed = true;
        await ReleaseAsync();
    }

    private async Task ReleaseAsync()
    {
        try
        {
            if (_watch is not null)
            {
                await _watch.InvokeVoidAsync("stop");
                await _watch.DisposeAsync();
            }

            if (_module is not null) await _module.DisposeAsync();
        }
        catch (Exception exception) when (exception is JSDisconnectedException or OperationCanceledException)
        {
            // The browser went first and took its listeners with it.
            _watch = null;
        }

        _self?.Dispose();
    }
}
