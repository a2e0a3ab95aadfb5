using BlazorAdmin.Data;
using BlazorAdmin.Features.Jobs.Bulk;
using BlazorAdmin.Features.Jobs.Following;
using BlazorAdmin.Features.Jobs.Rules;
using BlazorAdmin.Features.Jobs.Schedules;
using BlazorAdmin.Features.Jobs.Searching;
using BlazorAdmin.Features.Jobs.Statistics;
using Microsoft.Extensions.Options;

namespace BlazorAdmin.Features.Jobs;

/// <summary>Deletes what is older than the settings keep.</summary>
[JobType("jobs.cleanup", Priority = 2, MaxAttempts = 3, MaxConcurrency = 1, Upkeep = true)]
public sealed record CleanUpJobs;

/// <summary>Small batches in the order of an index, each its own commit: nothing is locked for long, and a stop loses nothing.</summary>
public sealed class JobsCleanup(IDbContextFactory<AppDbContext> databases, StatisticsCompaction statistics, NodeTypes nodes, IOptionsMonitor<JobsOptions> options, TimeProvider time, ILogger<JobsCleanup> log) : IJobHandler<CleanUpJobs>
{
    private const int BatchSize = 1000;
    private const int KeepBulkChangesDays = 30;
    private int _jobs;

    public async Task RunAsync(CleanUpJobs arguments, JobContext job, CancellationToken cancellation)
    {
        var settings = options.CurrentValue;
        var now = time.GetUtcNow();
        foreach (var (state, days) in new[]
                 {
                     (JobState.Succeeded, settings.KeepFinishedDays), (JobState.Cancelled, settings.KeepFinishedDays), (JobState.Failed, settings.KeepFailedDays), (JobState.Discarded, settings.KeepFailedDays),
                 })
        {
            var own = await OwnDaysAsync(state, cancellation);
            await DeleteAsync(state, now.AddDays(-days), own.ToDictionary(r => r.Type, r => now.AddDays(-r.Days)), now, job, cancellation);
            foreach (var rule in own.Where(r => r.Days < days)) await DeleteOfTypeAsync(rule.TenantId, rule.Type, state, now.AddDays(-rule.Days), now, job, cancellation);
        }

        await ForgetBulkChangesAsync(now.AddDays(-KeepBulkChangesDays), cancellation);
        await using var db = await databases.CreateDbContextAsync(cancellation);
        var cutoff = now.AddDays(-settings.KeepFinishedDays);
        var ticks = await db.Set<JobTick>().Where(t => t.DueAt < cutoff).ExecuteDeleteAsync(cancellation);
        await ForgetKeysAsync(db, cancellation);
        var dayAgo = now.AddDays(-1);
        await db.Set<WorkerNode>().Where(n => n.HeartbeatAt < dayAgo).ExecuteDeleteAsync(cancellation);
        await nodes.ForgetAsync(cancellation);
        job.Progress(90, "adding statistics up");
        var rows = await statistics.RunAsync(cancellation);
        job.Progress(100, $"{_jobs} jobs and {ticks} ticks deleted, {rows} rows of statistics saved");
        JobsLog.CleanedUp(log, _jobs, ticks);
    }

    /// <summary>What operators set for types.</summary>
    private async Task<List<(Guid TenantId, string Type, double Days)>> OwnDaysAsync(JobState state, CancellationToken cancellation)
    {
        await using var db = await databases.CreateDbContextAsync(cancellation);
        var rules = await db.Set<JobTypeRule>().AsNoTracking().ToListAsync(cancellation);
        return [.. from rule in rules let days = state is JobState.Failed or JobState.Discarded ? rule.KeepFailedDays : rule.KeepSucceededDays where days is not null select (rule.TenantId, rule.Type, days.Value)];
    }

    /// <summary>Oldest first; jobs of types that are kept longer are passed over once.</summary>
    private async Task DeleteAsync(JobState state, DateTimeOffset before, Dictionary<string, DateTimeOffset> own, DateTimeOffset now, JobContext job, CancellationToken cancellation)
    {
        var (after, afterId) = (DateTimeOffset.MinValue, 0L);
        while (true)
        {
            await using var db = await databases.CreateDbContextAsync(cancellation);
            var batch = await db.Set<Job>().Where(j => j.State == state && j.FinishedAt != null && j.FinishedAt < before && j.FinishedAt >= after && (j.FinishedAt > after || j.Id > afterId))
                .OrderBy(j => j.FinishedAt).ThenBy(j => j.Id).Take(BatchSize).Select(j => new { j.Id, j.Type, FinishedAt = j.FinishedAt!.Value }).ToListAsync(cancellation);
            if (batch.Count == 0) return;
            (after, afterId) = (batch[^1].FinishedAt, batch[^1].Id);
            await DeleteBatchAsync(db, state, [.. batch.Where(j => !own.TryGetValue(j.Type, out var limit) || j.FinishedAt < limit).Select(j => j.Id)], now, job, cancellation);
        }
    }

