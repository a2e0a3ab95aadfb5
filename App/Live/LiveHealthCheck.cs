using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace BlazorAdmin.Live;

/// <summary>Whether this process hears the others. Without it the portal works, a little later: readers poll as the net.</summary>
public sealed class LiveHealthCheck(NodeBus bus) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        var data = new Dictionary<string, object> { ["sent"] = bus.Sent, ["received"] = bus.Received, ["dropped"] = bus.Dropped };
        return Task.FromResult(bus.IsConnected
            ? HealthCheckResult.Healthy($"Connected to the other processes; {bus.Dropped} messages dropped.", data)
            : HealthCheckResult.Degraded("No messages from other processes arrive; trying again.", data: data));
    }
}
