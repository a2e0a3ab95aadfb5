using System.Diagnostics.Metrics;

namespace BlazorAdmin.Features.Monitor.Application;

/// <summary>A counter as rate per second, or an up-down counter or gauge as its level; summed over its tags.</summary>
/// <param name="rate">True to show how fast it grows.</param>
/// <param name="scale">Shown units per unit of the instrument.</param>
internal sealed class NumberSlot(string key, MetricKind kind, bool rate, double scale = 1) : MeterSlot(new SlotMetric(key, kind))
{
    private double _sum;
    private double _before = double.NaN;
    private bool _observed, _measured;

    public override bool Publish(Instrument? instrument)
    {
        // Observed instruments say the whole each time, the others what was added.
        _observed = instrument is { IsObservable: true };
        return base.Publish(instrument);
    }

    public override void Record(double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        _measured = true;
        double before, after;
        do
        {
            before = Volatile.Read(ref _sum);
            after = before + value;
        }
        while (Interlocked.CompareExchange(ref _sum, after, before) != before);
    }

    public override void Begin()
    {
        if (!_observed) return;
        Volatile.Write(ref _sum, 0);
        _measured = false;
    }

    public override void End(double elapsed, Span<float> values)
    {
        // An observed instrument that says nothing yet, for instance before the first collection, is unknown and not zero.
        var sum = _observed && !_measured ? double.NaN : Volatile.Read(ref _sum);
        if (!rate)
        {
            values[0] = (float)(sum * scale);
            return;
        }
        values[0] = elapsed > 0 && sum >= _before ? (float)((sum - _before) * scale / elapsed) : float.NaN;
        _before = sum;
    }
}
