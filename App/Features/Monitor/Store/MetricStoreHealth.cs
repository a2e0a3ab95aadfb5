using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace BlazorAdmin.Features.Monitor.Store;

/// <summary>Healthy while minutes reach the database; degraded while they queue up on the disk or samples cannot be written at all.</summary>
internal sealed class MetricStoreHealth(MetricStoreState state, CollectorService collector) : IHealthCheck
{
    private const int Patience = 3;

    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        var data = new Dictionary<string, object>
        {
            ["waitingMinutes"] = state.Waiting,
            ["waitingBytes"] = state.WaitingBytes,
            ["lostSamples"] = state.Lost,
            ["missedSamples"] = collector.Missed,
            ["recoveredSamples"] = state.Recovered,
            ["damagedRecords"] = state.DamagedRecords,
        };
        if (state.LastSealed is { } last) data["lastMinute"] = last;
        if (state.InterruptedAt is { } interrupted) data["interruptedAt"] = interrupted;
        return Task.FromResult(
            state.Problem is { } problem ? HealthCheckResult.Degraded($"Metrics wait on the disk: {problem}", data: data)
            : state.Waiting > Patience ? HealthCheckResult.Degraded($"{state.Waiting} minutes of metrics wait on the disk.", data: data)
            : HealthCheckResult.Healthy(data: data));
    }
}
