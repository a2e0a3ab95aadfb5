using BlazorAdmin.Data;
using BlazorAdmin.Features.Jobs.Following;
using BlazorAdmin.Security;

namespace BlazorAdmin.Features.Jobs.Details;

/// <summary>A job that another one is connected with.</summary>
public sealed record KinJob(long Id, string Type, JobState State, string? Subject, FollowOn? On = null);

/// <summary>The jobs around a job.</summary>
/// <param name="Children">Numbers by state of those whose handler's parent it is; counting stops at 10,000 each.</param>
/// <param name="Members">The same of the batch that it is.</param>
/// <param name="Follows">What it waits for.</param>
/// <param name="Followers">What waits for it.</param>
public sealed record JobKin(
    KinJob? Parent, KinJob? Batch, IReadOnlyDictionary<JobState, int> Children, IReadOnlyDictionary<JobState, int> Members, IReadOnlyList<KinJob> Follows, IReadOnlyList<KinJob> Followers);

/// <summary>Reads the jobs around a job.</summary>
public sealed class JobKinship(Guard guard, IDbContextFactory<AppDbContext> databases)
{
    private const int MostCounted = 10_000;
    private const int MostLinks = 20;

    /// <returns>Null if there is no such job for the caller.</returns>
    public async Task<JobKin?> GetAsync(long id, CancellationToken cancellation = default)
    {
        var caller = await guard.Require(JobsPermissions.Read, cancellation);
        await using var db = await databases.CreateDbContextAsync(cancellation);
        var jobs = db.Set<Job>().AsNoTracking().Where(j => j.TenantId == caller.TenantId);
        var self = await jobs.Where(j => j.Id == id).Select(j => new { j.ParentId, j.BatchId, j.HasFollowers }).SingleOrDefaultAsync(cancellation);
        if (self is null) return null;
        var near = await jobs.Where(j => j.Id == self.ParentId || j.Id == self.BatchId).Select(j => new KinJob(j.Id, j.Type, j.State, j.Subject, null)).ToListAsync(cancellation);
        return new JobKin(
            near.Find(j => j.Id == self.ParentId), near.Find(j => j.Id == self.BatchId),
            await CountAsync(jobs.Where(j => j.ParentId == id), cancellation), await CountAsync(jobs.Where(j => j.BatchId == id), cancellation),
            await LinkedAsync(jobs, db.Set<JobLink>().Where(l => l.ChildId == id).OrderBy(l => l.ParentId).Select(l => new Link(l.ParentId, l.On)), cancellation),
            self.HasFollowers ? await LinkedAsync(jobs, db.Set<JobLink>().Where(l => l.ParentId == id).OrderBy(l => l.ChildId).Select(l => new Link(l.ChildId, l.On)), cancellation) : []);
    }

    private static async Task<IReadOnlyDictionary<JobState, int>> CountAsync(IQueryable<Job> jobs, CancellationToken cancellation) =>
        await jobs.OrderByDescending(j => j.Id).Take(MostCounted).GroupBy(j => j.State).Select(g => new { g.Key, Count = g.Count() }).ToDictionaryAsync(g => g.Key, g => g.Count, cancellation);

    private static async Task<IReadOnlyList<KinJob>> LinkedAsync(IQueryable<Job> jobs, IQueryable<Link> links, CancellationToken cancellation)
    {
        var linked = await links.Take(MostLinks).ToListAsync(cancellation);
        if (linked.Count == 0) return [];
        var ids = linked.ConvertAll(l => l.Id);
        var found = await jobs.Where(j => ids.Contains(j.Id)).Select(j => new KinJob(j.Id, j.Type, j.State, j.Subject, null)).ToDictionaryAsync(j => j.Id, cancellation);
        return [.. linked.Where(l => found.ContainsKey(l.Id)).Select(l => found[l.Id] with { On = l.On })];
    }

    private sealed record Link(long Id, FollowOn On);
}
