namespace BlazorAdmin.Features.Monitor.Store;

/// <summary>A span of time, the start inside and the end outside.</summary>
public sealed record MetricRange(DateTimeOffset From, DateTimeOffset To)
{
    public TimeSpan Length => To - From;

    /// <summary>A range of the same length that much earlier, to compare with.</summary>
    public MetricRange Earlier(TimeSpan by) => new(From - by, To - by);
}

/// <summary>One metric over a range. All four arrays have the same length; a gap in the measurement is one point of NaN.</summary>
/// <param name="Times">Unix milliseconds, ascending.</param>
/// <param name="Min">In the unit of <paramref name="Kind"/>; raw samples have the same number in all three.</param>
public sealed record MetricLine(string Key, MetricKind Kind, double[] Times, float[] Min, float[] Max, float[] Mean);

/// <param name="Level">What was read; its numbers may have been drawn together.</param>
/// <param name="Lines">One for each known key asked for, in that order; without points where nothing was measured.</param>
public sealed record MetricHistoryPage(MetricLevel Level, IReadOnlyList<MetricLine> Lines);

/// <summary>Figures of one metric over a range.</summary>
/// <param name="Count">Samples; with none all figures are NaN.</param>
/// <param name="Min">Exact, as is the largest.</param>
/// <param name="P50">As all percentiles within 1 % of the true one, from merged sketches (<see cref="MetricSketch"/>).</param>
/// <param name="TrendPerHour">Change per hour in the metric's unit: Theil-Sen slope (<see cref="TheilSen"/>); null with fewer than eight points.</param>
public sealed record MetricStatistics(
    string Key, MetricKind Kind, long Count, double Mean, double Min, double Max, double P50, double P90, double P95, double P99, double? TrendPerHour);
