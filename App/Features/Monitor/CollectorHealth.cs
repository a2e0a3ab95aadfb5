using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Options;

namespace BlazorAdmin.Features.Monitor;

/// <summary>Healthy while samples come in; degraded when the last one is older than ten intervals.</summary>
internal sealed class CollectorHealth(CollectorService collector, TickBroadcaster broadcaster, IOptionsMonitor<MonitorOptions> options) : IHealthCheck
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        var limit = TimeSpan.FromMilliseconds(options.CurrentValue.IntervalMilliseconds * 10);
        if (limit < Patience) limit = Patience;
        var data = new Dictionary<string, object>
        {
            ["metrics"] = broadcaster.Catalog.Metrics.Length,
            ["samples"] = broadcaster.Ring.Last,
            ["missed"] = collector.Missed,
            ["lastMicroseconds"] = Math.Round(collector.LastDuration.TotalMicroseconds),
            ["viewers"] = broadcaster.Viewers,
            ["dropped"] = broadcaster.Dropped,
        };
        return Task.FromResult(collector.SinceLastSample is not { } age || age > limit
            ? HealthCheckResult.Degraded("No sample of the machine for a while.", data: data)
            : HealthCheckResult.Healthy(data: data));
    }
}
