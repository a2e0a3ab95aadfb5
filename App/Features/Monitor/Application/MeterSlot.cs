using System.Diagnostics.Metrics;

namespace BlazorAdmin.Features.Monitor.Application;

/// <summary>One number that is made from an instrument.</summary>
internal readonly record struct SlotMetric(string Key, MetricKind Kind);

/// <summary>Takes the measurements of one instrument and makes metrics from them once a second. Recording runs on the thread that measures.</summary>
internal abstract class MeterSlot(params SlotMetric[] metrics)
{
    private int _published;

    public IReadOnlyList<SlotMetric> Metrics { get; } = metrics;

    /// <summary>Where its first metric stands among all.</summary>
    public int Offset { get; set; }

    /// <summary>True once the instrument exists in this process; before, its metrics are absent.</summary>
    public bool IsPublished => Volatile.Read(ref _published) != 0;

    /// <returns>True for the first instrument.</returns>
    public virtual bool Publish(Instrument? instrument) => Interlocked.Exchange(ref _published, 1) == 0;

    public abstract void Record(double value, ReadOnlySpan<KeyValuePair<string, object?>> tags);

    /// <summary>Observed instruments are about to be asked.</summary>
    public virtual void Begin() { }

    /// <param name="elapsed">Seconds since the last call; NaN at the first.</param>
    /// <param name="values">One place per metric.</param>
    public abstract void End(double elapsed, Span<float> values);
}
