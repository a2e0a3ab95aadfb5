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
            MetricKind.Microseconds => $"{display.Number(value, 0)}\u00A0µs",
            _ => display.Number(value, Math.Abs(value) >= 100 ? 0 : 2),
        };
    }

    private string Bytes(double value) => display.Bytes((long)Math.Clamp(Math.Round(value), -9e18, 9e18));
}
