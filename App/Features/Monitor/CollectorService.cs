using Microsoft.Extensions.Options;

namespace BlazorAdmin.Features.Monitor;

/// <summary>
/// Samples the machine at a fixed interval for as long as the portal runs, into the ring and to whoever watches.
/// The interval follows the settings while running. A failing sample is logged and never ends the loop.
/// </summary>
public sealed class CollectorService(
    HostCollector collector,
    TickBroadcaster broadcaster,
    IOptionsMonitor<MonitorOptions> options,
    TimeProvider time,
    ILogger<CollectorService> logger) : BackgroundService
{
    private readonly float[] _row = new float[MetricCatalog.MaxColumns];
    private long _lastTick;
    private long _missed;
    private bool _failing;

    /// <summary>Time since the last sample; null before the first one.</summary>
    public TimeSpan? SinceLastSample => Volatile.Read(ref _lastTick) is var last and not 0 ? time.GetElapsedTime(last) : null;

    /// <summary>Samples that fell out because the machine was too busy or asleep.</summary>
    public long Missed => Interlocked.Read(ref _missed);

    /// <summary>How long the last sample took, from the first read to the last viewer.</summary>
    public TimeSpan LastDuration { get; private set; }

    /// <inheritdoc />
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var period = Period(options.CurrentValue);
        using var timer = new PeriodicTimer(period, time);
        using var change = options.OnChange(changed =>
        {
            var wanted = Period(changed);
            if (timer.Period == wanted) return;
            timer.Period = wanted;
            logger.IntervalChanged((int)wanted.TotalMilliseconds);
        });
        try
        {
            do Tick(timer.Period);
            while (await timer.WaitForNextTickAsync(stoppingToken));
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            logger.CollectorStopped();
        }
    }

    private void Tick(TimeSpan period)
    {
        var started = time.GetTimestamp();
        try
        {
            CountMissed(started, period);
            Sample(started);
            _failing = false;
        }
        catch (Exception error)
        {
            if (!_failing) logger.SampleFailed(error);
            _failing = true;
        }
        Volatile.Write(ref _lastTick, started);
    }

    private void Sample(long started)
    {
        collector.Sample(_row, started / (double)time.TimestampFrequency);
        var catalog = collector.Catalog;
        var values = _row.AsSpan(0, catalog.Width);
        var now = (time.GetUtcNow() - DateTimeOffset.UnixEpoch).TotalMilliseconds;
        var sequence = broadcaster.Ring.Append(now, values);
        broadcaster.Publish(catalog, sequence, now, values);
        LastDuration = time.GetElapsedTime(started);
    }

    private void CountMissed(long started, TimeSpan period)
    {
        if (_lastTick == 0) return;
        var late = (int)Math.Round(time.GetElapsedTime(_lastTick, started) / period) - 1;
        if (late > 0) Interlocked.Add(ref _missed, late);
    }

    private static TimeSpan Period(MonitorOptions options) => TimeSpan.FromMilliseconds(options.IntervalMilliseconds);
}
