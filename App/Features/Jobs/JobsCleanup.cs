using BlazorAdmin.Data;
using BlazorAdmin.Features.Jobs.Rules;
using BlazorAdmin.Features.Jobs.Schedules;
using Microsoft.Extensions.Options;

namespace BlazorAdmin.Features.Jobs;

/// <summary>Deletes what is older than the settings keep.</summary>
[JobType("jobs.cleanup", Priority = 2, MaxAttempts = 3, MaxConcurrency = 1)]
public sealed record CleanUpJobs;

/// <summary>Small batches, each its own commit: nothing is locked for long, and a stop loses nothing.</summary>
public sealed class JobsCleanup(IDbContextFactory<AppDbContext> databases, IOptionsMonitor<JobsOptions> options, TimeProvider time, ILogger<JobsCleanup> log) : IJobHandler<CleanUpJobs>
{
    private const int BatchSize = 1000;

    public async Task RunAsync(CleanUpJobs arguments, JobContext job, CancellationToken cancellation)
    {
        var settings = options.CurrentValue;
        var now = time.GetUtcNow();
        var jobs = 0;
        var rules = await RulesAsync(cancellation);
        foreach (var (state, days, ofType) in new (JobState, double, Func<JobTypeRule, double?>)[]
        {
            (JobState.Succeeded, settings.KeepFinishedDays, r => r.KeepSucceededDays), (JobState.Cancelled, settings.KeepFinishedDays, r => r.KeepSucceededDays),
            (JobState.Failed, settings.KeepFailedDays, r => r.KeepFailedDays), (JobState.Discarded, settings.KeepFailedDays, r => r.KeepFailedDays),
        })
        {
            var own = rules.Where(r => ofType(r) is not null).ToList();
            var apart = own.ConvertAll(r => r.Type);
            var before = now.AddDays(-days);
            await DeleteAsync(
                (db, after) => db.Set<Job>().Where(j => j.State == state && j.FinishedAt >= after && j.FinishedAt < before && !apart.Contains(j.Type)).OrderBy(j => j.FinishedAt), state);
            foreach (var rule in own)
            {
                var beforeOfType = now.AddDays(-ofType(rule)!.Value);
                await DeleteAsync(
                    (db, _) => db.Set<Job>().Where(j => j.TenantId == rule.TenantId && j.Type == rule.Type && j.State == state && j.FinishedAt < beforeOfType).OrderBy(j => j.Id), state);
            }
        }

        await using var db = await databases.CreateDbContextAsync(cancellation);
        var cutoff = now.AddDays(-settings.KeepFinishedDays);
        var ticks = await db.Set<JobTick>().Where(t => t.DueAt < cutoff).ExecuteDeleteAsync(cancellation);
        var dayAgo = now.AddDays(-1);
        await db.Set<WorkerNode>().Where(n => n.HeartbeatAt < dayAgo).ExecuteDeleteAsync(cancellation);
        job.Progress(100, $"{jobs} jobs and {ticks} ticks deleted");
        JobsLog.CleanedUp(log, jobs, ticks);

        async Task DeleteAsync(Func<AppDbContext, DateTimeOffset, IQueryable<Job>> old, JobState state)
        {
            // Each batch begins where the last one ended, so that what is kept longer is passed over once.
            var after = DateTimeOffset.MinValue;
            while (await DeleteBatchAsync(db => old(db, after), state, cancellation) is { Deleted: > 0 } batch)
            {
                jobs += batch.Deleted;
                after = batch.Last;
                job.Progress(0, $"{jobs} jobs deleted");
            }
        }
    }

    /// <summary>Types whose jobs an operator keeps shorter or longer than the others.</summary>
    private async Task<List<JobTypeRule>> RulesAsync(CancellationToken cancellation)
    {
        await using var db = await databases.CreateDbContextAsync(cancellation);
        return await db.Set<JobTypeRule>().AsNoTracking().Where(r => r.KeepSucceededDays != null || r.KeepFailedDays != null).ToListAsync(cancellation);
    }

    private async Task<(int Deleted, DateTimeOffset Last)> DeleteBatchAsync(Func<AppDbContext, IQueryable<Job>> old, JobState state, CancellationToken cancellation)
    {
        await using var db = await databases.CreateDbContextAsync(cancellation);
        var batch = await old(db).Take(BatchSize).Select(j => new { j.Id, j.FinishedAt }).ToListAsync(cancellation);
        if (batch.Count == 0) return default;
        var ids = batch.ConvertAll(j => j.Id);
        await using var transaction = await db.Database.BeginTransactionAsync(cancellation);
        // The state again: a person may retry one of them right now.
        var deleted = await db.Set<Job>().Where(j => ids.Contains(j.Id) && j.State == state).ExecuteDeleteAsync(cancellation);
        await db.Set<JobAttempt>().Where(a => ids.Contains(a.JobId) && !db.Set<Job>().Any(j => j.Id == a.JobId)).ExecuteDeleteAsync(cancellation);
        await db.Set<JobLogLine>().Where(l => ids.Contains(l.JobId) && !db.Set<Job>().Any(j => j.Id == l.JobId)).ExecuteDeleteAsync(cancellation);
        await transaction.CommitAsync(cancellation);
        return (deleted, batch.Max(j => j.FinishedAt!.Value));
    }
}
