namespace BlazorAdmin.Features.Monitor;

/// <summary>What collecting costs: how long the last reading of all families took, and the true time between two readings.</summary>
/// <param name="last">Microseconds of the reading before; NaN until there is one.</param>
internal sealed class CollectorReader(Func<double> last) : HostReader(MetricFamily.Collector)
{
    private double _last = double.NaN;
    private int _duration, _interval;

    protected override bool Find(MetricLayout layout, ProcBuffer buffer)
    {
        _duration = layout.Add(Family, "collector.duration", MetricKind.Microseconds);
        _interval = layout.Add(Family, "collector.interval", MetricKind.Microseconds);
        return true;
    }

    public override void Sample(Span<float> row, double now, ProcBuffer buffer)
    {
        Set(row, _duration, last());
        if (now > _last) Set(row, _interval, (now - _last) * 1e6);
        _last = now;
    }
}
