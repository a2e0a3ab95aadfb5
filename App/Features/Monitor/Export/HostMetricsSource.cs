using System.Buffers;

namespace BlazorAdmin.Features.Monitor.Export;

/// <summary>The last sample of the machine. Names and labels are built once for each version of the catalog.</summary>
public sealed class HostMetricsSource(TickBroadcaster broadcaster) : IMetricsSource
{
    private Plan _plan = new(MetricCatalog.Empty);

    public void Write(PrometheusWriter writer)
    {
        var catalog = broadcaster.Catalog;
        var plan = Volatile.Read(ref _plan);
        if (plan.Catalog != catalog) Volatile.Write(ref _plan, plan = new Plan(catalog));
        var values = ArrayPool<float>.Shared.Rent(Math.Max(catalog.Width, 1));
        try
        {
            Span<double> time = stackalloc double[1];
            var row = values.AsSpan(0, catalog.Width);
            if (broadcaster.Ring.Last is var last && (last == 0 || broadcaster.Ring.Read(last, catalog.Width, time, row).Count == 0)) return;
            foreach (var family in plan.Families)
            {
                writer.Family(family.Name, family.Help, PrometheusType.Gauge);
                // What is unknown at the moment is left out: a gap, not a number.
                foreach (var (head, column, factor) in family.Samples)
                    if (float.IsFinite(row[column])) writer.Sample(head, row[column] * factor);
            }

            writer.Family("blazoradmin_collector_last_sample_timestamp_seconds", "When the machine was last sampled, in Unix time.", PrometheusType.Gauge);
            writer.Sample("blazoradmin_collector_last_sample_timestamp_seconds", time[0] / 1000);
        }
        finally
        {
            ArrayPool<float>.Shared.Return(values);
        }
    }

    private sealed record Family(string Name, string Help, IReadOnlyList<(byte[] Head, int Column, float Factor)> Samples);

    private sealed class Plan(MetricCatalog catalog)
    {
        public MetricCatalog Catalog => catalog;

        public IReadOnlyList<Family> Families { get; } =
        [
            .. catalog.Metrics.Select(ExportedMetric.Of).GroupBy(m => m.Name).Select(group => new Family(
                group.Key, group.First().Help, [.. group.DistinctBy(m => (m.Label, m.LabelValue)).Select(m => (PrometheusWriter.Head(m.Name, m.Label, m.LabelValue), m.Column, m.Factor))])),
        ];
    }
}
