using BlazorAdmin.Data;
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
        foreach (var (state, days) in new[] { (JobState.Succeeded, settings.KeepFinishedDays), (JobState.Cancelled, settings.KeepFinishedDays), (JobState.Failed, settings.KeepFailedDays) })
        {
            var before = now.AddDays(-days);
            while (await DeleteBatchAsync(state, before, cancellation) is > 0 and var deleted)
            {
                jobs += deleted;
                job.Progress(0, $"{jobs} jobs deleted");
            }
        }

        await using var db = await databases.CreateDbContextAsync(cancellation);
        var cutoff = now.AddDays(-settings.KeepFinishedDays);
        var ticks = await db.Set<JobTick>().Where(t => t.DueAt < cutoff).ExecuteDeleteAsync(cancellation);
        var dayAgo = now.AddDays(-1);
        await db.Set<WorkerNode>().Where(n => n.HeartbeatAt < dayAgo).ExecuteDeleteAsync(cancellation);
        job.Progress(100, $"{jobs} jobs and {ticks} ticks deleted");
        JobsLog.CleanedUp(log, jobs, ticks);
    }

    private async Task<int> DeleteBatchAsync(JobState state, DateTimeOffset before, CancellationToken cancellation)
    {
        await using var db = await databases.CreateDbContextAsync(cancellation);
        var ids = await db.Set<Job>().Where(j => j.State == state && j.FinishedAt != null && j.FinishedAt < before)
            .OrderBy(j => j.FinishedAt).Take(BatchSize).Select(j => j.Id).ToListAsync(cancellation);
        if (ids.Count == 0) return 0;
        await using var transaction = await db.Database.BeginTransactionAsync(cancellation);
        // The state again: a person may retry one of them right now.
        var deleted = await db.Set<Job>().Where(j => ids.Contains(j.Id) && j.State == state).ExecuteDeleteAsync(cancellation);
        await db.Set<JobAttempt>().Where(a => ids.Contains(a.JobId) && !db.Set<Job>().Any(j => j.Id == a.JobId)).ExecuteDeleteAsync(cancellation);
        await db.Set<JobLogLine>().Where(l => ids.Contains(l.JobId) && !db.Set<Job>().Any(j => j.Id == l.JobId)).ExecuteDeleteAsync(cancellation);
        await transaction.CommitAsync(cancellation);
        return deleted;
    }
}
