using System.Text.Json;
using BlazorAdmin.Data;
using BlazorAdmin.Features.Jobs.Following;
using BlazorAdmin.Features.Jobs.Rules;
using BlazorAdmin.Live;

namespace BlazorAdmin.Features.Jobs.Bulk;

/// <summary>What a person can do to one job or many.</summary>
public enum JobAction
{
    Retry,
    Cancel,
    Discard,
}

/// <summary>One job that a command changed.</summary>
/// <param name="Asked">It runs on and was told to stop.</param>
public readonly record struct ChangedJob(long Id, JobState Before, bool Asked = false);

/// <summary>
/// Carries the commands out, and takes them back, on jobs named by id: a few statements however many there are. The caller
/// has authorised, opens the transaction, and tells the topics after the commit.
/// </summary>
public sealed class JobChanger(JobTypes types, JobRules rules, IDatabaseDialect dialect, TimeProvider time, Topic<JobChanged> changes, Topic<JobsReady> ready, Topic<JobCancelRequested> cancels)
{
    private const int MostNamed = 50;
    private const string PostgresLock = """SELECT "Id" AS "Value" FROM "Jobs" WHERE "Id" = ANY({0}) AND "State" = {1} ORDER BY "Id" FOR UPDATE""";
    private const string PostgresLockFree = PostgresLock + " SKIP LOCKED";
    private const string SqlServerLock = """SELECT j."Id" AS "Value" FROM "Jobs" j WITH (UPDLOCK, ROWLOCK) WHERE j."Id" IN (SELECT CAST(value AS bigint) FROM OPENJSON({0})) AND j."State" = {1}""";
    private const string SqlServerLockFree = """SELECT j."Id" AS "Value" FROM "Jobs" j WITH (UPDLOCK, ROWLOCK, READPAST) WHERE j."Id" IN (SELECT CAST(value AS bigint) FROM OPENJSON({0})) AND j."State" = {1}""";

    /// <summary>The states in which <paramref name="action"/> finds something to do.</summary>
    public static IReadOnlyList<JobState> StatesFor(JobAction action) => action switch
    {
        JobAction.Retry => [.. Enum.GetValues<JobState>().Where(s => s.CanRetry())],
        JobAction.Cancel => [JobState.Queued, JobState.Waiting, JobState.Running],
        _ => [.. Enum.GetValues<JobState>().Where(s => s.CanDiscard())],
    };

    public static JobState StateAfter(JobAction action) => action switch
    {
        JobAction.Retry => JobState.Queued,
        JobAction.Cancel => JobState.Cancelled,
        _ => JobState.Discarded,
    };

    /// <param name="ids">At most a thousand or so.</param>
    /// <param name="patient">Waits for jobs that somebody else changes right now; otherwise they are left out.</param>
    /// <returns>The jobs that were in a state for it.</returns>
    internal async Task<IReadOnlyList<ChangedJob>> ApplyAsync(AppDbContext db, Guid tenant, JobAction action, IReadOnlyList<long> ids, bool patient, CancellationToken cancellation)
    {
        var changed = new List<ChangedJob>();
        foreach (var state in StatesFor(action))
        {
            if (state == JobState.Running)
            {
                changed.AddRange(await GiveUpAsync(db, tenant, ids, cancellation));
                changed.AddRange(await AskToStopAsync(db, tenant, ids, cancellation));
                continue;
            }

            var held = await LockAsync(db, ids, state, patient, cancellation);
            if (held.Count == 0) continue;
            var jobs = db.Set<Job>().Where(j => held.Contains(j.Id) && j.TenantId == tenant && j.State == state);
            var count = action switch
            {
                JobAction.Retry => await RetryAsync(jobs, cancellation),
                JobAction.Cancel => await CancelAsync(jobs, cancellation),
                _ => await jobs.ExecuteUpdateAsync(set => set.SetProperty(j => j.State, JobState.Discarded).SetProperty(j => j.Version, j => j.Version + 1), cancellation),
            };
            // All that were locked, unless some belong to another tenant.
            if (count == held.Count) changed.AddRange(held.Select(id => new ChangedJob(id, state)));
            else if (count > 0) changed.AddRange((await db.Set<Job>().Where(j => held.Contains(j.Id) && j.TenantId == tenant).Select(j => j.Id).ToListAsync(cancellation)).Select(id => new ChangedJob(id, state)));
        }

        if (action == JobAction.Cancel) await CancelMembersAsync(db, tenant, [.. changed.Where(c => c.Before == JobState.Waiting).Select(c => c.Id)], cancellation);
        if (action == JobAction.Retry) await RetryMembersAsync(db, tenant, ids, cancellation);
        var followers = await JobFollowers.EndedAsync(db, changed.Select(c => c.Id), cancellation);
        if (followers.Count > 0) db.AfterCommit(() => changes.Publish(followers));
        return changed;
    }