    /// <summary>Of one type that is kept shorter. Ids grow with time, so the first batch without an old job ends it.</summary>
    private async Task DeleteOfTypeAsync(Guid tenant, string type, JobState state, DateTimeOffset before, DateTimeOffset now, JobContext job, CancellationToken cancellation)
    {
        var after = 0L;
        while (true)
        {
            await using var db = await databases.CreateDbContextAsync(cancellation);
            var batch = await db.Set<Job>().Where(j => j.TenantId == tenant && j.Type == type && j.State == state && j.Id > after).OrderBy(j => j.Id).Take(BatchSize).Select(j => new { j.Id, j.FinishedAt }).ToListAsync(cancellation);
            var old = batch.Where(j => j.FinishedAt < before).Select(j => j.Id).ToList();
            if (old.Count == 0) return;
            after = batch[^1].Id;
            await DeleteBatchAsync(db, state, old, now, job, cancellation);
        }
    }

    private async Task DeleteBatchAsync(AppDbContext db, JobState state, IReadOnlyList<long> ids, DateTimeOffset now, JobContext job, CancellationToken cancellation)
    {
        if (ids.Count == 0) return;
        await using var transaction = await db.Database.BeginTransactionAsync(cancellation);
        // The state again: a person may retry one of them right now. Its search fields go with it.
        _jobs += await db.Set<Job>().Where(j => ids.Contains(j.Id) && j.State == state).ExecuteDeleteAsync(cancellation);
        var kept = await db.Set<Job>().Where(j => ids.Contains(j.Id)).Select(j => j.Id).ToListAsync(cancellation);
        var gone = kept.Count == 0 ? ids : [.. ids.Except(kept)];
        await db.Set<JobAttempt>().Where(a => gone.Contains(a.JobId)).ExecuteDeleteAsync(cancellation);
        await db.Set<JobLogLine>().Where(l => gone.Contains(l.JobId)).ExecuteDeleteAsync(cancellation);
        await db.Set<JobLink>().Where(l => gone.Contains(l.ParentId)).ExecuteDeleteAsync(cancellation);
        await db.Set<JobLink>().Where(l => gone.Contains(l.ChildId)).ExecuteDeleteAsync(cancellation);
        // A key that holds for a period holds without its job.
        await db.Set<JobUnique>().Where(u => gone.Contains(u.JobId) && (u.ExpiresAt == null || u.ExpiresAt < now)).ExecuteDeleteAsync(cancellation);
        await transaction.CommitAsync(cancellation);
        job.Progress(0, $"{_jobs} jobs deleted");
    }

    /// <summary>Keys that held for a period and hold no more; most of their jobs went before. One pass over the keys, a batch a commit.</summary>
    private static async Task ForgetKeysAsync(AppDbContext db, CancellationToken cancellation)
    {
        // The clock that says whether a key still holds: this node's may be ahead.
        var now = await db.ServerNowAsync(cancellation);
        var (tenant, key) = (Guid.Empty, "");
        while (true)
        {
            var over = db.Set<JobUnique>().Where(u => u.Until == UniqueUntil.Expired && u.ExpiresAt < now);
            var batch = await over.Where(u => u.TenantId > tenant || (u.TenantId == tenant && string.Compare(u.Key, key) > 0))
                .OrderBy(u => u.TenantId).ThenBy(u => u.Key).Take(BatchSize).Select(u => new { u.TenantId, u.Key }).ToListAsync(cancellation);
            if (batch.Count == 0) return;
            foreach (var some in batch.GroupBy(u => u.TenantId))
            {
                var keys = some.Select(u => u.Key).ToList();
                // That it is over again: somebody may take it at this moment.
                await over.Where(u => u.TenantId == some.Key && keys.Contains(u.Key)).ExecuteDeleteAsync(cancellation);
            }

            (tenant, key) = (batch[^1].TenantId, batch[^1].Key);
        }
    }

    private async Task ForgetBulkChangesAsync(DateTimeOffset before, CancellationToken cancellation)
    {
        await using var db = await databases.CreateDbContextAsync(cancellation);
        var limit = await JobFinder.FirstIdAsync(db, before, cancellation);
        while (await db.Set<JobBulkChange>().Where(c => c.BulkId < limit).OrderBy(c => c.BulkId).Select(c => (long?)c.BulkId).FirstOrDefaultAsync(cancellation) is { } bulk)
        {
            var last = await db.Set<JobBulkChange>().Where(c => c.BulkId == bulk).OrderBy(c => c.JobId).Take(BatchSize * 5).Select(c => c.JobId).MaxAsync(cancellation);
            await db.Set<JobBulkChange>().Where(c => c.BulkId == bulk && c.JobId <= last).ExecuteDeleteAsync(cancellation);
        }
    }
}
