using Microsoft.Extensions.Localization;

namespace BlazorAdmin.Features.Monitor;

/// <summary>Names of metrics as people read them.</summary>
internal static class MetricNames
{
    public static IReadOnlyList<(Metric Metric, string Label)> Cores(MetricCatalog catalog, IStringLocalizer<MonitorTexts> texts) =>
        [.. catalog.OfFamily(MetricFamily.Cpu).Where(metric => metric.Device is not null).Select(metric => (metric, (string)texts["Core", metric.Device!]))];

    /// <summary>Pairs a metric with its text; metrics that the machine lacks are left out.</summary>
    public static IReadOnlyList<(Metric Metric, string Label)> Lines(MetricCatalog catalog, IStringLocalizer<MonitorTexts> texts, params (string Key, string Text)[] wanted) =>
        [.. wanted.Select(line => (Metric: catalog.Find(line.Key), Label: (string)texts[line.Text])).Where(line => line.Metric is not null).Select(line => (line.Metric!, line.Label))];

    /// <summary>Devices of a family in the order of their columns.</summary>
    public static IReadOnlyList<string> Devices(MetricCatalog catalog, MetricFamily family) =>
        [.. catalog.OfFamily(family).Select(metric => metric.Device).OfType<string>().Distinct()];
}
