using BlazorAdmin.Data;
using BlazorAdmin.Features.Jobs.Operations;
using BlazorAdmin.Features.Jobs.Signals;
using BlazorAdmin.Security;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Options;

namespace BlazorAdmin.Features.Jobs;

/// <summary>Whether jobs run: workers that answer, and how long the longest due job waits.</summary>
internal sealed class JobsHealthCheck(IDbContextFactory<AppDbContext> databases, DatabaseState state, JobTypes types, JobHeartbeat heartbeat, IOptionsMonitor<JobsOptions> options, TimeProvider time) : IHealthCheck
{
    private const int MostSignals = 10;
    private static readonly TimeSpan LongWait = TimeSpan.FromMinutes(15);

    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        if (!state.IsReady) return HealthCheckResult.Degraded("The database is not ready.");
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var now = time.GetUtcNow();
        var alive = now - options.CurrentValue.Lease * WorkersService.DeadLeases;
        var workers = await db.Set<WorkerNode>().CountAsync(n => n.HeartbeatAt > alive, cancellationToken);
        var oldest = (await BacklogSource.OldestAsync(db, Caller.Portal.TenantId, types, now, cancellationToken)).Select(o => (DateTimeOffset?)o.Oldest).Min();
        var wait = oldest is { } due && due < now ? now - due : TimeSpan.Zero;
        var signals = await db.Set<JobSignal>().Where(s => s.ClearedAt == null).OrderBy(s => s.RaisedAt).Take(MostSignals).Select(s => new { s.Kind, s.Subject }).ToListAsync(cancellationToken);
        var told = signals.Count == 0 ? "" : $" Signals: {string.Join(", ", signals.Select(s => $"{s.Kind} of {s.Subject}"))}.";
        var data = new Dictionary<string, object>
        {
            ["workers"] = workers, ["longestWaitSeconds"] = Math.Round(wait.TotalSeconds), ["heartbeatSeconds"] = Math.Round(heartbeat.Silence.TotalSeconds, 1), ["signals"] = signals.Count,
        };
        if (heartbeat.Silence > options.CurrentValue.Lease) return HealthCheckResult.Unhealthy($"This node has not renewed its leases for {heartbeat.Silence.TotalSeconds:0} s.{told}", data: data);
        if (workers == 0) return HealthCheckResult.Unhealthy($"No worker answers.{told}", data: data);
        return wait > LongWait
            ? HealthCheckResult.Degraded($"{workers} workers; a due job waits for {wait.TotalMinutes:0} minutes.{told}", data: data)
            : HealthCheckResult.Healthy($"{workers} workers.{told}", data);
    }
}
