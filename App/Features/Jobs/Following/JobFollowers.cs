using System.Text.Json;
using BlazorAdmin.Data;

namespace BlazorAdmin.Features.Jobs.Following;

/// <summary>Lets the followers of ended jobs start (or cancels them), and counts the members of batches down.</summary>
internal static class JobFollowers
{
    /// <summary>
    /// To be called in the transaction that ended the jobs, so that no follower is forgotten. Followers of followers come along:
    /// a cancelled one and a finished batch are ends too.
    /// </summary>
    /// <returns>What changed, for viewers and workers.</returns>
    public static Task<IReadOnlyList<JobChanged>> EndedAsync(AppDbContext db, IEnumerable<long> ended, CancellationToken cancellation) => EndedAsync(db, ended, null, cancellation);

    /// <summary>As above, but of the first wave only for <paramref name="follower"/>, which came after they had ended.</summary>
    public static async Task<IReadOnlyList<JobChanged>> EndedAsync(AppDbContext db, IEnumerable<long> ended, long? follower, CancellationToken cancellation)
    {
        var changes = new List<JobChanged>();
        for (var wave = ended.Distinct().ToList(); wave.Count > 0;)
        {
            var next = new List<long>();
            var jobs = await db.Set<Job>().AsNoTracking().Where(j => wave.Contains(j.Id)).Select(j => new Ended(j.Id, j.State, j.HasFollowers, j.BatchId, j.FinishedAt)).ToListAsync(cancellation);
            jobs.RemoveAll(j => !j.State.IsFinal());
            await ReleaseAsync(db, [.. jobs.Where(j => j.HasFollowers)], follower, changes, next, cancellation);
            // Always in the order of their ids: two nodes that end members of the same batches must not wait for each other.
            foreach (var batch in jobs.Where(j => j.BatchId is not null && follower is null).GroupBy(j => j.BatchId!.Value).OrderBy(g => g.Key))
                await CountDownAsync(db, batch.Key, batch.Count(), batch.Max(j => j.FinishedAt), changes, next, cancellation);
            (wave, follower) = (next, null);
        }

        return changes;
    }

    private static async Task ReleaseAsync(AppDbContext db, IReadOnlyList<Ended> parents, long? only, List<JobChanged> changes, List<long> next, CancellationToken cancellation)
    {
        if (parents.Count == 0) return;
        var byId = parents.ToDictionary(p => p.Id);
        var ids = byId.Keys.ToList();
        var links = await db.Set<JobLink>().AsNoTracking().Where(l => ids.Contains(l.ParentId) && (only == null || l.ChildId == only)).ToListAsync(cancellation);
        foreach (var child in links.GroupBy(l => l.ChildId).OrderBy(g => g.Key))
        {
            var waiting = db.Set<Job>().Where(j => j.Id == child.Key && j.State == JobState.Waiting);
            var at = child.Max(l => byId[l.ParentId].FinishedAt) ?? default;
            if (child.FirstOrDefault(l => !Accepts(l.On, byId[l.ParentId].State)) is { } refused)
            {
                var reason = $"Job {refused.ParentId}, which it follows, ended as {byId[refused.ParentId].State}.";
                if (await waiting.ExecuteUpdateAsync(set => set.SetProperty(j => j.State, JobState.Cancelled).SetProperty(j => j.FinishedAt, at)
                        .SetProperty(j => j.Error, reason).SetProperty(j => j.Version, j => j.Version + 1), cancellation) == 0) continue;
                next.Add(child.Key);
                changes.Add(new JobChanged(child.Key, 0, JobState.Cancelled));
                continue;
            }

            var count = child.Count();
            if (await waiting.ExecuteUpdateAsync(set => set.SetProperty(j => j.WaitsFor, j => j.WaitsFor - count), cancellation) == 0) continue;
            if (!await waiting.AnyAsync(j => j.WaitsFor <= 0, cancellation)) continue;
            // A parent that failed, was retried and ended again is counted twice; what counts is that all have ended.
            var open = await db.Set<JobLink>().CountAsync(
                l => l.ChildId == child.Key && db.Set<Job>().Any(j => j.Id == l.ParentId && (j.State == JobState.Queued || j.State == JobState.Running || j.State == JobState.Waiting)), cancellation);
            if (open > 0)
            {
                await waiting.ExecuteUpdateAsync(set => set.SetProperty(j => j.WaitsFor, open), cancellation);
                continue;
            }

            await waiting.ExecuteUpdateAsync(set => set.SetProperty(j => j.State, JobState.Queued).SetProperty(j => j.DueAt, j => j.DueAt < at ? at : j.DueAt)
                .SetProperty(j => j.Version, j => j.Version + 1), cancellation);
            changes.Add(new JobChanged(child.Key, 0, JobState.Queued));
        }
    }

    private static async Task CountDownAsync(AppDbContext db, long batch, int ended, DateTimeOffset? at, List<JobChanged> changes, List<long> next, CancellationToken cancellation)
    {
        var waiting = db.Set<Job>().Where(j => j.Id == batch && j.State == JobState.Waiting);
        if (await waiting.ExecuteUpdateAsync(set => set.SetProperty(j => j.WaitsFor, j => j.WaitsFor - ended).SetProperty(j => j.Version, j => j.Version + 1), cancellation) == 0) return;
        var row = await waiting.Select(j => new { j.WaitsFor, j.Arguments }).SingleAsync(cancellation);
        var total = JsonSerializer.Deserialize<BatchOf>(row.Arguments, JsonSerializerOptions.Web)!.Jobs;
        var members = db.Set<Job>().Where(j => j.BatchId == batch);
        var open = row.WaitsFor > 0 ? row.WaitsFor
            : await members.CountAsync(j => j.State == JobState.Queued || j.State == JobState.Running || j.State == JobState.Waiting, cancellation);
        if (open > 0)
        {
            var progress = 100.0 * Math.Max(0, total - open) / Math.Max(1, total);
            await waiting.ExecuteUpdateAsync(set => set.SetProperty(j => j.WaitsFor, open).SetProperty(j => j.Progress, progress), cancellation);
            changes.Add(new JobChanged(batch, 0, JobState.Waiting));
            return;
        }

        var bad = await members.CountAsync(j => j.State != JobState.Succeeded, cancellation);
        var (state, error) = bad == 0 ? (JobState.Succeeded, (string?)null) : (JobState.Failed, $"{bad} of {total} jobs did not succeed.");
        await waiting.ExecuteUpdateAsync(set => set.SetProperty(j => j.State, state).SetProperty(j => j.Error, error).SetProperty(j => j.FinishedAt, at)
            .SetProperty(j => j.WaitsFor, 0).SetProperty(j => j.Progress, 100.0), cancellation);
        next.Add(batch);
        changes.Add(new JobChanged(batch, 0, state));
    }

    private static bool Accepts(FollowOn on, JobState state) => on switch
    {
        FollowOn.Success => state == JobState.Succeeded,
        FollowOn.Failure => state is JobState.Failed or JobState.Discarded,
        _ => true,
    };

    private sealed record Ended(long Id, JobState State, bool HasFollowers, long? BatchId, DateTimeOffset? FinishedAt);
}

/// <summary>Arguments of a batch, which has no handler: it ends when its members have ended.</summary>
/// <param name="Jobs">How many members it has.</param>
[JobType(Name, ByHand = false)]
public sealed record BatchOf(int Jobs)
{
    public const string Name = "jobs.batch";
}
