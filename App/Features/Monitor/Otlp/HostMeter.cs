using System.Diagnostics.Metrics;
using BlazorAdmin.Features.Monitor.Export;

namespace BlazorAdmin.Features.Monitor.Otlp;

/// <summary>The last sample of the machine as instruments of a meter, under the names of <c>/metrics</c>. A name has its instrument from its first appearance on.</summary>
internal sealed class HostMeter : IDisposable
{
    public const string Name = "BlazorAdmin.Host";

    private readonly TickBroadcaster _broadcaster;
    private readonly Meter _meter = new(Name);
    private readonly HashSet<string> _known = [];
    private readonly Lock _lock = new();
    private Dictionary<string, ExportedMetric[]> _byName = [];

    public HostMeter(TickBroadcaster broadcaster)
    {
        _broadcaster = broadcaster;
        broadcaster.CatalogChanged += Follow;
        Follow();
    }

    public void Dispose()
    {
        _broadcaster.CatalogChanged -= Follow;
        _meter.Dispose();
    }

    private void Follow()
    {
        lock (_lock)
        {
            var byName = _broadcaster.Catalog.Metrics.Select(ExportedMetric.Of).GroupBy(metric => metric.Name).ToDictionary(group => group.Key, group => group.ToArray());
            Volatile.Write(ref _byName, byName);
            foreach (var (name, metrics) in byName)
                if (_known.Add(name)) _meter.CreateObservableGauge(name, () => Read(name), description: metrics[0].Help);
        }
    }

    private IEnumerable<Measurement<double>> Read(string name)
    {
        if (!Volatile.Read(ref _byName).TryGetValue(name, out var metrics)) return [];
        var values = new float[_broadcaster.Catalog.Width];
        Span<double> time = stackalloc double[1];
        if (_broadcaster.Ring.Last is var last && (last == 0 || _broadcaster.Ring.Read(last, values.Length, time, values).Count == 0)) return [];
        // What is unknown at the moment is left out: a gap, not a number.
        return
        [
            .. metrics.Where(metric => metric.Column < values.Length && float.IsFinite(values[metric.Column]))
                .Select(metric => metric.Label is { } label
                    ? new Measurement<double>(values[metric.Column] * metric.Factor, new KeyValuePair<string, object?>(label, metric.LabelValue))
                    : new Measurement<double>(values[metric.Column] * metric.Factor)),
        ];
    }
}
