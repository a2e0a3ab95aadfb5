namespace BlazorAdmin.Features.Monitor.Store;

/// <summary>One line of an export: a sample, or a rollup of several.</summary>
/// <param name="Time">Of the sample, or the start of the rollup.</param>
/// <param name="Count">Samples.</param>
internal sealed record MetricExportRow(string Node, string Key, string Unit, MetricLevel Level, DateTimeOffset Time, float Min, float Mean, float Max, long Count);

/// <summary>Every point of one series in a part of an export.</summary>
internal sealed class ExportScan(MetricRange range, MetricLevel level, MetricSeries series) : MetricScan
{
    private readonly string _unit = new Metric(0, series.Key, series.Family, series.Device, series.Kind).Unit;
    private SampleLine _samples = new();
    private LineBuilder? _points;

    public override void Begin()
    {
        if (level == MetricLevel.Raw) _samples = new SampleLine();
        else _points = new LineBuilder(range.From.ToUnixTimeMilliseconds(), range.To.ToUnixTimeMilliseconds(), level.Step());
    }

    public override void Sample(int series, long at, float value)
    {
        if (_points is null) _samples.Add(at, value);
        else _points.Add(at, value);
    }

    public override void Rollup(int series, MetricRollup rollup) => _points!.Add(rollup);

    public List<MetricExportRow> Rows()
    {
        if (_points is null) return [.. _samples.Samples.Select(s => Row(s.At, 1, s.Value, s.Value, s.Value))];
        var rows = new List<MetricExportRow>();
        _points.Each((at, count, min, max, mean) => rows.Add(Row(at, count, min, max, mean)));
        return rows;
    }

    private MetricExportRow Row(long at, long count, float min, float max, float mean) =>
        new(series.Node, series.Key, _unit, level, MetricLevels.At(at), min, mean, max, count);
}