    /// <summary>As <see cref="ApplyAsync"/>, for commands on many: what asks for a permission of its own is run again one by one.</summary>
    internal async Task<IReadOnlyList<ChangedJob>> ApplyToManyAsync(AppDbContext db, Guid tenant, JobAction action, IReadOnlyList<long> ids, bool patient, CancellationToken cancellation)
    {
        if (action == JobAction.Retry)
        {
            var delicate = types.All.Where(t => t.Rules.Needs is not null).Select(t => t.Name).ToList();
            var left = delicate.Count == 0 ? [] : await db.Set<Job>().Where(j => ids.Contains(j.Id) && delicate.Contains(j.Type)).Select(j => j.Id).ToListAsync(cancellation);
            if (left.Count > 0) ids = [.. ids.Except(left)];
        }

        return await ApplyAsync(db, tenant, action, ids, patient, cancellation);
    }

    /// <summary>For slices that stop work on a thing of theirs, in the transaction of their command: those that wait end at once, the workers of those that run are told after the commit.</summary>
    public async Task CancelAsync(AppDbContext db, Guid tenant, IReadOnlyList<long> ids, CancellationToken cancellation)
    {
        var changed = await ApplyAsync(db, tenant, JobAction.Cancel, ids, patient: true, cancellation);
        if (changed.Count > 0) db.AfterCommit(() => Tell(JobState.Cancelled, changed));
    }

    /// <summary>Gives jobs back the state they had, where nothing happened to them since.</summary>
    /// <returns>How many were.</returns>
    internal async Task<int> UndoAsync(AppDbContext db, Guid tenant, JobAction action, IReadOnlyList<ChangedJob> changed, CancellationToken cancellation)
    {
        var count = 0;
        foreach (var group in changed.GroupBy(c => c.Before))
        {
            var (before, ids) = (group.Key, group.Select(c => c.Id).ToList());
            var after = StateAfter(action);
            var jobs = db.Set<Job>().Where(j => ids.Contains(j.Id) && j.TenantId == tenant && j.State == after);
            if (action == JobAction.Discard)
                count += await jobs.ExecuteUpdateAsync(set => set.SetProperty(j => j.State, before).SetProperty(j => j.Version, j => j.Version + 1), cancellation);
            else if (action == JobAction.Cancel && before == JobState.Queued)
                count += await jobs.ExecuteUpdateAsync(set => set.SetProperty(j => j.State, before).SetProperty(j => j.FinishedAt, (DateTimeOffset?)null).SetProperty(j => j.Version, j => j.Version + 1), cancellation);
            else if (action == JobAction.Retry) count += await UndoRetryAsync(jobs, before, cancellation);
        }

        return count;
    }

    /// <summary>Call after the commit.</summary>
    internal void Tell(JobState state, IReadOnlyList<ChangedJob> changed)
    {
        if (changed.Count == 0) return;
        changes.Publish(JobChanged.Many(state));
        if (state == JobState.Queued) ready.Publish(new JobsReady(""));
        foreach (var running in changed.Where(c => c.Before == JobState.Running).Select(c => c.Id).Chunk(MostNamed)) cancels.Publish(new JobCancelRequested(running));
    }

