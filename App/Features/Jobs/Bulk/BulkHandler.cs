using System.Globalization;
using System.Text.Json;
using BlazorAdmin.Data;
using BlazorAdmin.Features.Jobs.Searching;
using BlazorAdmin.Features.Users;
using BlazorAdmin.Security;
using BlazorAdmin.Shell.Lists;

namespace BlazorAdmin.Features.Jobs.Bulk;

/// <summary>
/// Changes jobs a thousand at a time, each thousand in one commit with the rows that remember them. What is remembered is
/// done: a run after a crash goes on behind it, and a job that failed again meanwhile is not touched twice.
/// </summary>
public sealed class BulkHandler(IDbContextFactory<AppDbContext> databases, JobFinder finder, JobChanger changer, CurrentCaller current, TimeProvider time) : IJobHandler<BulkJobs>, IJobHandler<UndoBulkJobs>
{
    internal const int BatchSize = 1000;
    private const int MostCounted = 1_000_000;

    public async Task RunAsync(BulkJobs arguments, JobContext job, CancellationToken cancellation)
    {
        var caller = await CallerAsync(cancellation);
        await using var db = await databases.CreateDbContextAsync(cancellation);
        var match = arguments.Filter is { } filter ? await finder.ResolveAsync(db, caller, ListQuery.Parse(filter, new ListQuery()), cancellation) : null;
        var states = JobChanger.StatesFor(arguments.Action).Where(s => match?.Criteria.InState is null || match.Criteria.InState == s).ToList();
        var before = await db.Set<JobBulkChange>().CountAsync(c => c.BulkId == job.JobId, cancellation);
        var done = before;
        var total = before;
        foreach (var state in states) total += (await Left(db, job.JobId, arguments, match, state, 0).CountUpTo(MostCounted, cancellation)).Count;
        foreach (var state in states)
        {
            var after = 0L;
            while (await Left(db, job.JobId, arguments, match, state, after).OrderBy(j => j.Id).Take(BatchSize).Select(j => j.Id).ToListAsync(cancellation) is { Count: > 0 } ids)
            {
                await RequireRightAsync(db, arguments.CallerId, done, cancellation);
                done += await ChangeAsync(job.JobId, caller.TenantId, arguments.Action, ids, cancellation);
                after = ids[^1];
                Show(job, done, total);
            }
        }

        job.Progress(100, $"{Number(done)} of {Number(Math.Max(done, total))}");
        job.Info($"{arguments.Action}: {done} jobs changed{(before > 0 ? $", {before} of them by earlier runs" : "")}.");
    }

    public async Task RunAsync(UndoBulkJobs arguments, JobContext job, CancellationToken cancellation)
    {
        var caller = await CallerAsync(cancellation);
        await using var db = await databases.CreateDbContextAsync(cancellation);
        var stored = await db.Set<Job>().Where(j => j.Id == arguments.BulkId && j.TenantId == caller.TenantId && j.Type == BulkJobs.Name).Select(j => j.Arguments).SingleOrDefaultAsync(cancellation);
        if (stored is null || JsonSerializer.Deserialize<BulkJobs>(stored, JsonSerializerOptions.Web) is not { } bulk) throw new JobFailedException($"Job #{arguments.BulkId} is not there any more, so nothing can be taken back.");
        await EndedAsync(db, arguments.BulkId, job, time, cancellation);
        var changes = db.Set<JobBulkChange>().AsNoTracking().Where(c => c.BulkId == arguments.BulkId).OrderBy(c => c.JobId);
        var (total, seen, undone) = (await changes.CountAsync(cancellation), 0, 0);
        while (await changes.Take(BatchSize).ToListAsync(cancellation) is { Count: > 0 } rows)
        {
            await RequireRightAsync(db, arguments.CallerId, undone, cancellation);
            var ids = rows.ConvertAll(r => r.JobId);
            await using var transaction = await db.Database.BeginTransactionAsync(cancellation);
            undone += await changer.UndoAsync(db, caller.TenantId, bulk.Action, rows.ConvertAll(r => new ChangedJob(r.JobId, r.StateBefore)), cancellation);
            await db.Set<JobBulkChange>().Where(c => c.BulkId == arguments.BulkId && ids.Contains(c.JobId)).ExecuteDeleteAsync(cancellation);
            await transaction.CommitAsync(cancellation);
            changer.TellUndone();
            seen += rows.Count;
            Show(job, seen, total);
        }

        job.Progress(100, $"{Number(undone)} of {Number(seen)} taken back");
        job.Info($"{undone} of {seen} jobs have their former state again; the others have changed since.");
    }

