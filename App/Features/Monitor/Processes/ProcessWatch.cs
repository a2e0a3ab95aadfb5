using Microsoft.Extensions.Options;

namespace BlazorAdmin.Features.Monitor.Processes;

/// <summary>
/// The processes of this machine, read once a second while somebody watches and not at all otherwise: walking them costs
/// more than all other families together.
/// </summary>
public sealed class ProcessWatch : IAsyncDisposable
{
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(1);

    private readonly IOptionsMonitor<MonitorOptions> _options;
    private readonly TimeProvider _time;
    private readonly ILogger<ProcessWatch> _logger;
    private readonly Lock _gate = new();
    private Action[] _watchers = [];
    private CancellationTokenSource? _stop;
    private Task _loop = Task.CompletedTask;
    private ProcessSnapshot? _current;

    public ProcessWatch(IOptionsMonitor<MonitorOptions> options, TimeProvider time, ILogger<ProcessWatch> logger)
    {
        (_options, _time, _logger) = (options, time, logger);
        Root = options.CurrentValue.HostRoot;
        IsPossible = ProcessSampler.IsPossible(Root);
    }

    /// <summary>As in <see cref="MonitorOptions.HostRoot"/> when the portal started.</summary>
    public string Root { get; }

    /// <summary>False on machines whose processes cannot be read.</summary>
    public bool IsPossible { get; }

    /// <summary>False while the settings switch the list off.</summary>
    public bool IsOn => _options.CurrentValue.Collects(MonitorOptions.Processes);

    /// <summary>Pages that watch.</summary>
    public int Watchers => Volatile.Read(ref _watchers).Length;

    /// <summary>The last reading; null while nobody watches, or before the first.</summary>
    public ProcessSnapshot? Current => Volatile.Read(ref _current);

    /// <summary>Calls back after every reading until the result is disposed; the first watcher starts the readings, the last one ends them.</summary>
    /// <param name="sampled">Must be short; runs on the reading's thread.</param>
    public IDisposable Watch(Action sampled)
    {
        lock (_gate)
        {
            _watchers = [.. _watchers, sampled];
            if (_watchers.Length == 1 && IsPossible)
            {
                _stop = new CancellationTokenSource();
                _loop = RunAsync(_loop, _stop.Token);
            }
        }
        return new Watching(this, sampled);
    }

    private void Leave(Action sampled)
    {
        lock (_gate)
        {
            var at = Array.IndexOf(_watchers, sampled);
            if (at < 0) return;
            _watchers = [.. _watchers[..at], .. _watchers[(at + 1)..]];
            if (_watchers.Length > 0) return;
            _stop?.Cancel();
            _stop?.Dispose();
            _stop = null;
        }
    }

    private async Task RunAsync(Task before, CancellationToken stop)
    {
        // The readings of an earlier watcher may be in their last round.
        await before;
        await Task.Yield();
        using var sampler = new ProcessSampler(Root);
        using var timer = new PeriodicTimer(Period, _time);
        var failing = false;
        try
        {
            do
            {
                if (stop.IsCancellationRequested) break;
                failing = Sample(sampler, failing);
            }
            while (await timer.WaitForNextTickAsync(stop));
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            _logger.ProcessesRest();
        }
        Volatile.Write(ref _current, null);
    }

    /// <returns>True when it failed, which is reported once.</returns>
    private bool Sample(ProcessSampler sampler, bool failing)
    {
        try
        {
            Volatile.Write(ref _current, IsOn ? sampler.Sample(_time.GetTimestamp() / (double)_time.TimestampFrequency, _time.GetUtcNow()) : null);
            foreach (var watcher in Volatile.Read(ref _watchers)) watcher();
            return false;
        }
        catch (Exception error)
        {
            if (!failing) _logger.ProcessesFailed(error);
            return true;
        }
    }

    public async ValueTask DisposeAsync()
    {
        Task loop;
        lock (_gate)
        {
            _watchers = [];
            _stop?.Cancel();
            _stop?.Dispose();
            _stop = null;
            loop = _loop;
        }
        await loop;
    }

    private sealed class Watching(ProcessWatch watch, Action sampled) : IDisposable
    {
        private int _ended;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _ended, 1) == 0) watch.Leave(sampled);
        }
    }
}
