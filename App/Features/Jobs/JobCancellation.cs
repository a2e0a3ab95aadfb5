using BlazorAdmin.Data;
using BlazorAdmin.Live;

namespace BlazorAdmin.Features.Jobs;

/// <summary>
/// Cancels jobs inside the caller's transaction, for slices that stop work on a thing of theirs. It asks for no permission: the
/// command that calls it has done so.
/// </summary>
public sealed class JobCancellation(TimeProvider time, Topic<JobChanged> changes, Topic<JobCancelRequested> cancels)
{
    private const int MostNamed = 50;

    /// <summary>Cancels those that wait at once and has the workers of those that run told to stop, once <paramref name="db"/> has committed.</summary>
    public async Task CancelAsync(AppDbContext db, IReadOnlyCollection<long> ids, CancellationToken cancellation)
    {
        var (count, running) = await MarkAsync(db, db.Set<Job>().Where(j => ids.Contains(j.Id)), cancellation);
        if (count == 0) return;
        db.AfterCommit(() =>
        {
            changes.Publish(JobChanged.Many(JobState.Cancelled));
            Tell(running);
        });
    }

    /// <returns>How many were cancelled or asked to stop, and those whose workers must be told.</returns>
    internal async Task<(int Count, IReadOnlyList<long> Running)> MarkAsync(AppDbContext db, IQueryable<Job> jobs, CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        // Waiting ones first: a job that is claimed in between is then found running.
        var cancelled = await jobs.Where(j => j.State == JobState.Queued).ExecuteUpdateAsync(set => set
            .SetProperty(j => j.State, JobState.Cancelled).SetProperty(j => j.FinishedAt, now).SetProperty(j => j.Version, j => j.Version + 1), cancellation);
        var running = await jobs.Where(j => j.State == JobState.Running && !j.CancelRequested).Select(j => j.Id).ToListAsync(cancellation);
        if (running.Count == 0) return (cancelled, []);
        var asked = await db.Set<Job>().Where(j => running.Contains(j.Id) && j.State == JobState.Running && !j.CancelRequested).ExecuteUpdateAsync(set => set
            .SetProperty(j => j.CancelRequested, true).SetProperty(j => j.Version, j => j.Version + 1), cancellation);
        return (cancelled + asked, asked == 0 ? [] : running);
    }

    internal void Tell(IReadOnlyList<long> running)
    {
        foreach (var ids in running.Chunk(MostNamed)) cancels.Publish(new JobCancelRequested(ids));
    }
}
