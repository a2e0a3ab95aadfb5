using System.Runtime.CompilerServices;
using BlazorAdmin.Data;
using BlazorAdmin.Features.Audit;
using BlazorAdmin.Features.Jobs.Bulk;
using BlazorAdmin.Features.Jobs.Searching;
using BlazorAdmin.Features.Jobs.Statistics;
using BlazorAdmin.Security;
using BlazorAdmin.Shell.Lists;

namespace BlazorAdmin.Features.Jobs;

/// <summary>What people see of jobs and do to them.</summary>
public sealed class JobsService(
    Guard guard, IDbContextFactory<AppDbContext> databases, JobTypes types, JobFinder finder, JobChanger changer, JobFigures figures, JobRunTimes runTimes, JobWords words, NodeTypes nodes)
{
    private const int MostLines = 500;

    public async Task<ListPage<JobItem>> ListAsync(ListQuery query, CancellationToken cancellation = default)
    {
        var caller = await guard.Require(JobsPermissions.Read, cancellation);
        await using var db = await databases.CreateDbContextAsync(cancellation);
        var page = await finder.PageAsync(db, await finder.ResolveAsync(db, caller, query, cancellation), query, cancellation);
        return page with { Rows = await ReadAsync(page.Rows, cancellation) };
    }

    /// <summary>Every job that matches, in the list's order.</summary>
    public async IAsyncEnumerable<JobItem> ExportAsync(ListQuery query, [EnumeratorCancellation] CancellationToken cancellation = default)
    {
        var caller = await guard.Require(JobsPermissions.Read, cancellation);
        await using var db = await databases.CreateDbContextAsync(cancellation);
        db.Audit(caller, "jobs.export", "job", detail: new { query = query.ToQueryString(new ListQuery()) });
        await db.SaveChangesAsync(cancellation);
        var match = await finder.ResolveAsync(db, caller, query, cancellation);
        await foreach (var job in JobFinder.Ordered(match.Query(db), query).Select(JobItem.Of).AsAsyncEnumerable().WithCancellation(cancellation)) yield return words.Read(job);
    }

    public async Task<JobCounts> CountsAsync(CancellationToken cancellation = default)
    {
        var caller = await guard.Require(JobsPermissions.Read, cancellation);
        return await figures.CountsAsync(caller.TenantId).WaitAsync(cancellation);
    }

    public async Task<IReadOnlyList<JobMinute>> MinutesAsync(CancellationToken cancellation = default)
    {
        var caller = await guard.Require(JobsPermissions.Read, cancellation);
        return await figures.MinutesAsync(caller.TenantId).WaitAsync(cancellation);
    }

    /// <summary>The newest jobs in a state.</summary>
    public async Task<IReadOnlyList<JobItem>> LatestAsync(JobState state, int count, CancellationToken cancellation = default)
    {
        var caller = await guard.Require(JobsPermissions.Read, cancellation);
        await using var db = await databases.CreateDbContextAsync(cancellation);
        return await ReadAsync(await db.Set<Job>().AsNoTracking().Where(j => j.TenantId == caller.TenantId && j.State == state).OrderByDescending(j => j.Id).Take(count).Select(JobItem.Of).ToListAsync(cancellation), cancellation);
    }

    /// <returns>Null if there is no such job for the caller.</returns>
    public async Task<JobDetail?> GetAsync(long id, CancellationToken cancellation = default)
    {
        var caller = await guard.Require(JobsPermissions.Read, cancellation);
        await using var db = await databases.CreateDbContextAsync(cancellation);
        var job = await Visible(db, caller).AsNoTracking().SingleOrDefaultAsync(j => j.Id == id, cancellation);
        if (job is null) return null;
        var owner = job.OwnerId is { } ownerId ? await db.Users.Where(u => u.Id == ownerId).Select(u => u.DisplayName).SingleOrDefaultAsync(cancellation) : null;
        return new JobDetail(
            (await ReadAsync([JobItem.From(job)], cancellation))[0], job.Queue, JobArguments.Show(job.Arguments, types.Find(job.Type)), job.IdempotencyKey, job.OwnerId, owner, job.LeaseUntil, await runTimes.TypicalAsync(caller.TenantId, job.Type, cancellation))
        {
            StopRequestedAt = job.StopRequestedAt, Tags = job.Tags, Schedule = job.Schedule, LimitKey = job.LimitKey, Cursor = job.Cursor is { } cursor ? JobArguments.Show(cursor, null) : null, UnknownFor = nodes.Patience,
        };
    }

    /// <summary>The caller's own job, for pages that show its progress beside its object; null if it is somebody else's.</summary>
    public async Task<JobItem?> MineAsync(long id, CancellationToken cancellation = default)
    {
        var caller = await guard.RequireSignedIn(cancellation);
        await using var db = await databases.CreateDbContextAsync(cancellation);
        var mine = await db.Set<Job>().AsNoTracking().Where(j => j.Id == id && j.TenantId == caller.TenantId && j.OwnerId == caller.UserId && j.OwnerId != null).Select(JobItem.Of).SingleOrDefaultAsync(cancellation);
        return mine is null ? null : words.Read(mine);
    }

    /// <summary>Finished runs, oldest first.</summary>
    public async Task<IReadOnlyList<JobAttempt>> AttemptsAsync(long id, CancellationToken cancellation = default)
    {
        var caller = await guard.Require(JobsPermissions.Read, cancellation);
        await using var db = await databases.CreateDbContextAsync(cancellation);
        if (!await Visible(db, caller).AnyAsync(j => j.Id == id, cancellation)) return [];
        return await db.Set<JobAttempt>().AsNoTracking().Where(a => a.JobId == id).OrderBy(a => a.StartedAt).Take(200).ToListAsync(cancellation);
    }

    /// <summary>Lines after <paramref name="afterId"/>, oldest first, at most 500; without it the last 500.</summary>
    /// <param name="least">Only lines of this level or a worse one.</param>
    public async Task<IReadOnlyList<JobLogLine>> LogAsync(long id, long? afterId = null, LogLevel least = LogLevel.Trace, CancellationToken cancellation = default)
    {
        var caller = await guard.Require(JobsPermissions.Read, cancellation);
        await using var db = await databases.CreateDbContextAsync(cancellation);
        if (!await Visible(db, caller).AnyAsync(j => j.Id == id, cancellation)) return [];
        var lines = db.Set<JobLogLine>().AsNoTracking().Where(l => l.JobId == id);
        if (least > LogLevel.Trace)
        {
            var levels = Enum.GetValues<LogLevel>().Where(l => l >= least).ToList();
            lines = lines.Where(l => levels.Contains(l.Level));
        }

        if (afterId is { } after) return await lines.Where(l => l.Id > after).OrderBy(l => l.Id).Take(MostLines).ToListAsync(cancellation);
        var last = await lines.OrderByDescending(l => l.Id).Take(MostLines).ToListAsync(cancellation);
        last.Reverse();
        return last;
    }

    public Task<JobCommandResult> CancelAsync(long id, CancellationToken cancellation = default) => OneAsync(JobAction.Cancel, id, cancellation);

    public Task<JobCommandResult> RetryAsync(long id, CancellationToken cancellation = default) => OneAsync(JobAction.Retry, id, cancellation);

    public Task<JobCommandResult> DiscardAsync(long id, CancellationToken cancellation = default) => OneAsync(JobAction.Discard, id, cancellation);

    private async Task<IReadOnlyList<JobItem>> ReadAsync(IReadOnlyList<JobItem> jobs, CancellationToken cancellation)
    {
        var unknown = await nodes.UnknownAsync(jobs.Where(j => j.State == JobState.Queued).Select(j => j.Type), cancellation);
        return [.. jobs.Select(job => words.Read(job) with { NoNode = job.State == JobState.Queued && unknown.Contains(job.Type) })];
    }

    private static IQueryable<Job> Visible(AppDbContext db, Caller caller) => db.Set<Job>().Where(j => j.TenantId == caller.TenantId);

    private async Task<JobCommandResult> OneAsync(JobAction action, long id, CancellationToken cancellation)
    {
        var caller = await guard.Require(JobsPermissions.Manage, cancellation);
        await using var db = await databases.CreateDbContextAsync(cancellation);
        var found = await Visible(db, caller).Where(j => j.Id == id).Select(j => new { j.Type, j.Subject }).SingleOrDefaultAsync(cancellation);
        if (found is null) return JobCommandResult.NotFound;
        if (action == JobAction.Retry && types.Find(found.Type)?.Rules.Needs is { } needed) await guard.Require(needed, cancellation);
        await using var transaction = await db.Database.BeginTransactionAsync(cancellation);
        var changed = await changer.ApplyAsync(db, caller.TenantId, action, [id], patient: true, cancellation);
        if (changed.Count == 0) return JobCommandResult.NotPossible;
        db.Audit(caller, BulkService.Verb(action), "job", id, found.Subject ?? found.Type, new { found.Type });
        await db.SaveChangesAsync(cancellation);
        await transaction.CommitAsync(cancellation);
        changer.Tell(JobChanger.StateAfter(action), changed);
        return changed[0].Asked ? JobCommandResult.Requested : JobCommandResult.Done;
    }
}
