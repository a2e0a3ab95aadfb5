using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace BlazorAdmin.Features.Settings;

/// <summary>Every file and value of the configuration is applied.</summary>
public sealed class SettingsHealthCheck(SettingsStatus status) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        var problems = status.Problems;
        return Task.FromResult(problems.Count == 0
            ? HealthCheckResult.Healthy()
            : HealthCheckResult.Degraded(string.Join(" ", problems.Select(p => $"{p.Source}: {p.Message}"))));
    }
}
