using BlazorAdmin.Data;
using BlazorAdmin.Features.Jobs.Following;

namespace BlazorAdmin.Features.Jobs.Schedules;

/// <summary>What a tick does about earlier runs of its schedule, in the tick's own transaction.</summary>
internal static class ScheduleOverlap
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
    public static async Task WaitForAsync(AppDbContext db, IDatabaseDialect dialect, Job job, long earlier, CancellationToken cancellation)
    {
        // Locked, it cannot end between the question and the link.
        var waits = await db.LockJobAsync(dialect, earlier, cancellation) is { } state && !state.IsFinal();
        if (waits) (job.State, job.WaitsFor) = (JobState.Waiting, 1);
        await db.SaveChangesAsync(cancellation);
        if (!waits) return;
        db.Add(new JobLink { ParentId = earlier, ChildId = job.Id, On = FollowOn.AnyEnd });
        await db.Set<Job>().Where(j => j.Id == earlier).ExecuteUpdateAsync(set => set.SetProperty(j => j.HasFollowers, true), cancellation);
    }
}
