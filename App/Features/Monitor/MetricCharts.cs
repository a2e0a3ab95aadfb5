using Microsoft.Extensions.Localization;

namespace BlazorAdmin.Features.Monitor;

/// <summary>Which metrics are shown together, in which order and under which names.</summary>
public static class MetricCharts
{
    private static readonly Recipe[] Recipes =
    [
        new(MetricFamily.Cpu, "cpu", "Cpu", "Cpu", ("cpu.total", "CpuTotal")),
        new(MetricFamily.Cpu, "cpu.cores", "CpuByCore", "Cpu", ("cpu.core.{0}", "Core")) { LinePerDevice = true },
        new(MetricFamily.Cpu, "cpu.states", "CpuStates", "Cpu", ("cpu.state.user", "StateUser"), ("cpu.state.nice", "StateNice"), ("cpu.state.system", "StateSystem"),
            ("cpu.state.iowait", "StateIowait"), ("cpu.state.irq", "StateIrq"), ("cpu.state.steal", "StateSteal")),
        new(MetricFamily.Load, "load", "Load", "Cpu", ("load.1", "LoadOne"), ("load.5", "LoadFive"), ("load.15", "LoadFifteen")),
        new(MetricFamily.CpuFrequency, "cpu.frequency", "CpuFrequency", "Cpu", ("cpu.frequency.mean", "Mean"), ("cpu.frequency.max", "Highest")),
        new(MetricFamily.Temperature, "temperature", "Temperature", "Cpu", ("temperature.{0}", "Sensor")) { LinePerDevice = true },
        new(MetricFamily.Memory, "memory", "Memory", "Memory", ("memory.used", "MemoryUsed"), ("memory.cache", "MemoryCache"), ("memory.buffers", "MemoryBuffers"),
            ("memory.available", "MemoryAvailable")) { Max = "memory.total" },
        new(MetricFamily.Memory, "swap", "Swap", "Memory", ("swap.used", "MemoryUsed")) { Max = "swap.total" },
        new(MetricFamily.Swap, "swap.traffic", "SwapTraffic", "Memory", ("swap.in", "SwapIn"), ("swap.out", "SwapOut")),
        new(MetricFamily.Pressure, "pressure", "Pressure", "Pressure", ("pressure.cpu.some", "PressureCpu"), ("pressure.memory.some", "PressureMemory"),
            ("pressure.memory.full", "PressureMemoryFull"), ("pressure.io.some", "PressureIo"), ("pressure.io.full", "PressureIoFull")),
        new(MetricFamily.Disk, "disk.{0}", "DiskOf", "Disk", ("disk.{0}.read", "Read"), ("disk.{0}.write", "Written")),
        new(MetricFamily.Disk, "disk.total", "DiskAll", "Disk", ("disk.total.read", "Read"), ("disk.total.write", "Written")),
        new(MetricFamily.Disk, "disk.busy", "DiskBusy", "Disk", ("disk.{0}.busy", "DeviceName")) { LinePerDevice = true },
        new(MetricFamily.DiskSpace, "space.{0}", "SpaceOf", "Disk", ("space.{0}.used", "MemoryUsed")) { Max = "space.{0}.total" },
        new(MetricFamily.Network, "net.{0}", "NetworkOf", "Network", ("net.{0}.rx", "Received"), ("net.{0}.tx", "Sent")),
        new(MetricFamily.Network, "net.total", "NetworkAll", "Network", ("net.total.rx", "Received"), ("net.total.tx", "Sent")),
        new(MetricFamily.Network, "net.{0}.faults", "NetworkFaults", "Network", ("net.{0}.errors", "Errors"), ("net.{0}.drops", "Drops")),
        new(MetricFamily.System, "system.switches", "Switches", "System", ("system.switches", "SwitchesRate")),
        new(MetricFamily.System, "system.forks", "Forks", "System", ("system.forks", "ForksRate")),
        new(MetricFamily.System, "system.tasks", "Tasks", "System", ("system.running", "TasksRunning"), ("system.blocked", "TasksBlocked")),
        new(MetricFamily.System, "system.threads", "Threads", "System", ("system.threads", "Threads")),
        new(MetricFamily.System, "system.files", "OpenFiles", "System", ("system.files", "OpenFiles")),
        new(MetricFamily.ContainerCpu, "container.cpu", "ContainerCpu", "Container", ("container.cpu.used", "MemoryUsed"), ("container.cpu.limit", "MemoryLimit")),
        new(MetricFamily.ContainerCpu, "container.throttled", "ContainerThrottled", "Container", ("container.cpu.throttled", "ContainerThrottled")),
        new(MetricFamily.ContainerMemory, "container.memory", "ContainerMemory", "Container", ("container.memory.used", "MemoryUsed")) { Max = "container.memory.limit" },
        new(MetricFamily.Application, "app.requests", "AppRequests", "Application", ("app.requests.rate", "AppRequestsRate")),
        new(MetricFamily.Application, "app.requests.time", "AppRequestTime", "Application", ("app.requests.p50", "Median"), ("app.requests.p95", "NinetyFive")),
        new(MetricFamily.Application, "app.requests.active", "AppRequestsActive", "Application", ("app.requests.active", "AppRequestsActive")),
        new(MetricFamily.Application, "app.circuits", "AppCircuits", "Application", ("app.circuits.active", "AppCircuitsActive"), ("app.circuits.connected", "AppCircuitsConnected")),
        new(MetricFamily.Application, "app.renders", "AppRenders", "Application", ("app.render.rate", "AppRenderRate"), ("app.event.rate", "AppEventRate")),
        new(MetricFamily.Application, "app.render.time", "AppRenderTime", "Application", ("app.render.p95", "AppRender"), ("app.event.p95", "AppEvent")),
        new(MetricFamily.Application, "app.db", "AppDb", "Application", ("app.db.commands.rate", "AppDbRate")),
        new(MetricFamily.Application, "app.db.time", "AppDbTime", "Application", ("app.db.p50", "Median"), ("app.db.p95", "NinetyFive")),
        new(MetricFamily.Application, "app.runs", "AppRuns", "Application", ("app.jobs.rate", "AppJobs"), ("app.conversions.rate", "AppConversions")),
        new(MetricFamily.Application, "app.runs.time", "AppRunTime", "Application", ("app.jobs.p95", "AppJobs"), ("app.conversions.p95", "AppConversions")),
        new(MetricFamily.Application, "app.faults", "AppFaults", "Application", ("app.exceptions.rate", "AppExceptions"), ("app.jobs.failed.rate", "AppJobsFailed"), ("app.conversions.failed.rate", "AppConversionsFailed")),
        new(MetricFamily.Application, "app.cpu", "AppCpu", "Application", ("app.cpu", "AppCpu")),
        new(MetricFamily.Application, "app.memory", "AppMemory", "Application", ("app.memory", "AppMemorySet"), ("app.gc.heap", "AppHeap")),
        new(MetricFamily.Application, "app.gc.allocated", "AppAllocated", "Application", ("app.gc.allocated", "AppAllocated")),
        new(MetricFamily.Application, "app.gc.pause", "AppGcPause", "Application", ("app.gc.pause", "AppGcPause")),
        new(MetricFamily.Application, "app.threadpool", "AppThreadPool", "Application", ("app.threadpool.threads", "Threads"), ("app.threadpool.queue", "AppQueue")),
        new(MetricFamily.Application, "app.locks", "AppLocks", "Application", ("app.locks.rate", "AppLocks")),
        new(MetricFamily.Collector, "collector", "Collector", "Collector", ("collector.duration", "CollectorDuration")),
        new(MetricFamily.Collector, "collector.interval", "CollectorInterval", "Collector", ("collector.interval", "CollectorInterval")),
    ];