    /// <summary>Call after the commit of an undo.</summary>
    internal void TellUndone()
    {
        changes.Publish(JobChanged.Many(JobState.Queued));
        ready.Publish(new JobsReady(""));
    }

    private async Task<int> CancelAsync(IQueryable<Job> jobs, CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        return await jobs.ExecuteUpdateAsync(set => set.SetProperty(j => j.State, JobState.Cancelled).SetProperty(j => j.FinishedAt, now).SetProperty(j => j.Version, j => j.Version + 1), cancellation);
    }

    private static async Task<IEnumerable<ChangedJob>> AskToStopAsync(AppDbContext db, Guid tenant, IReadOnlyList<long> ids, CancellationToken cancellation)
    {
        var jobs = db.Set<Job>().Where(j => ids.Contains(j.Id) && j.TenantId == tenant && j.State == JobState.Running && !j.CancelRequested);
        var running = await jobs.Select(j => j.Id).ToListAsync(cancellation);
        if (running.Count == 0) return [];
        var asked = await jobs.ExecuteUpdateAsync(set => set.SetProperty(j => j.CancelRequested, true).SetProperty(j => j.Version, j => j.Version + 1), cancellation);
        return asked == 0 ? [] : running.Select(id => new ChangedJob(id, JobState.Running, Asked: true));
    }

    /// <summary>A run that ignores its cancellation is given up: its token is gone, so whatever it still writes is refused.</summary>
    private async Task<IEnumerable<ChangedJob>> GiveUpAsync(AppDbContext db, Guid tenant, IReadOnlyList<long> ids, CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        var stuck = db.Set<Job>().Where(j => ids.Contains(j.Id) && j.TenantId == tenant && j.State == JobState.Running && j.CancelRequested && j.StuckAt != null);
        var found = await stuck.Select(j => j.Id).ToListAsync(cancellation);
        if (found.Count == 0) return [];
        await stuck.ExecuteUpdateAsync(set => set.SetProperty(j => j.State, JobState.Cancelled).SetProperty(j => j.FinishedAt, now).SetProperty(j => j.Error, JobReasons.GivenUp)
            .SetProperty(j => j.Token, (Guid?)null).SetProperty(j => j.LeaseUntil, (DateTimeOffset?)null).SetProperty(j => j.StuckAt, (DateTimeOffset?)null).SetProperty(j => j.Version, j => j.Version + 1), cancellation);
        return found.Select(id => new ChangedJob(id, JobState.Running));
    }

    /// <summary>What a batch consists of ends with it.</summary>
    private async Task CancelMembersAsync(AppDbContext db, Guid tenant, IReadOnlyList<long> batches, CancellationToken cancellation)
    {
        if (batches.Count == 0) return;
        var members = db.Set<Job>().Where(j => j.BatchId != null && batches.Contains(j.BatchId.Value) && j.TenantId == tenant);
        await CancelAsync(members.Where(j => j.State == JobState.Queued || j.State == JobState.Waiting), cancellation);
        var running = await members.Where(j => j.State == JobState.Running && !j.CancelRequested).Select(j => j.Id).ToListAsync(cancellation);
        if (running.Count == 0) return;
        await AskToStopAsync(db, tenant, running, cancellation);
        db.AfterCommit(() =>
        {
            foreach (var some in running.Chunk(MostNamed)) cancels.Publish(new JobCancelRequested(some));
        });
    }

