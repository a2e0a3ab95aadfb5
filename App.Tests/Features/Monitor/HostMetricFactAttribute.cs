using BlazorAdmin.Features.Monitor;
using Microsoft.Extensions.Logging.Abstractions;

namespace BlazorAdmin.Tests.Features.Monitor;

/// <summary>A test of a metric that not every machine has; skipped, with its key, where it is not there.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class HostMetricFactAttribute : FactAttribute
{
    private static readonly Lazy<MetricCatalog> Here = new(() =>
    {
        using var collector = new HostCollector("/", NullLogger<HostCollector>.Instance);
        collector.Sample(new float[MetricCatalog.MaxColumns], 1);
        return collector.Catalog;
    });

    public HostMetricFactAttribute(string key)
    {
        if (Here.Value.Find(key) is null) Skip = $"this machine has no {key}";
    }
}
