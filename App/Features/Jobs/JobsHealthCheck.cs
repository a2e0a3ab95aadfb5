using BlazorAdmin.Data;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Options;

namespace BlazorAdmin.Features.Jobs;

/// <summary>Whether jobs run: workers that answer, and how long the longest due job waits.</summary>
internal sealed class JobsHealthCheck(IDbContextFactory<AppDbContext> databases, DatabaseState state, JobHeartbeat heartbeat, IOptionsMonitor<JobsOptions> options, TimeProvider time) : IHealthCheck
{
    private static readonly TimeSpan LongWait = TimeSpan.FromMinutes(15);

    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        if (!state.IsReady) return HealthCheckResult.Degraded("The database is not ready.");
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var now = time.GetUtcNow();
        var alive = now - options.CurrentValue.Lease * 3;
        var workers = await db.Set<WorkerNode>().CountAsync(n => n.HeartbeatAt > alive, cancellationToken);
        var oldest = await OldestDueAsync(db, cancellationToken);
        var wait = oldest is { } due && due < now ? now - due : TimeSpan.Zero;
        var data = new Dictionary<string, object> { ["workers"] = workers, ["longestWaitSeconds"] = Math.Round(wait.TotalSeconds), ["heartbeatSeconds"] = Math.Round(heartbeat.Silence.TotalSeconds, 1) };
        if (heartbeat.Silence > options.CurrentValue.Lease) return HealthCheckResult.Unhealthy($"This node has not renewed its leases for {heartbeat.Silence.TotalSeconds:0} s.", data: data);
        if (workers == 0) return HealthCheckResult.Unhealthy("No worker answers.", data: data);
        return wait > LongWait
            ? HealthCheckResult.Degraded($"{workers} workers; a due job waits for {wait.TotalMinutes:0} minutes.", data: data)
            : HealthCheckResult.Healthy($"{workers} workers.", data);
    }

    // One short look for each priority: the index of ready jobs begins with it.
    private static async Task<DateTimeOffset?> OldestDueAsync(AppDbContext db, CancellationToken cancellation)
    {
        DateTimeOffset? oldest = null;
        for (var priority = 1; priority <= 10; priority++)
        {
            var due = await db.Set<Job>().Where(j => j.State == JobState.Queued && j.Priority == priority).OrderBy(j => j.DueAt).Select(j => (DateTimeOffset?)j.DueAt).FirstOrDefaultAsync(cancellation);
            if (due is not null && (oldest is null || due < oldest)) oldest = due;
        }

        return oldest;
    }
}
