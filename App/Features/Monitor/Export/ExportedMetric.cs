using System.Text;

namespace BlazorAdmin.Features.Monitor.Export;

/// <summary>What a metric of the machine is called outside: name in base units, label, and the factor into base units.</summary>
/// <param name="Name">With the prefix and unit, for instance <c>blazoradmin_cpu_busy_ratio</c>.</param>
/// <param name="Label">Name of the label that tells devices apart; null for the whole machine.</param>
public sealed record ExportedMetric(string Name, string Help, string? Label, string? LabelValue, int Column, float Factor)
{
    public const string Prefix = "blazoradmin_";

    // Keys without their device; what is not here is named by its key.
    private static readonly Dictionary<string, (string Name, string Help)> Known = new()
    {
        ["cpu.total"] = ("cpu_utilization", "Share of all cores that was busy between the last two samples."),
        ["cpu.core"] = ("cpu_busy", "Share of a core that was busy between the last two samples."),
        ["load"] = ("load_average", "Mean number of runnable tasks over the last minutes."),
        ["memory.total"] = ("memory_size", "Memory of the machine."),
        ["memory.used"] = ("memory_used", "Memory that is not available."),
        ["memory.available"] = ("memory_available", "Memory that programs can get without swapping."),
        ["memory.cache"] = ("memory_cache", "Memory that caches files."),
        ["swap.total"] = ("swap_size", "Swap space of the machine."),
        ["swap.used"] = ("swap_used", "Swap space in use."),
        ["container.memory.limit"] = ("container_memory_limit", "Memory that the container may use."),
        ["container.memory.used"] = ("container_memory_used", "Memory that the container uses."),
        ["disk.total.read"] = ("disks_read", "Rate of reading from all disks between the last two samples."),
        ["disk.total.write"] = ("disks_write", "Rate of writing to all disks between the last two samples."),
        ["disk.read"] = ("disk_read", "Rate of reading from a disk between the last two samples."),
        ["disk.write"] = ("disk_write", "Rate of writing to a disk between the last two samples."),
        ["net.total.rx"] = ("networks_receive", "Rate of receiving through all interfaces between the last two samples."),
        ["net.total.tx"] = ("networks_transmit", "Rate of sending through all interfaces between the last two samples."),
        ["net.rx"] = ("network_receive", "Rate of receiving through an interface between the last two samples."),
        ["net.tx"] = ("network_transmit", "Rate of sending through an interface between the last two samples."),
        ["space.used"] = ("disk_space_used", "Space in use on a mounted file system."),
        ["space.total"] = ("disk_space_size", "Size of a mounted file system."),
        ["temperature"] = ("temperature", "Temperature that a sensor of the machine reports."),
        ["system.switches"] = ("context_switches", "Rate of context switches between the last two samples."),
        ["system.forks"] = ("forks", "Rate of new processes between the last two samples."),
        ["system.running"] = ("tasks_running", "Tasks that run or could run."),
        ["system.blocked"] = ("tasks_blocked", "Tasks that wait for a disk."),
        ["system.files"] = ("files_open", "Open files of the machine."),
        ["system.files.max"] = ("files_limit", "Files that the machine can open."),
        ["collector.duration"] = ("collector_sample_duration", "Time that the last sample took."),
        ["collector.interval"] = ("collector_sample_interval", "Time between the last two samples."),
    };

    public static ExportedMetric Of(Metric metric)
    {
        var key = Base(metric);
        var (unit, factor) = UnitOf(metric.Unit);
        var (name, help) = Known.TryGetValue(key, out var known) ? known : (Snake(key), $"{key} of the machine at the last sample.");
        return new ExportedMetric(Prefix + name + unit, help, metric.Device is null ? null : LabelOf(metric.Family), metric.Device, metric.Index, factor);
    }

    // The device stands in the middle or at the end of a key, and may itself have dots (eth0.100).
    private static string Base(Metric metric)
    {
        if (metric.Device is not { } device) return metric.Key;
        var at = metric.Key.IndexOf('.' + device, StringComparison.Ordinal);
        return at < 0 ? metric.Key : metric.Key.Remove(at, device.Length + 1);
    }

    private static string LabelOf(MetricFamily family) => family switch
    {
        MetricFamily.Cpu or MetricFamily.CpuFrequency => "core",
        MetricFamily.DiskSpace => "mountpoint",
        MetricFamily.Temperature => "sensor",
        MetricFamily.Load => "minutes",
        MetricFamily.Network => "interface",
        _ => "device",
    };

    // Base units of prometheus.io/docs/practices/naming.
    private static (string Suffix, float Factor) UnitOf(string unit) => unit switch
    {
        "%" => ("_ratio", 0.01f),
        "B" => ("_bytes", 1),
        "B/s" => ("_bytes_per_second", 1),
        "/s" or "1/s" => ("_per_second", 1),
        "s" => ("_seconds", 1),
        "ms" => ("_seconds", 1e-3f),
        "µs" => ("_seconds", 1e-6f),
        "°C" => ("_celsius", 1),
        "Hz" => ("_hertz", 1),
        "MHz" => ("_hertz", 1e6f),
        "W" => ("_watts", 1),
        _ => ("", 1),
    };

    private static string Snake(string key)
    {
        var name = new StringBuilder(key.Length);
        foreach (var letter in key) name.Append(char.IsAsciiLetterOrDigit(letter) ? char.ToLowerInvariant(letter) : '_');
        // The end _total is a counter's.
        return name.ToString() is var plain && plain.EndsWith("_total", StringComparison.Ordinal) ? plain + "_all" : plain;
    }
}
