using BlazorAdmin.Shell;
using Microsoft.Extensions.Localization;

namespace BlazorAdmin.Features.Monitor;

/// <summary>Writes values of metrics as people read them; live-views.js does the same in the browser.</summary>
public sealed class MetricValues(Display display, IStringLocalizer<MonitorTexts> texts)
{
    /// <summary>For example "12.3 MB/s"; a dash for a value that is not known.</summary>
    public string Text(double value, MetricKind kind)
    {
        if (!double.IsFinite(value)) return "–";
        return kind switch
        {
            MetricKind.Percent => display.Percent(value / 100),
            MetricKind.Bytes => Bytes(value),
            MetricKind.BytesPerSecond => texts["PerSecond", Bytes(value)],
            MetricKind.Hertz => $"{display.Number(value / 1e9, 2)}\u00A0GHz",
            MetricKind.Celsius => $"{display.Number(value, 0)}\u00A0°C",
            MetricKind.PerSecond => texts["PerSecond", display.Number(value, value >= 100 ? 0 : 1)],
            MetricKind.Count => display.Number(value, Math.Abs(value) >= 100 || value == Math.Round(value) ? 0 : 1),
            MetricKind.Microseconds when value >= 10_000 => $"{display.Number(value / 1000, value >= 100_000 ? 0 : 1)}\u00A0ms",
            MetricKind.Microseconds => $"{display.Number(value, 0)}\u00A0µs",
            _ => display.Number(value, Math.Abs(value) >= 100 ? 0 : 2),
        };
    }

    private string Bytes(double value) => display.Bytes((long)Math.Clamp(Math.Round(value), -9e18, 9e18));
}
