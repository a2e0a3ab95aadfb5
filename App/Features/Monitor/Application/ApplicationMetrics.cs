using System.Diagnostics.Metrics;
using Microsoft.Extensions.Options;

namespace BlazorAdmin.Features.Monitor.Application;

/// <summary>
/// Listens to the meters of the framework and of the portal for as long as it runs, and makes rates, levels and quantiles
/// from them once a second. Measurements go into fixed arrays: what they cost does not grow with load.
/// </summary>
public sealed class ApplicationMetrics(IOptionsMonitor<MonitorOptions> options, TimeProvider time, ILogger<ApplicationMetrics> logger) : BackgroundService
{
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(1);

    private readonly ApplicationInstruments _instruments = new();
    private readonly MeterListener _listener = new();
    private float[] _values = [];
    private int _version;
    private double _last = double.NaN;
    private volatile bool _hasDriverMeter;
    private bool _failing;

    /// <summary>Every slot, whether its instrument exists yet or not.</summary>
    internal IReadOnlyList<MeterSlot> Slots => _instruments.All;

    /// <summary>Grows when an instrument appears.</summary>
    internal int Version => Volatile.Read(ref _version);

    /// <summary>The numbers of the last second, at <see cref="MeterSlot.Offset"/>; empty before the first. Never written again.</summary>
    internal float[] Values => Volatile.Read(ref _values);

    /// <inheritdoc />
    public override Task StartAsync(CancellationToken cancellationToken)
    {
        Listen();
        return base.StartAsync(cancellationToken);
    }

    /// <summary>Counts a command of a driver that has no meter of its own.</summary>
    internal void Command(TimeSpan duration)
    {
        if (_hasDriverMeter) return;
        if (_instruments.Database.Publish(null)) Interlocked.Increment(ref _version);
        _instruments.Database.Record(duration.TotalSeconds, []);
    }

    internal void Listen()
    {
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (_instruments.Find(instrument.Meter.Name, instrument.Name) is not { } slot) return;
            if (slot == _instruments.Database) _hasDriverMeter = true;
            if (slot.Publish(instrument)) Interlocked.Increment(ref _version);
            listener.EnableMeasurementEvents(instrument, slot);
        };
        _listener.SetMeasurementEventCallback<double>(static (_, value, tags, slot) => ((MeterSlot)slot!).Record(value, tags));
        _listener.SetMeasurementEventCallback<long>(static (_, value, tags, slot) => ((MeterSlot)slot!).Record(value, tags));
        _listener.SetMeasurementEventCallback<int>(static (_, value, tags, slot) => ((MeterSlot)slot!).Record(value, tags));
        _listener.Start();
    }

    /// <summary>Makes the numbers of the time since the last call.</summary>
    /// <param name="now">Monotonic time in seconds.</param>
    internal void Collect(double now)
    {
        var elapsed = now - _last;
        _last = now;
        foreach (var slot in _instruments.All) slot.Begin();
        _listener.RecordObservableInstruments();
        var values = new float[_instruments.Count];
        foreach (var slot in _instruments.All) slot.End(elapsed, values.AsSpan(slot.Offset, slot.Metrics.Count));
        Volatile.Write(ref _values, values);
    }

    /// <inheritdoc />
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Period, time);
        try
        {
            do TryCollect();
            while (await timer.WaitForNextTickAsync(stoppingToken));
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            logger.CollectorStopped();
        }
    }

    private void TryCollect()
    {
        if (!options.CurrentValue.Collects(MetricFamily.Application)) return;
        try
        {
            Collect(time.GetTimestamp() / (double)time.TimestampFrequency);
            _failing = false;
        }
        catch (Exception error)
        {
            // A callback of somebody's instrument threw: the others' numbers come with the next second.
            if (!_failing) logger.ApplicationFailed(error);
            _failing = true;
        }
    }

    /// <inheritdoc />
    public override void Dispose()
    {
        _listener.Dispose();
        base.Dispose();
    }
}
