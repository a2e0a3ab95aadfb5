using System.Globalization;
using BlazorAdmin.Data;
using BlazorAdmin.Features.Audit;
using BlazorAdmin.Features.Jobs.Searching;
using BlazorAdmin.Security;
using BlazorAdmin.Shell.Lists;

namespace BlazorAdmin.Features.Jobs.Bulk;

/// <summary>What became of a command on several jobs.</summary>
/// <param name="Changed">The jobs, where it was carried out at once.</param>
/// <param name="BulkId">The job that carries it out, where there are many.</param>
public sealed record BulkResult(JobAction Action, IReadOnlyList<ChangedJob> Changed, long? BulkId);

/// <summary>Retries, cancels and discards what people picked: a few jobs at once, many as a job of its own. Both can be undone for a day.</summary>
public sealed class BulkService(Guard guard, IDbContextFactory<AppDbContext> databases, JobFinder finder, JobChanger changer, TimeProvider time) : IUndoableJobs
{
    public string Type => BulkJobs.Name;

    /// <summary>Up to here no job is needed.</summary>
    public const int AtOnce = 100;

    public static readonly TimeSpan UndoFor = TimeSpan.FromHours(24);

    public async Task<BulkResult> DoAsync(JobAction action, ListSelection selection, CancellationToken cancellation = default)
    {
        var caller = await guard.Require(JobsPermissions.Manage, cancellation);
        await using var db = await databases.CreateDbContextAsync(cancellation);
        var filter = selection.AllThatMatch ? selection.Query.Matching().ToQueryString(new ListQuery()) : null;
        var ids = filter is null ? Numbers(selection.Ids) : await FirstAsync(db, caller, action, selection.Query, cancellation);
        return ids.Count <= AtOnce ? await NowAsync(db, caller, action, ids, filter, cancellation) : await LaterAsync(db, caller, action, filter is null ? ids : null, filter, selection.Count.Count, cancellation);
    }

    /// <summary>Takes a command back that was carried out at once.</summary>
    /// <returns>How many jobs have their former state again.</returns>
    public async Task<int> UndoAsync(BulkResult result, CancellationToken cancellation = default)
    {
        var caller = await guard.Require(JobsPermissions.Manage, cancellation);
        await using var db = await databases.CreateDbContextAsync(cancellation);
        await using var transaction = await db.Database.BeginTransactionAsync(cancellation);
        var count = await changer.UndoAsync(db, caller.TenantId, result.Action, [.. result.Changed.Take(AtOnce)], cancellation);
        db.Audit(caller, "jobs.undo", "job", detail: new { action = result.Action.ToString(), ids = result.Changed.Take(AtOnce).Select(c => c.Id) }, count: count);
        await db.SaveChangesAsync(cancellation);
        await transaction.CommitAsync(cancellation);
        if (count > 0) changer.TellUndone();
        return count;
    }

    /// <summary>Whether <paramref name="bulkId"/> is a command on many jobs that can still be taken back.</summary>
    public async Task<bool> CanUndoAsync(long bulkId, CancellationToken cancellation = default)
    {
        var caller = await guard.Require(JobsPermissions.Read, cancellation);
        await using var db = await databases.CreateDbContextAsync(cancellation);
        return await UndoableAsync(db, caller, bulkId, cancellation) is not null;
    }

    /// <summary>Takes back, as a job, what the job <paramref name="bulkId"/> did; one that still runs is stopped first.</summary>
    /// <returns>The new job; null if there is nothing (any more) to take back.</returns>
    public async Task<long?> UndoAsync(long bulkId, CancellationToken cancellation = default)
    {
        var caller = await guard.Require(JobsPermissions.Manage, cancellation);
        await using var db = await databases.CreateDbContextAsync(cancellation);
        if (await UndoableAsync(db, caller, bulkId, cancellation) is not { } bulk) return null;
        var count = await db.Set<JobBulkChange>().CountAsync(c => c.BulkId == bulkId, cancellation);
        await using var transaction = await db.Database.BeginTransactionAsync(cancellation);
        var stopped = await changer.ApplyAsync(db, caller.TenantId, JobAction.Cancel, [bulkId], patient: true, cancellation);
        var undo = db.Enqueue(new UndoBulkJobs(bulkId, caller.UserId), caller, time.GetUtcNow(), new EnqueueOptions { Subject = bulk.Subject, SubjectUrl = $"/admin/jobs?item={bulkId}" });
        db.Audit(caller, "jobs.undo", "job", bulkId, bulk.Subject, new { job = bulkId }, count);
        await db.SaveChangesAsync(cancellation);
        await transaction.CommitAsync(cancellation);
        changer.Tell(JobState.Cancelled, stopped);
        return undo.Id;
    }

