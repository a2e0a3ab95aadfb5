using System.Globalization;
using System.Runtime.CompilerServices;
using BlazorAdmin.Data;
using BlazorAdmin.Features.Audit;
using BlazorAdmin.Live;
using BlazorAdmin.Security;
using BlazorAdmin.Shell.Lists;

namespace BlazorAdmin.Features.Jobs;

/// <summary>What people see of jobs and do to them.</summary>
public sealed class JobsService(
    Guard guard, IDbContextFactory<AppDbContext> databases, JobTypes types, JobFigures figures,
    JobWords words, JobCancellation cancellations, Topic<JobChanged> changes, Topic<JobsReady> ready)
{
    public const string StateFilter = "state";
    public const string TypeFilter = "type";

    private const int MostLines = 500;
    private static readonly TimeSpan BulkTimeout = TimeSpan.FromMinutes(5);
    private static readonly Keyset<Job> Orders = Keyset<Job>.Create(j => j.Id, "id", descending: true).By("id", j => j.Id);

    public async Task<ListPage<JobItem>> ListAsync(ListQuery query, CancellationToken cancellation = default)
    {
        var caller = await guard.Require(JobsPermissions.Read, cancellation);
        await using var db = await databases.CreateDbContextAsync(cancellation);
        var matching = Matching(db, caller, query);
        var page = await Orders.Page(db, matching, query, JobItem.Of, cancellation);
        page = page with { Rows = Read(page.Rows) };
        // A search may have to look at every row, so only what an index answers is counted.
        return query.Anchor is null && query.Search.Length == 0 ? page with { Total = await matching.CountUpTo(cancellation) } : page;
    }

    /// <summary>Every job that matches, in the list's order.</summary>
    public async IAsyncEnumerable<JobItem> ExportAsync(ListQuery query, [EnumeratorCancellation] CancellationToken cancellation = default)
    {
        var caller = await guard.Require(JobsPermissions.Read, cancellation);
        await using var db = await databases.CreateDbContextAsync(cancellation);
        db.Audit(caller, "jobs.export", "job", detail: new { query = query.ToQueryString(new ListQuery()) });
        await db.SaveChangesAsync(cancellation);
        await foreach (var job in Orders.Ordered(Matching(db, caller, query), query).Select(JobItem.Of).AsAsyncEnumerable().WithCancellation(cancellation)) yield return words.Read(job);
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
        return Read(await db.Set<Job>().AsNoTracking().Where(j => j.TenantId == caller.TenantId && j.State == state).OrderByDescending(j => j.Id).Take(count).Select(JobItem.Of).ToListAsync(cancellation));
    }

    /// <returns>Null if there is no such job for the caller.</returns>
    public async Task<JobDetail?> GetAsync(long id, CancellationToken cancellation = default)
    {
        var caller = await guard.Require(JobsPermissions.Read, cancellation);
        await using var db = await databases.CreateDbContextAsync(cancellation);
        var job = await Visible(db, caller).AsNoTracking().SingleOrDefaultAsync(j => j.Id == id, cancellation);
        if (job is null) return null;
        var owner = job.OwnerId is { } ownerId ? await db.Users.Where(u => u.Id == ownerId).Select(u => u.DisplayName).SingleOrDefaultAsync(cancellation) : null;
        var runs = await db.Set<Job>().Where(j => j.TenantId == caller.TenantId && j.Type == job.Type && j.State == JobState.Succeeded && j.StartedAt != null && j.FinishedAt != null)
            .OrderByDescending(j => j.Id).Take(21).Select(j => new { j.StartedAt, j.FinishedAt }).ToListAsync(cancellation);
        var times = runs.Select(r => r.FinishedAt!.Value - r.StartedAt!.Value).Order().ToList();
        return new JobDetail(
            words.Read(JobItem.From(job)), job.Queue, JobArguments.Show(job.Arguments, types.Find(job.Type)), job.IdempotencyKey, job.OwnerId, owner, job.LeaseUntil,
            times.Count == 0 ? null : times[times.Count / 2]);
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

    public Task<JobCommandResult> CancelAsync(long id, CancellationToken cancellation = default) => OneAsync("jobs.cancel", id, CancelAsync, cancellation);

    public Task<JobCommandResult> RetryAsync(long id, CancellationToken cancellation = default) => OneAsync("jobs.retry", id, RetryAsync, cancellation);

    /// <returns>How many were cancelled or told to stop.</returns>
    public Task<int> CancelAsync(ListSelection selection, CancellationToken cancellation = default) => ManyAsync("jobs.cancel", selection, CancelAsync, cancellation);

    /// <returns>How many wait to run again.</returns>
    public Task<int> RetryAsync(ListSelection selection, CancellationToken cancellation = default) => ManyAsync("jobs.retry", selection, RetryAsync, cancellation);

    private IReadOnlyList<JobItem> Read(IReadOnlyList<JobItem> jobs) => [.. jobs.Select(words.Read)];

    private static IQueryable<Job> Visible(AppDbContext db, Caller caller) => db.Set<Job>().Where(j => j.TenantId == caller.TenantId);

    private static IQueryable<Job> Matching(AppDbContext db, Caller caller, ListQuery query)
    {
        var jobs = Visible(db, caller).AsNoTracking();
        if (Enum.TryParse<JobState>(query.Filter(StateFilter), ignoreCase: true, out var state) && Enum.IsDefined(state)) jobs = jobs.Where(j => j.State == state);
        if (query.Filter(TypeFilter) is { } type) jobs = jobs.Where(j => j.Type == type);
        var text = query.Search.Trim();
        if (text.Length == 0) return jobs;
        if (long.TryParse(text.TrimStart('#'), CultureInfo.InvariantCulture, out var id)) return jobs.Where(j => j.Id == id);
        var pattern = text.ToLowerInvariant();
        return jobs.Where(j => j.Type.StartsWith(pattern) || (j.Subject != null && j.Subject.ToLower().Contains(pattern)));
    }

    private async Task<JobCommandResult> OneAsync(string action, long id, Command command, CancellationToken cancellation)
    {
        var caller = await guard.Require(JobsPermissions.Manage, cancellation);
        await using var db = await databases.CreateDbContextAsync(cancellation);
        var found = await Visible(db, caller).Where(j => j.Id == id).Select(j => new { j.Type, j.Subject }).SingleOrDefaultAsync(cancellation);
        if (found is null) return JobCommandResult.NotFound;
        await using var transaction = await db.Database.BeginTransactionAsync(cancellation);
        var outcome = await command(db, Visible(db, caller).Where(j => j.Id == id), cancellation);
        if (outcome.Count == 0) return JobCommandResult.NotPossible;
        db.Audit(caller, action, "job", id, found.Subject ?? found.Type, new { found.Type });
        await db.SaveChangesAsync(cancellation);
        await transaction.CommitAsync(cancellation);
        var written = await db.Set<Job>().Where(j => j.Id == id).Select(j => new { j.Version, j.State }).SingleAsync(cancellation);
        changes.Publish(new JobChanged(id, written.Version, written.State));
        Tell(outcome);
        return outcome.Running.Count > 0 ? JobCommandResult.Requested : JobCommandResult.Done;
    }

    private async Task<int> ManyAsync(string action, ListSelection selection, Command command, CancellationToken cancellation)
    {
        var caller = await guard.Require(JobsPermissions.Manage, cancellation);
        await using var db = await databases.CreateDbContextAsync(cancellation);
        db.Database.SetCommandTimeout(BulkTimeout);
        var ids = selection.Ids.Select(id => long.TryParse(id, CultureInfo.InvariantCulture, out var number) ? number : 0).Where(id => id > 0).ToList();
        var jobs = selection.AllThatMatch ? Matching(db, caller, selection.Query) : Visible(db, caller).Where(j => ids.Contains(j.Id));
        await using var transaction = await db.Database.BeginTransactionAsync(cancellation);
        var outcome = await command(db, jobs, cancellation);
        db.Audit(caller, action, "job", detail: selection.AllThatMatch ? new { filter = selection.Query.ToQueryString(new ListQuery()) } : new { ids = ids.Take(1000) }, count: outcome.Count);
        await db.SaveChangesAsync(cancellation);
        await transaction.CommitAsync(cancellation);
        if (outcome.Count == 0) return 0;
        changes.Publish(JobChanged.Many(outcome.State));
        Tell(outcome);
        return outcome.Count;
    }

    private void Tell(Outcome outcome)
    {
        if (outcome.State == JobState.Queued) ready.Publish(new JobsReady(""));
        cancellations.Tell(outcome.Running);
    }

    private async Task<Outcome> CancelAsync(AppDbContext db, IQueryable<Job> jobs, CancellationToken cancellation)
    {
        var (count, running) = await cancellations.MarkAsync(db, jobs, cancellation);
        return new Outcome(JobState.Cancelled, count, running);
    }

    private async Task<Outcome> RetryAsync(AppDbContext db, IQueryable<Job> jobs, CancellationToken cancellation)
    {
        var retryable = jobs.Where(j => j.State == JobState.Failed || j.State == JobState.Cancelled);
        var count = 0;
        foreach (var type in await retryable.Select(j => j.Type).Distinct().ToListAsync(cancellation))
        {
            var attempts = types.Find(type)?.Rules.MaxAttempts ?? 1;
            // Due since it ended: the database's own clock, and ahead of what came later.
            count += await retryable.Where(j => j.Type == type).ExecuteUpdateAsync(set => set
                .SetProperty(j => j.State, JobState.Queued).SetProperty(j => j.DueAt, j => j.FinishedAt ?? j.DueAt).SetProperty(j => j.FinishedAt, (DateTimeOffset?)null)
                .SetProperty(j => j.MaxAttempts, j => j.Attempts + attempts).SetProperty(j => j.CancelRequested, false)
                .SetProperty(j => j.Progress, (double?)null).SetProperty(j => j.ProgressMessage, (string?)null).SetProperty(j => j.Version, j => j.Version + 1), cancellation);
        }

        return new Outcome(JobState.Queued, count, []);
    }

    private delegate Task<Outcome> Command(AppDbContext db, IQueryable<Job> jobs, CancellationToken cancellation);

    /// <param name="Running">Jobs whose workers must be told.</param>
    private sealed record Outcome(JobState State, int Count, IReadOnlyList<long> Running);
}