    /// <summary>Waits until the command has stopped: it was told to.</summary>
    internal static async Task EndedAsync(AppDbContext db, long bulk, JobContext job, TimeProvider time, CancellationToken cancellation)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(200), time);
        while (!await db.Set<Job>().AnyAsync(j => j.Id == bulk && (j.State == JobState.Succeeded || j.State == JobState.Failed || j.State == JobState.Cancelled || j.State == JobState.Discarded), cancellation))
        {
            job.Progress(0, $"Job #{bulk} stops");
            await timer.WaitForNextTickAsync(cancellation);
        }
    }

    private async Task<int> ChangeAsync(long bulk, Guid tenant, JobAction action, List<long> ids, CancellationToken cancellation)
    {
        var changed = await BatchAsync(ids, patient: false);
        if (changed.Count == ids.Count) return changed.Count;
        // What somebody held right then is waited for, one by one so that nobody waits for us.
        var count = changed.Count;
        foreach (var id in ids.Except(changed.Select(c => c.Id)).ToList()) count += (await BatchAsync([id], patient: true)).Count;
        return count;

        async Task<IReadOnlyList<ChangedJob>> BatchAsync(List<long> batch, bool patient)
        {
            await using var db = await databases.CreateDbContextAsync(cancellation);
            await using var transaction = await db.Database.BeginTransactionAsync(cancellation);
            var found = await changer.ApplyToManyAsync(db, tenant, action, batch, patient, cancellation);
            db.AddRange(found.Select(c => new JobBulkChange { BulkId = bulk, JobId = c.Id, StateBefore = c.Before }));
            await db.SaveChangesAsync(cancellation);
            await transaction.CommitAsync(cancellation);
            changer.Tell(JobChanger.StateAfter(action), found);
            return found;
        }
    }

    /// <summary>What is still to be done in one state, behind an id.</summary>
    private static IQueryable<Job> Left(AppDbContext db, long bulk, BulkJobs arguments, JobMatch? match, JobState state, long after)
    {
        IQueryable<Job> jobs;
        if (match is not null) jobs = (match with { Criteria = match.Criteria with { InState = state } }).Query(db);
        else
        {
            var ids = arguments.Ids ?? [];
            jobs = db.Set<Job>().Where(j => ids.Contains(j.Id) && j.State == state);
        }

        var upTo = arguments.UpTo;
        jobs = jobs.Where(j => j.Id > after && j.Id <= upTo && j.Id != bulk && !db.Set<JobBulkChange>().Any(c => c.BulkId == bulk && c.JobId == j.Id));
        return state == JobState.Running ? jobs.Where(j => !j.CancelRequested) : jobs;
    }

    private static async Task RequireRightAsync(AppDbContext db, Guid? person, int done, CancellationToken cancellation)
    {
        if (person is not { } id) return;
        var isActive = await db.Users.AnyAsync(u => u.Id == id && u.DeactivatedAt == null, cancellation);
        if (!isActive || !(await UserRights.OfUserAsync(db, id, cancellation)).Contains(JobsPermissions.Manage))
            throw new JobFailedException($"Who asked for it may not manage jobs any more; it stopped after {done} jobs.");
    }

    private async Task<Caller> CallerAsync(CancellationToken cancellation) => await current.GetAsync(cancellation) ?? Caller.Portal;

    private static void Show(JobContext job, int done, int total) => job.Progress(total == 0 ? 100 : Math.Min(99, 100.0 * done / total), $"{Number(done)} of {Number(Math.Max(done, total))}");

    private static string Number(int count) => count.ToString("N0", CultureInfo.InvariantCulture);
}
