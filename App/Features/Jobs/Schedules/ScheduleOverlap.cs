using BlazorAdmin.Data;
using BlazorAdmin.Features.Jobs.Following;
using BlazorAdmin.Live;

namespace BlazorAdmin.Features.Jobs.Schedules;

/// <summary>What a tick does about earlier runs of its schedule, in the tick's own transaction.</summary>
internal sealed class ScheduleOverlap(IDatabaseDialect dialect, Topic<JobChanged> changes, Topic<JobCancelRequested> cancels)
{
    /// <summary>An earlier run is looked for among the schedule's last jobs: what an index answers at once, however long the history.</summary>
    private const int LookBack = 50;

    /// <summary>Jobs of the schedules that have not ended, oldest first.</summary>
    public static async Task<ILookup<string, long>> GoingOnAsync(AppDbContext db, IReadOnlyList<string> schedules, CancellationToken cancellation)
    {
        if (schedules.Count == 0) return Enumerable.Empty<long>().ToLookup(_ => "");
        // The marks name each schedule once, so that the last jobs of each are a few steps in the index.
        var last = await db.Set<ScheduleMark>().Where(m => schedules.Contains(m.Schedule))
            .SelectMany(m => db.Set<Job>().Where(j => j.Schedule == m.Schedule).OrderByDescending(j => j.Id).Take(LookBack).Select(j => new { m.Schedule, j.Id, j.State })).ToListAsync(cancellation);
        return last.Where(j => !j.State.IsFinal()).OrderBy(j => j.Id).ToLookup(j => j.Schedule, j => j.Id);
    }

    /// <summary>Lets <paramref name="job"/>, which is not saved yet, start when <paramref name="earlier"/> has ended, however it ends.</summary>
    public async Task WaitForAsync(AppDbContext db, Job job, long earlier, CancellationToken cancellation)
    {
        // Locked, it cannot end between the question and the link.
        var waits = await db.LockJobAsync(dialect, earlier, cancellation) is { } state && !state.IsFinal();
        if (waits) (job.State, job.WaitsFor) = (JobState.Waiting, 1);
        await db.SaveChangesAsync(cancellation);
        if (!waits) return;
        db.Add(new JobLink { ParentId = earlier, ChildId = job.Id, On = FollowOn.AnyEnd });
        await db.Set<Job>().Where(j => j.Id == earlier).ExecuteUpdateAsync(set => set.SetProperty(j => j.HasFollowers, true), cancellation);
    }

    /// <summary>Cancels <paramref name="earlier"/>: what runs is told to stop.</summary>
    public async Task CancelAsync(AppDbContext db, IReadOnlyList<long> earlier, DateTimeOffset now, CancellationToken cancellation)
    {
        // Waiting ones first: a job that is claimed in between is then found running.
        var cancelled = await db.Set<Job>().Where(j => earlier.Contains(j.Id) && (j.State == JobState.Queued || j.State == JobState.Waiting)).ExecuteUpdateAsync(set => set
            .SetProperty(j => j.State, JobState.Cancelled).SetProperty(j => j.FinishedAt, now).SetProperty(j => j.Version, j => j.Version + 1), cancellation);
        var followers = cancelled == 0 ? [] : await JobFollowers.EndedAsync(db, earlier, cancellation);
        var running = await db.Set<Job>().Where(j => earlier.Contains(j.Id) && j.State == JobState.Running && !j.CancelRequested).Select(j => j.Id).ToListAsync(cancellation);
        if (running.Count > 0)
            await db.Set<Job>().Where(j => running.Contains(j.Id) && j.State == JobState.Running).ExecuteUpdateAsync(set => set
                .SetProperty(j => j.CancelRequested, true).SetProperty(j => j.StopRequestedAt, now).SetProperty(j => j.Version, j => j.Version + 1), cancellation);
        if (cancelled + running.Count == 0) return;
        db.AfterCommit(() =>
        {
            changes.Publish(JobChanged.Many(JobState.Cancelled));
            if (running.Count > 0) cancels.Publish(new JobCancelRequested(running));
            changes.Publish(followers);
        });
    }
}
