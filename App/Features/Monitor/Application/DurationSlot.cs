namespace BlazorAdmin.Features.Monitor.Application;

/// <summary>What to do with a measured duration.</summary>
internal enum Take
{
    No,
    Yes,
    /// <summary>It counts, and as a failure.</summary>
    Failed,
}

/// <summary>Decides by the tags of a measurement.</summary>
internal delegate Take TakeBy(ReadOnlySpan<KeyValuePair<string, object?>> tags);

/// <summary>A histogram of seconds as a rate per second and as quantiles in microseconds over the last ten seconds.</summary>
/// <param name="rate">Key of the rate.</param>
/// <param name="median">Key of the median; null to leave it out.</param>
/// <param name="late">Key of the duration that 95 of 100 stay within.</param>
/// <param name="failures">Key of the rate of those that failed; null to leave it out.</param>
/// <param name="take">Null to take all.</param>
internal sealed class DurationSlot(string rate, string? median, string late, string? failures = null, TakeBy? take = null) : MeterSlot(Keys(rate, median, late, failures))
{
    private readonly DurationSketch _sketch = new();
    private long _failed;

    public override void Record(double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var taken = take?.Invoke(tags) ?? Take.Yes;
        if (taken == Take.No) return;
        if (taken == Take.Failed) Interlocked.Increment(ref _failed);
        _sketch.Record(value);
    }

    public override void End(double elapsed, Span<float> values)
    {
        var count = _sketch.Turn();
        var failed = Interlocked.Exchange(ref _failed, 0);
        var at = 0;
        values[at++] = elapsed > 0 ? (float)(count / elapsed) : float.NaN;
        if (median is not null) values[at++] = (float)(_sketch.Quantile(0.5) * 1e6);
        values[at++] = (float)(_sketch.Quantile(0.95) * 1e6);
        if (failures is not null) values[at] = elapsed > 0 ? (float)(failed / elapsed) : float.NaN;
    }

    private static SlotMetric[] Keys(string rate, string? median, string late, string? failures)
    {
        var keys = new List<SlotMetric> { new(rate, MetricKind.PerSecond) };
        if (median is not null) keys.Add(new SlotMetric(median, MetricKind.Microseconds));
        keys.Add(new SlotMetric(late, MetricKind.Microseconds));
        if (failures is not null) keys.Add(new SlotMetric(failures, MetricKind.PerSecond));
        return [.. keys];
    }
}
