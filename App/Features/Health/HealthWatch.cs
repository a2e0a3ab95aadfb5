using System.Collections.Immutable;
using BlazorAdmin.Data;
using BlazorAdmin.Live;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Options;

namespace BlazorAdmin.Features.Health;

/// <summary>One component as the last run found it.</summary>
/// <param name="Since">When it came into this state, as far as this process knows.</param>
/// <param name="Description">What the check says; null if it has nothing to say.</param>
public sealed record ComponentHealth(string Name, HealthStatus Status, DateTimeOffset Since, DateTimeOffset CheckedAt, TimeSpan Duration, string? Description, IReadOnlyDictionary<string, object> Data);

/// <summary>Runs all checks of this node every minute, more often while somebody looks, and knows since when each state holds.</summary>
public sealed class HealthWatch(
    HealthCheckService checks, DatabaseState database, NodeInfo node, IOptionsMonitor<HealthOptions> options, Topic<HealthChanged> topic, TimeProvider time, ILogger<HealthWatch> log) : BackgroundService
{
    private static readonly TimeSpan Step = TimeSpan.FromSeconds(1);

    private readonly SemaphoreSlim _running = new(1, 1);
    private ImmutableSortedDictionary<string, ComponentHealth> _components = ImmutableSortedDictionary<string, ComponentHealth>.Empty.WithComparers(StringComparer.Ordinal);
    private long _ranAt;
    private int _watchers;

    /// <summary>By name; empty before the first run.</summary>
    public IReadOnlyCollection<ComponentHealth> Components => [.. Volatile.Read(ref _components).Values];

    public int Watchers => Volatile.Read(ref _watchers);

    /// <summary>Somebody looks until the result is disposed of.</summary>
    public IDisposable Watch()
    {
        Interlocked.Increment(ref _watchers);
        return new Watcher(this);
    }

    /// <summary>Runs all checks now. Who asks while they run waits for a run of their own.</summary>
    public async Task RunAsync(CancellationToken cancellation)
    {
        await _running.WaitAsync(cancellation);
        try
        {
            var report = await checks.CheckHealthAsync(cancellation);
            Volatile.Write(ref _ranAt, time.GetTimestamp());
            var now = time.GetUtcNow();
            foreach (var (name, entry) in report.Entries) Note(name, entry, now);
        }
        finally
        {
            _running.Release();
        }

        topic.PublishHere(new HealthChanged(node.Name));
    }

    public override void Dispose()
    {
        _running.Dispose();
        base.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            await database.WhenReady(stoppingToken);
            using var timer = new PeriodicTimer(Step, time);
            while (await timer.WaitForNextTickAsync(stoppingToken))
                if (IsDue()) await TickAsync(stoppingToken);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            return; // nothing is half done
        }
    }

    private bool IsDue()
    {
        if (_ranAt == 0) return true;
        var limits = options.CurrentValue;
        return time.GetElapsedTime(Volatile.Read(ref _ranAt)) >= TimeSpan.FromSeconds(Watchers > 0 ? Math.Min(limits.WatchedSeconds, limits.IntervalSeconds) : limits.IntervalSeconds);
    }

    private async Task TickAsync(CancellationToken cancellation)
    {
        try
        {
            await RunAsync(cancellation);
        }
        catch (Exception exception) when (!cancellation.IsCancellationRequested)
        {
            HealthLog.RunFailed(log, exception);
        }
    }

    private void Note(string name, HealthReportEntry entry, DateTimeOffset now)
    {
        var before = _components.GetValueOrDefault(name);
        var since = before?.Status == entry.Status ? before.Since : now;
        _components = _components.SetItem(name, new ComponentHealth(name, entry.Status, since, now, entry.Duration, entry.Description, entry.Data));
        if (before is null ? entry.Status != HealthStatus.Healthy : before.Status != entry.Status)
            HealthLog.Changed(log, entry.Status == HealthStatus.Healthy ? LogLevel.Information : LogLevel.Warning, name, entry.Status, entry.Description);
    }

    private sealed class Watcher(HealthWatch watch) : IDisposable
    {
        private int _ended;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _ended, 1) == 0) Interlocked.Decrement(ref watch._watchers);
        }
    }
}
