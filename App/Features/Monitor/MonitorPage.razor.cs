using Microsoft.AspNetCore.Components;

namespace BlazorAdmin.Features.Monitor;

/// <summary>The machine now: one live chart per family and device. The time shown stands in the address.</summary>
public sealed partial class MonitorPage
{
    private static readonly int[] Windows = [60, 300, 600];

    [SupplyParameterFromQuery(Name = "seconds")]
    private int? Seconds { get; set; }

    private int Shown => Windows.Contains(Seconds ?? 0) ? Seconds!.Value : Windows[0];

    private static string Address(int window) => window == Windows[0] ? "/admin/monitor" : $"/admin/monitor?seconds={window}";

    private string Text(int window) => window < 120 ? T["SecondsShown", window] : T["MinutesShown", window / 60];

    private IEnumerable<ChartDefinition> Charts(MetricCatalog catalog)
    {
        var charts = new List<ChartDefinition>
        {
            ChartDefinition.Of(T["CpuByCore"], Shown, MetricNames.Cores(catalog, T)),
            ChartDefinition.Of(T["Load"], Shown, MetricNames.Lines(catalog, T, ("load.1", "LoadOne"), ("load.5", "LoadFive"), ("load.15", "LoadFifteen"))),
            ChartDefinition.Of(T["Memory"], Shown, MetricNames.Lines(catalog, T, ("memory.used", "MemoryUsed"), ("memory.cache", "MemoryCache"), ("memory.total", "MemoryTotal"))),
            ChartDefinition.Of(T["Swap"], Shown, MetricNames.Lines(catalog, T, ("swap.used", "MemoryUsed"), ("swap.total", "MemoryTotal"))),
            ChartDefinition.Of(T["ContainerMemory"], Shown, MetricNames.Lines(catalog, T, ("container.memory.used", "MemoryUsed"), ("container.memory.limit", "MemoryLimit"))),
        };
        charts.AddRange(MetricNames.Devices(catalog, MetricFamily.Disk).Select(device =>
            ChartDefinition.Of(T["DiskOf", device], Shown, MetricNames.Lines(catalog, T, ($"disk.{device}.read", "Read"), ($"disk.{device}.write", "Written")))));
        charts.AddRange(MetricNames.Devices(catalog, MetricFamily.Network).Select(device =>
            ChartDefinition.Of(T["NetworkOf", device], Shown, MetricNames.Lines(catalog, T, ($"net.{device}.rx", "Received"), ($"net.{device}.tx", "Sent")))));
        return charts.Where(chart => chart.Series.Count > 0);
    }
}
