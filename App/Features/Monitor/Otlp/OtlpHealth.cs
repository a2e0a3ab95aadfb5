using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Options;

namespace BlazorAdmin.Features.Monitor.Otlp;

/// <summary>Healthy while switched off or answered; degraded while the collector does not take what is pushed.</summary>
internal sealed class OtlpHealth(OtlpState state, IOptionsMonitor<OtlpOptions> options) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        if (!options.CurrentValue.Enabled) return Task.FromResult(HealthCheckResult.Healthy("Switched off."));
        var data = new Dictionary<string, object> { ["pushed"] = state.Pushed, ["failed"] = state.Failed };
        if (state.LastSuccess is { } at) data["lastSuccess"] = at;
        return Task.FromResult(state.Failure is { } why ? HealthCheckResult.Degraded(why, data: data) : HealthCheckResult.Healthy(data: data));
    }
}
