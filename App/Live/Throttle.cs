namespace BlazorAdmin.Live;

/// <summary>
/// Runs an action at most once an interval however often it is asked for: at once when it has been quiet, and once more at
/// the end of the interval if something came meanwhile. Runs never overlap, and none begins after disposal.
/// </summary>
public sealed class Throttle(TimeSpan interval, Func<CancellationToken, Task> action, TimeProvider time, Action<Exception> onError) : IAsyncDisposable
{
    private readonly CancellationTokenSource _ended = new();
    private readonly Lock _lock = new();
    private Task _loop = Task.CompletedTask;
    private bool _wanted;
    private bool _running;
    private bool _disposed;

    /// <summary>Asks for a run; cheap, from any thread.</summary>
    public void Signal()
    {
        lock (_lock)
        {
            if (_disposed) return;
            _wanted = true;
            if (_running) return;
            _running = true;
            // The run is nobody's in particular: it must not inherit the signaller's culture, audit scope or trace.
            using (ExecutionContext.SuppressFlow()) _loop = Task.Run(RunAsync);
        }
    }

    private async Task RunAsync()
    {
        while (Take())
        {
            try
            {
                await action(_ended.Token);
            }
            catch (Exception exception) when (!_ended.IsCancellationRequested)
            {
                onError(exception);
            }
            catch (Exception) when (_ended.IsCancellationRequested)
            {
                return;
            }

            await Task.Delay(interval, time, _ended.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private bool Take()
    {
        lock (_lock)
        {
            _running = _wanted && !_disposed;
            _wanted = false;
            return _running;
        }
    }

    /// <summary>Cancels a run in progress and waits for its end; not to be awaited by the action itself.</summary>
    public async ValueTask DisposeAsync()
    {
        Task loop;
        lock (_lock)
        {
            if (_disposed) return;
            _disposed = true;
            loop = _loop;
        }

        await _ended.CancelAsync();
        await loop;
        _ended.Dispose();
    }
}