    private async Task<Job?> UndoableAsync(AppDbContext db, Caller caller, long bulkId, CancellationToken cancellation)
    {
        var since = time.GetUtcNow() - UndoFor;
        var bulk = await db.Set<Job>().AsNoTracking().SingleOrDefaultAsync(j => j.Id == bulkId && j.TenantId == caller.TenantId && j.Type == BulkJobs.Name && j.CreatedAt > since, cancellation);
        return bulk is not null && (!bulk.State.IsFinal() || await db.Set<JobBulkChange>().AnyAsync(c => c.BulkId == bulkId, cancellation)) ? bulk : null;
    }

    private async Task<BulkResult> NowAsync(AppDbContext db, Caller caller, JobAction action, IReadOnlyList<long> ids, string? filter, CancellationToken cancellation)
    {
        await using var transaction = await db.Database.BeginTransactionAsync(cancellation);
        var changed = await changer.ApplyToManyAsync(db, caller.TenantId, action, ids, patient: true, cancellation);
        db.Audit(caller, Verb(action), "job", detail: filter is null ? new { ids } : new { filter }, count: changed.Count);
        await db.SaveChangesAsync(cancellation);
        await transaction.CommitAsync(cancellation);
        changer.Tell(JobChanger.StateAfter(action), changed);
        return new BulkResult(action, changed, null);
    }

    private async Task<BulkResult> LaterAsync(AppDbContext db, Caller caller, JobAction action, IReadOnlyList<long>? ids, string? filter, int count, CancellationToken cancellation)
    {
        var upTo = await db.Set<Job>().OrderByDescending(j => j.Id).Select(j => j.Id).FirstAsync(cancellation);
        await using var transaction = await db.Database.BeginTransactionAsync(cancellation);
        var subject = $"{action}: {(filter is { Length: > 0 } ? Uri.UnescapeDataString(filter) : filter is null ? $"{ids!.Count} jobs" : "all jobs")}";
        var bulk = db.Enqueue(new BulkJobs(action, filter, ids, caller.UserId, upTo), caller, time.GetUtcNow(), new EnqueueOptions { Subject = subject });
        await db.SaveChangesAsync(cancellation);
        db.Audit(caller, Verb(action), "job", bulk.Id, subject, filter is null ? new { ids = ids!.Take(1000), upTo } : new { filter, upTo }, Math.Max(count, ids?.Count ?? 0));
        await db.SaveChangesAsync(cancellation);
        await transaction.CommitAsync(cancellation);
        return new BulkResult(action, [], bulk.Id);
    }

    /// <summary>The first jobs that match and that the command can change, one more than are done at once.</summary>
    private async Task<List<long>> FirstAsync(AppDbContext db, Caller caller, JobAction action, ListQuery query, CancellationToken cancellation)
    {
        var match = await finder.ResolveAsync(db, caller, query, cancellation);
        var ids = new List<long>();
        foreach (var state in JobChanger.StatesFor(action).Where(s => match.Criteria.InState is null || match.Criteria.InState == s))
        {
            var wanted = AtOnce + 1 - ids.Count;
            var jobs = (match with { Criteria = match.Criteria with { InState = state } }).Parts(db).FirstOf(wanted, part => part.OrderByDescending(j => j.Id));
            ids.AddRange(await jobs.OrderByDescending(j => j.Id).Take(wanted).Select(j => j.Id).ToListAsync(cancellation));
            if (ids.Count > AtOnce) break;
        }

        return ids;
    }

    private static List<long> Numbers(IEnumerable<string> ids) =>
        [.. ids.Select(id => long.TryParse(id, CultureInfo.InvariantCulture, out var number) ? number : 0).Where(id => id > 0).Distinct()];

    internal static string Verb(JobAction action) => action switch
    {
        JobAction.Retry => "jobs.retry",
        JobAction.Cancel => "jobs.cancel",
        _ => "jobs.discard",
    };
}
