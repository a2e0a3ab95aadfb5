namespace BlazorAdmin.Features.Monitor.Application;

/// <summary>Puts the portal's own numbers beside those of the machine. They change once a second and stand in between.</summary>
internal sealed class ApplicationReader(ApplicationMetrics metrics) : HostReader(MetricFamily.Application)
{
    private (int Place, int Column)[] _columns = [];
    private int _version;

    protected override bool Find(MetricLayout layout, ProcBuffer buffer)
    {
        _version = metrics.Version;
        var columns = new List<(int, int)>();
        foreach (var slot in metrics.Slots.Where(slot => slot.IsPublished))
            for (var i = 0; i < slot.Metrics.Count; i++)
                columns.Add((slot.Offset + i, layout.Add(Family, slot.Metrics[i].Key, slot.Metrics[i].Kind)));
        _columns = [.. columns];
        return _columns.Length > 0;
    }

    public override void Sample(Span<float> row, double now, ProcBuffer buffer)
    {
        DevicesChanged = metrics.Version != _version;
        var values = metrics.Values;
        if (values.Length == 0) return;
        foreach (var (place, column) in _columns) Set(row, column, values[place]);
    }
}
