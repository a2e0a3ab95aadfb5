namespace BlazorAdmin.Features.Monitor.Store;

/// <summary>Figures of each series: exact count, mean and extremes, percentiles from merged sketches, slope of the means over time.</summary>
internal sealed class StatisticsScan(MetricRange range, MetricLevel level, IReadOnlyList<MetricSeries> series) : MetricScan
{
    private const double Hour = 3_600_000;

    private Sums[] _sums = [];

    public override bool NeedsSketches => true;

    public override void Begin()
    {
        var step = MetricLevels.StepFor(range, level, TheilSen.MostPoints);
        _sums = [.. series.Select(_ => new Sums(new LineBuilder(range.From.ToUnixTimeMilliseconds(), range.To.ToUnixTimeMilliseconds(), step)))];
    }

    public override void Sample(int series, long at, float value)
    {
        if (float.IsFinite(value)) _sums[series].Add(at, value);
    }

    public override void Rollup(int series, MetricRollup rollup) => _sums[series].Add(rollup);

    public IReadOnlyList<MetricStatistics> Statistics() => [.. series.Select((s, i) => _sums[i].ToStatistics(s))];

    private sealed class Sums(LineBuilder line)
    {
        private readonly MetricSketchSum _sketch = new();
        private long _count;
        private double _total;
        private double _min = double.PositiveInfinity, _max = double.NegativeInfinity;

        public void Add(long at, float value)
        {
            Count(1, value, value, value);
            _sketch.Add(value);
            line.Add(at, value);
        }

        public void Add(MetricRollup rollup)
        {
            Count(rollup.Count, (double)rollup.Mean * rollup.Count, rollup.Min, rollup.Max);
            _sketch.Add(rollup.Sketch);
            line.Add(rollup);
        }

        public MetricStatistics ToStatistics(MetricSeries of) => _count == 0
            ? new MetricStatistics(of.Key, of.Kind, 0, double.NaN, double.NaN, double.NaN, double.NaN, double.NaN, double.NaN, double.NaN, null)
            : new MetricStatistics(of.Key, of.Kind, _count, Math.Clamp(_total / _count, _min, _max), _min, _max, At(0.5), At(0.9), At(0.95), At(0.99), Trend());

        private void Count(long count, double total, float min, float max)
        {
            _count += count;
            _total += total;
            _min = Math.Min(_min, min);
            _max = Math.Max(_max, max);
        }

        // The bucket's number may lie beyond the extremes, which are exact.
        private double At(double share) => Math.Clamp(_sketch.Quantile(share), _min, _max);

        private double? Trend()
        {
            var points = new List<(double, double)>();
            line.Each((at, _, _, _, mean) => points.Add((at / Hour, mean)));
            return TheilSen.Slope(points);
        }
    }
}
