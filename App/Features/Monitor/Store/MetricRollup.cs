namespace BlazorAdmin.Features.Monitor.Store;

/// <summary>The finite samples of one step of a rollup level, drawn together.</summary>
/// <param name="At">Start of the step, Unix milliseconds.</param>
/// <param name="Count">Samples; at least one.</param>
/// <param name="Min">Exact, as is the largest.</param>
public sealed record MetricRollup(long At, int Count, float Min, float Max, float Mean, MetricSketch Sketch)
{
    /// <summary>One rollup for each step that has a finite sample.</summary>
    /// <param name="times">Unix milliseconds, ascending; NaN among the values is no sample.</param>
    internal static List<MetricRollup> Of(ReadOnlySpan<long> times, ReadOnlySpan<float> values, long step)
    {
        var rollups = new List<MetricRollup>();
        var first = 0;
        while (first < times.Length)
        {
            var at = MetricLevels.Floor(times[first], step);
            var end = first + 1;
            while (end < times.Length && times[end] < at + step) end++;
            if (Of(at, values[first..end]) is { } rollup) rollups.Add(rollup);
            first = end;
        }
        return rollups;
    }

    /// <summary>All of them as one; null if there are none.</summary>
    internal static MetricRollup? Merge(long at, IReadOnlyCollection<MetricRollup> parts, MetricSketchSum sum)
    {
        if (parts.Count == 0) return null;
        sum.Clear();
        long count = 0;
        var (min, max, total) = (float.MaxValue, float.MinValue, 0.0);
        foreach (var part in parts)
        {
            count += part.Count;
            min = Math.Min(min, part.Min);
            max = Math.Max(max, part.Max);
            total += (double)part.Mean * part.Count;
            sum.Add(part.Sketch);
        }
        return new MetricRollup(at, (int)count, min, max, MeanOf(total, count, min, max), sum.ToSketch());
    }

    private static MetricRollup? Of(long at, ReadOnlySpan<float> values)
    {
        var count = 0;
        var (min, max, total) = (float.MaxValue, float.MinValue, 0.0);
        foreach (var value in values)
        {
            if (!float.IsFinite(value)) continue;
            count++;
            total += value;
            if (value < min) min = value;
            if (value > max) max = value;
        }
        return count == 0 ? null : new MetricRollup(at, count, min, max, MeanOf(total, count, min, max), MetricSketch.Of(values));
    }

    // Rounding to 32 bits must not put the mean outside of the numbers it is of.
    private static float MeanOf(double total, long count, float min, float max) => Math.Clamp((float)(total / count), min, max);
}