    /// <summary>Groups all metrics there are into charts; those that no chart is known for come last, one chart each.</summary>
    /// <param name="metrics">Of the live catalog or of series that were stored, also of machines that this one is not.</param>
    /// <param name="T">Texts in the reader's language.</param>
    public static IReadOnlyList<MetricChart> Of(IEnumerable<(string Key, MetricFamily Family, MetricKind Kind, string? Device)> metrics, IStringLocalizer<MonitorTexts> T)
    {
        var known = metrics.DistinctBy(metric => metric.Key).ToDictionary(metric => metric.Key);
        var devices = known.Values.Where(metric => metric.Device is not null).GroupBy(metric => metric.Family)
            .ToDictionary(family => family.Key, family => family.Select(metric => metric.Device!).Distinct().OrderBy(device => device, DeviceOrder).ToArray());
        var shown = new HashSet<string>();
        var charts = new List<MetricChart>();
        foreach (var recipe in Recipes)
        {
            var of = devices.GetValueOrDefault(recipe.Family, []);
            // A disk may be called what the sum of all is called.
            var charted = recipe.Id.Contains("{0}", StringComparison.Ordinal) ? of : [""];
            foreach (var device in charted)
            {
                var lines = recipe.Lines.SelectMany(line => recipe.LinePerDevice
                        ? of.Select(one => (Key: Key(line.Key, one), Label: (string)T[line.Text, one]))
                        : [(Key: Key(line.Key, device), Label: (string)T[line.Text, device])])
                    .Where(line => known.ContainsKey(line.Key)).ToList();
                if (lines.Count == 0) continue;
                var kind = known[lines[0].Key].Kind;
                var max = recipe.Max is { } key && known.ContainsKey(Key(key, device)) ? Key(key, device) : null;
                shown.UnionWith(lines.Select(line => line.Key));
                if (max is not null) shown.Add(max);
                charts.Add(new MetricChart(Key(recipe.Id, device), T[recipe.Title, device], recipe.Group, kind,
                    kind == MetricKind.Percent ? 100 : null, max, lines));
            }
        }
        charts.AddRange(known.Values.Where(metric => !shown.Contains(metric.Key) && !IsLimit(metric.Key))
            .Select(metric => new MetricChart(metric.Key, metric.Key, "Other", metric.Kind, metric.Kind == MetricKind.Percent ? 100 : null, null, [(metric.Key, metric.Key)])));
        return charts;
    }

    /// <summary>Core 10 after core 9.</summary>
    private static readonly Comparer<string> DeviceOrder = Comparer<string>.Create((left, right) =>
        int.TryParse(left, out var first) && int.TryParse(right, out var second) ? first.CompareTo(second) : string.CompareOrdinal(left, right));

    private static string Key(string pattern, string device) => pattern.Replace("{0}", device, StringComparison.Ordinal);

    /// <summary>Totals scale other charts and say nothing as lines of their own.</summary>
    private static bool IsLimit(string key) =>
        key is "memory.total" or "swap.total" or "container.memory.limit" or "system.files.max" || (key.StartsWith("space.", StringComparison.Ordinal) && key.EndsWith(".total", StringComparison.Ordinal));

    /// <param name="Family">Whose devices the braces stand for.</param>
    /// <param name="Id">With braces for a chart per device.</param>
    private sealed record Recipe(MetricFamily Family, string Id, string Title, string Group, params (string Key, string Text)[] Lines)
    {
        /// <summary>One chart with a line per device.</summary>
        public bool LinePerDevice { get; init; }

        public string? Max { get; init; }
    }
}
