using BlazorAdmin.Data;
using BlazorAdmin.Security;

namespace BlazorAdmin.Features.Jobs.Schedules;

/// <summary>Runs the occurrences of a range that have no job: what is too much for one click.</summary>
[JobType("jobs.backfill", Priority = 4, MaxAttempts = 5, MaxConcurrency = 1, ByHand = false)]
public sealed record BackfillSchedule(string Schedule, DateTimeOffset From, DateTimeOffset Until);

/// <summary>Small batches, each its own commit; after an interruption it goes on, because what has a job is left out.</summary>
internal sealed class ScheduleBackfill(IDbContextFactory<AppDbContext> databases, ScheduleBook book, ScheduleTicks ticks, CurrentCaller current) : IJobHandler<BackfillSchedule>
{
    public const int BatchSize = 50;

    public async Task RunAsync(BackfillSchedule arguments, JobContext job, CancellationToken cancellation)
    {
        var schedule = book.Find(arguments.Schedule) ?? throw new JobFailedException($"There is no schedule '{arguments.Schedule}' any more.");
        var owner = (await current.GetAsync(cancellation))?.UserId;
        await using var read = await databases.CreateDbContextAsync(cancellation);
        var open = await ticks.OpenAsync(read, schedule, arguments.From, arguments.Until, cancellation);
        var (looked, made) = (0, 0);
        foreach (var batch in open.Chunk(BatchSize))
        {
            await using var db = await databases.CreateDbContextAsync(cancellation);
            await using var transaction = await db.Database.BeginTransactionAsync(cancellation);
            made += await ticks.BackfillAsync(db, schedule, batch, owner, cancellation);
            await transaction.CommitAsync(cancellation);
            looked += batch.Length;
            job.Progress(100.0 * looked / open.Count, $"{made} runs enqueued");
        }
    }
}
