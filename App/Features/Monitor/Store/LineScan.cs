namespace BlazorAdmin.Features.Monitor.Store;

/// <summary>Makes a chart's lines out of what is read.</summary>
internal sealed class LineScan(MetricRange range, MetricLevel level, IReadOnlyList<MetricSeries> series, int interval, int maxPoints) : MetricScan
{
    private SampleLine[] _samples = [];
    private LineBuilder[] _points = [];

    public override void Begin()
    {
        if (level == MetricLevel.Raw)
        {
            _samples = [.. series.Select(_ => new SampleLine())];
            return;
        }
        var step = MetricLevels.StepFor(range, level, maxPoints);
        _points = [.. series.Select(_ => new LineBuilder(range.From.ToUnixTimeMilliseconds(), range.To.ToUnixTimeMilliseconds(), step))];
    }

    public override void Sample(int series, long at, float value)
    {
        if (level == MetricLevel.Raw) _samples[series].Add(at, value);
        else _points[series].Add(at, value);
    }

    public override void Rollup(int series, MetricRollup rollup) => _points[series].Add(rollup);

    public IReadOnlyList<MetricLine> Lines() => [.. series.Select((s, i) => level == MetricLevel.Raw
        ? _samples[i].ToLine(s.Key, s.Kind, range, interval, maxPoints)
        : _points[i].ToLine(s.Key, s.Kind))];
}
