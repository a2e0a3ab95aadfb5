namespace BlazorAdmin.Live;

/// <summary>
/// Runs an action at most once an interval however often it is asked for: at once when it has been quiet, and once more at
/// the end of the interval if something came meanwhile. Runs never overlap.
/// </summary>
public sealed class Throttle(TimeSpan interval, Func<CancellationToken, Task> action, TimeProvider time, Action<Exception> onError) : IAsyncDisposable
{
    private readonly CancellationTokenSource _ended = new();
    private readonly Lock _lock = new();
    private Task _loop = Task.CompletedTask;
    private bool _wanted;
    private bool _running;

    /// <summary>Asks for a run.</summary>
    public void Signal()
    {
        lock (_lock)
        {
            _wanted = true;
            if (_running || _ended.IsCancellationRequested) return;
            _running = true;
            _loop = Task.Run(RunAsync);
        }
    }

    private async Task RunAsync()
    {
        try
        {
            while (true)
            {
                lock (_lock)
                {
                    if (!_wanted || _ended.IsCancellationRequested)
                    {
                        _running = false;
                        return;
                    }

                    _wanted = false;
                }

                try
                {
                    await action(_ended.Token);
                }
                catch (Exception exception) when (exception is not OperationCanceledException)
                {
                    onError(exception);
                }

                await Task.Delay(interval, time, _ended.Token);
            }
        }
        catch (OperationCanceledException) when (_ended.IsCancellationRequested)
        {
            lock (_lock) _running = false;
        }
    }

    public async ValueTask DisposeAsync()
    {
        Task loop;
        lock (_lock)
        {
            if (_ended.IsCancellationRequested) return;
            _ended.Cancel();
            loop = _loop;
        }

        await loop;
        _ended.Dispose();
    }
}
