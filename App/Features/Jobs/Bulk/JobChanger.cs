using System.Text.Json;
using BlazorAdmin.Data;
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
public readonly record struct ChangedJob(long Id, JobState Before);

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

        return changed;
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
        return asked == 0 ? [] : running.Select(id => new ChangedJob(id, JobState.Running));
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
