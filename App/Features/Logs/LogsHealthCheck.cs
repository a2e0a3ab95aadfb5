using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace BlazorAdmin.Features.Logs;

/// <summary>Whether the log reaches the database.</summary>
public sealed class LogsHealthCheck(LogWriter writer, LogQueue queue) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        var data = new Dictionary<string, object> { ["written"] = queue.Written, ["dropped"] = queue.Dropped, ["spansDropped"] = queue.DroppedSpans };
        return Task.FromResult(writer.IsFailing
            ? HealthCheckResult.Degraded($"The log is not saved: the database does not take it. {queue.Dropped} lines are lost.", data: data)
            : HealthCheckResult.Healthy(data: data));
    }
}
