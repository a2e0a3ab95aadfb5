using System.Globalization;
using BlazorAdmin.Security;
using Microsoft.AspNetCore.Components;
using Microsoft.JSInterop;

namespace BlazorAdmin.Features.Monitor;

/// <summary>
/// The live metrics of one circuit: every chart, sparkline and number of the page shares one stream. It is open only
/// while something is shown, the tab is visible and the connection is up; reopening continues after the last sample
/// that the browser has. All members run on the circuit's dispatcher.
/// </summary>
public sealed class LiveChartStream(
    TickBroadcaster broadcaster,
    Guard guard,
    IJSRuntime js,
    TimeProvider time,
    ILogger<LiveChartStream> logger) : IAsyncDisposable
{
    private readonly HashSet<int> _areas = [];
    private DotNetObjectReference<LiveChartStream>? _self;
    private Task<IJSObjectReference>? _module;
    private Task _reopening = Task.CompletedTask;
    private TickStream? _stream;
    private double _window;
    private int _nextArea;
    private bool _hidden, _disconnected, _disposed;

    /// <summary>True while samples flow to the browser.</summary>
    public bool IsOpen => _stream is not null;

    /// <summary>Whether the person may see the machine's metrics; closes the stream if not (any more).</summary>
    public async Task<bool> VerifyAccessAsync()
    {
        var allowed = await guard.Allows(MonitorPermissions.Read);
        if (!allowed) Close(forget: true);
        return allowed;
    }

    /// <summary>Rights changed: ends the stream if the person may not see the metrics any more, whether or not somebody looks at the page. From any thread.</summary>
    internal async Task EndUnlessAllowedAsync()
    {
        if (_stream is not { } stream) return;
        try
        {
            if (await guard.Allows(MonitorPermissions.Read)) return;
        }
        catch (Exception error)
        {
            // Not known is not allowed.
            logger.RightsUnknown(error);
        }

        stream.Complete();
    }

    /// <summary>Lets the browser draw what the element contains, and opens the stream if it is the first.</summary>
    /// <param name="root">Element with charts, sparklines and numbers, marked by data attributes (see live-chart.js).</param>
    /// <returns>Handle for <see cref="DetachAsync"/>.</returns>
    /// <exception cref="ForbiddenException">The person may not see the machine's metrics.</exception>
    public async Task<int> AttachAsync(ElementReference root, LiveAssets assets)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        await guard.Require(MonitorPermissions.Read);
        var area = ++_nextArea;
        _areas.Add(area);
        try
        {
            var module = await (_module ??= ImportAsync(assets));
            var window = await module.InvokeAsync<double>("attach", area, root);
            if (_areas.Contains(area) && (window > _window || _stream is null)) await OpenAsync(module, window);
            return area;
        }
        catch
        {
            _areas.Remove(area);
            if (_module is { IsFaulted: true }) _module = null;
            throw;
        }
    }

    /// <summary>Stops drawing an area; the last one closes the stream.</summary>
    public async Task DetachAsync(int area)
    {
        if (!_areas.Remove(area) || _disposed) return;
        if (_areas.Count == 0) Close(forget: true);
        if (_module is not { IsCompletedSuccessfully: true } || _disconnected) return;
        try
        {
            await (await _module).InvokeVoidAsync("detach", area);
        }
        catch (Exception error) when (error is JSDisconnectedException or TaskCanceledException)
        {
            _disconnected = true;
        }
    }

    /// <summary>The tab went to the background: it costs nothing from now on.</summary>
    [JSInvokable]
    public void Hidden()
    {
        _hidden = true;
        Close(forget: false);
    }

    /// <summary>The tab is visible again and goes on after the last sample it has.</summary>
    [JSInvokable]
    public Task Visible()
    {
        _hidden = false;
        return ReopenAsync();
    }

    internal void ConnectionDown()
    {
        _disconnected = true;
        Close(forget: false);
    }

    /// <summary>Starts the reopening without waiting for the browser, which answers only after this returns.</summary>
    internal void ConnectionUp()
    {
        if (!_disconnected) return;
        _disconnected = false;
        _reopening = ReopenAsync();
    }

    private async Task ReopenAsync()
    {
        if (_disposed || _hidden || _disconnected || _areas.Count == 0 || _module is not { IsCompletedSuccessfully: true }) return;
        try
        {
            await OpenAsync(await _module, 0);
        }
        catch (Exception error) when (error is JSException or JSDisconnectedException or TaskCanceledException)
        {
            if (!_disconnected && !_disposed) logger.ReopenFailed(error);
        }
    }

    /// <param name="window">Seconds to show from the start; 0 to go on where the browser is.</param>
    private async Task OpenAsync(IJSObjectReference module, double window)
    {
        _window = Math.Max(_window, window);
        if (_hidden || !await guard.Allows(MonitorPermissions.Read)) return;
        var last = window > 0 ? 0 : await module.InvokeAsync<double>("lastSequence");
        if (_disposed || _hidden || _disconnected || _areas.Count == 0) return;
        var start = broadcaster.Since(TimeSpan.FromSeconds(_window), time.GetUtcNow());
        _stream?.Complete();
        _stream = broadcaster.Open(Math.Max(start, (long)last));
        // The runtime disposes it with the stream, after the last byte.
        var reference = new DotNetStreamReference(_stream, leaveOpen: false);
        await module.InvokeVoidAsync("open", reference, window > 0);
    }

    private async Task<IJSObjectReference> ImportAsync(LiveAssets assets)
    {
        _self ??= DotNetObjectReference.Create(this);
        var module = await js.InvokeAsync<IJSObjectReference>("import", assets.Module);
        await module.InvokeVoidAsync("start", _self, assets.Views, assets.Charts, CultureInfo.CurrentCulture.Name);
        return module;
    }

    private void Close(bool forget)
    {
        _stream?.Complete();
        _stream = null;
        if (forget) _window = 0;
    }

    public async ValueTask DisposeAsync()
    {
        if (_disposed) return;
        _disposed = true;
        if (_stream is not null) await _stream.DisposeAsync();
        _stream = null;
        _areas.Clear();
        _self?.Dispose();
        // Without a connection the browser never answers.
        if (_module is not { IsCompletedSuccessfully: true } || _disconnected) return;
        await _reopening;
        try
        {
            var module = await _module;
            await module.InvokeVoidAsync("stop");
            await module.DisposeAsync();
        }
        catch (Exception error) when (error is JSDisconnectedException or TaskCanceledException)
        {
            _disconnected = true;
        }
    }
}
