namespace BlazorAdmin.Features.Monitor;

/// <summary>One number of every sample.</summary>
/// <param name="Index">Column in a sample; a key keeps its column for the life of the process.</param>
/// <param name="Key">Stable name, for example <c>cpu.core.0</c> or <c>disk.vda.read</c>.</param>
/// <param name="Device">Core, block device or network interface; null for the whole machine.</param>
public sealed record Metric(int Index, string Key, MetricFamily Family, string? Device, MetricKind Kind)
{
    /// <summary>Unit of the stored number.</summary>
    public string Unit => Kind switch
    {
        MetricKind.Percent => "%",
        MetricKind.Bytes => "B",
        MetricKind.BytesPerSecond => "B/s",
        MetricKind.Microseconds => "µs",
        MetricKind.Hertz => "Hz",
        MetricKind.Celsius => "°C",
        MetricKind.PerSecond => "1/s",
        _ => "",
    };
}