    /// <summary>A batch has no handler: run again, its members that did not succeed run, and it waits for them.</summary>
    private async Task RetryMembersAsync(AppDbContext db, Guid tenant, IReadOnlyList<long> ids, CancellationToken cancellation)
    {
        var batches = await db.Set<Job>().Where(j => ids.Contains(j.Id) && j.TenantId == tenant && j.Type == BatchOf.Name && j.State == JobState.Queued).Select(j => j.Id).ToListAsync(cancellation);
        foreach (var batch in batches)
        {
            var members = db.Set<Job>().Where(j => j.BatchId == batch);
            await RetryAsync(members.Where(j => j.State == JobState.Failed || j.State == JobState.Cancelled || j.State == JobState.Discarded), cancellation);
            var open = await members.CountAsync(j => j.State == JobState.Queued || j.State == JobState.Running || j.State == JobState.Waiting, cancellation);
            // Without any it ends at once, as an empty batch does.
            await db.Set<Job>().Where(j => j.Id == batch).ExecuteUpdateAsync(set => set.SetProperty(j => j.State, open == 0 ? JobState.Succeeded : JobState.Waiting).SetProperty(j => j.WaitsFor, open)
                .SetProperty(j => j.FinishedAt, j => open == 0 ? j.DueAt : null).SetProperty(j => j.Error, (string?)null), cancellation);
        }
    }

    private async Task<int> RetryAsync(IQueryable<Job> jobs, CancellationToken cancellation)
    {
        var count = 0;
        foreach (var type in await jobs.Select(j => j.Type).Distinct().ToListAsync(cancellation))
        {
            var attempts = AttemptsOf(type);
            // Due since it ended: the database's own clock, and ahead of what came later.
            count += await jobs.Where(j => j.Type == type).ExecuteUpdateAsync(set => set
                .SetProperty(j => j.State, JobState.Queued).SetProperty(j => j.DueAt, j => j.FinishedAt ?? j.DueAt).SetProperty(j => j.FinishedAt, (DateTimeOffset?)null)
                .SetProperty(j => j.MaxAttempts, j => j.Attempts + attempts).SetProperty(j => j.CancelRequested, false)
                .SetProperty(j => j.StopRequestedAt, (DateTimeOffset?)null).SetProperty(j => j.StuckAt, (DateTimeOffset?)null)
                .SetProperty(j => j.Progress, (double?)null).SetProperty(j => j.ProgressMessage, (string?)null).SetProperty(j => j.Version, j => j.Version + 1), cancellation);
        }

        return count;
    }

    // Only those that have not run since the retry: all the attempts it gave are left. It made them due when they had ended.
    private async Task<int> UndoRetryAsync(IQueryable<Job> jobs, JobState before, CancellationToken cancellation)
    {
        var count = 0;
        foreach (var type in await jobs.Select(j => j.Type).Distinct().ToListAsync(cancellation))
        {
            var attempts = AttemptsOf(type);
            count += await jobs.Where(j => j.Type == type && j.MaxAttempts == j.Attempts + attempts).ExecuteUpdateAsync(set => set
                .SetProperty(j => j.State, before).SetProperty(j => j.FinishedAt, j => j.DueAt).SetProperty(j => j.MaxAttempts, j => j.Attempts).SetProperty(j => j.Version, j => j.Version + 1), cancellation);
        }

        return count;
    }

    private int AttemptsOf(string type) => types.Find(type) is { } known ? rules.Of(known).MaxAttempts : 1;

    /// <summary>The ids that are in <paramref name="state"/> and stay so until the transaction ends.</summary>
    private Task<List<long>> LockAsync(AppDbContext db, IReadOnlyList<long> ids, JobState state, bool patient, CancellationToken cancellation) => dialect.Provider switch
    {
        DatabaseProvider.Postgres => db.Database.SqlQueryRaw<long>(patient ? PostgresLock : PostgresLockFree, ids.ToArray(), state.ToString()).ToListAsync(cancellation),
        _ => db.Database.SqlQueryRaw<long>(patient ? SqlServerLock : SqlServerLockFree, JsonSerializer.Serialize(ids), state.ToString()).ToListAsync(cancellation),
    };
}
