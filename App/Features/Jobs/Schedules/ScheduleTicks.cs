using BlazorAdmin.Data;

namespace BlazorAdmin.Features.Jobs.Schedules;

/// <summary>Turns ticks of schedules into jobs. The tick's row and its job commit together, so a tick happens once or not at all.</summary>
internal sealed class ScheduleTicks(IDbContextFactory<AppDbContext> databases, IDatabaseDialect dialect, NodeInfo node, TimeProvider time, ILogger<ScheduleTicks> log)
{
    private static readonly TimeSpan[] Pauses = [.. new[] { 0.2, 1, 5, 15, 30 }.Select(TimeSpan.FromSeconds)];

    /// <returns>The job's id, or null if another node had the tick already.</returns>
    public async Task<long?> TickAsync(JobSchedule schedule, DateTimeOffset dueAt, CancellationToken cancellation)
    {
        for (var attempt = 0; ; attempt++)
        {
            try
            {
                return await TryAsync(schedule, dueAt, cancellation);
            }
            catch (Exception exception) when (dialect.IsTransient(exception))
            {
                if (attempt == Pauses.Length)
                {
                    JobsLog.TickLost(log, exception, schedule.Name, dueAt);
                    throw;
                }

                JobsLog.TickDelayed(log, exception, schedule.Name, dueAt);
                await Task.Delay(Pauses[attempt], time, cancellation);
            }
        }
    }

    private async Task<long?> TryAsync(JobSchedule schedule, DateTimeOffset dueAt, CancellationToken cancellation)
    {
        await using var db = await databases.CreateDbContextAsync(cancellation);
        // The first node wins by milliseconds; asking first keeps the others' logs free of refused inserts.
        if (await db.Set<JobTick>().AnyAsync(t => t.Schedule == schedule.Name && t.DueAt == dueAt, cancellation)) return null;
        db.Add(new JobTick { Schedule = schedule.Name, DueAt = dueAt, CreatedAt = time.GetUtcNow(), Node = node.Name });
        var job = schedule.Enqueue(db, dueAt);
        try
        {
            await db.SaveChangesAsync(cancellation);
            return job.Id;
        }
        catch (DbUpdateException exception) when (dialect.IsDuplicateKey(exception))
        {
            return null;
        }
    }
}
