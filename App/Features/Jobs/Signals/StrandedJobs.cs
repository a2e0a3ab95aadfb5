using BlazorAdmin.Data;
using BlazorAdmin.Features.Jobs.Following;
using BlazorAdmin.Live;

namespace BlazorAdmin.Features.Jobs.Signals;

/// <summary>Lays jobs aside whose type no living node has known for <see cref="NodeTypes.Patience"/>: they stand among the failed ones, and a person decides.</summary>
internal sealed class StrandedJobs(IDbContextFactory<AppDbContext> databases, NodeTypes nodes, Topic<JobChanged> changes, ILogger<StrandedJobs> log)
{
    private const int BatchSize = 500;

    /// <param name="now">On the database's clock.</param>
    public async Task LayAsideAsync(DateTimeOffset now, CancellationToken cancellation)
    {
        await using var db = await databases.CreateDbContextAsync(cancellation);
        var since = now - nodes.Patience;
        var signals = await db.Set<JobSignal>().AsNoTracking().Where(s => s.Kind == SignalKind.UnknownType && s.ClearedAt == null && s.RaisedAt <= since).ToListAsync(cancellation);
        // Asked again: the signal may be left from a time when it could be known.
        if (signals.Count == 0 || await nodes.ReadAsync(db, now, cancellation) is not { } known) return;
        foreach (var signal in signals.Where(s => !known.Contains(s.Subject)))
        {
            var count = 0;
            for (var some = -1; some != 0; count += some) some = await LayAsideAsync(db, signal, since, now, cancellation);
            if (count > 0) JobsLog.LaidAside(log, count, signal.Subject);
        }
    }

    /// <returns>How many of one batch were; 0 if nothing is left.</returns>
    private async Task<int> LayAsideAsync(AppDbContext db, JobSignal signal, DateTimeOffset since, DateTimeOffset now, CancellationToken cancellation)
    {
        var waiting = db.Set<Job>().Where(j => j.State == JobState.Queued && j.Type == signal.Subject && j.TenantId == signal.TenantId && j.DueAt <= since);
        var ids = await waiting.Where(j => j.LimitKey == null).Select(j => j.Id).Take(BatchSize).ToListAsync(cancellation);
        if (ids.Count == 0) ids = await waiting.Where(j => j.LimitKey != null).Select(j => j.Id).Take(BatchSize).ToListAsync(cancellation);
        if (ids.Count == 0) return 0;
        var reason = JobReasons.UnknownType(signal.Subject, nodes.Patience);
        await using var transaction = await db.Database.BeginTransactionAsync(cancellation);
        // The state again: a node that knows them may have come.
        var count = await db.Set<Job>().Where(j => ids.Contains(j.Id) && j.State == JobState.Queued).ExecuteUpdateAsync(set => set
            .SetProperty(j => j.State, JobState.Failed).SetProperty(j => j.Error, reason).SetProperty(j => j.FinishedAt, now).SetProperty(j => j.Version, j => j.Version + 1), cancellation);
        // Those that ended here alone: somebody may have cancelled one meanwhile, and its followers were told then.
        var ended = await db.Set<Job>().Where(j => ids.Contains(j.Id) && j.State == JobState.Failed && j.FinishedAt == now && j.Error == reason).Select(j => j.Id).ToListAsync(cancellation);
        var followers = await JobFollowers.EndedAsync(db, ended, cancellation);
        await transaction.CommitAsync(cancellation);
        changes.Publish(JobChanged.Many(JobState.Failed));
        changes.Publish(followers);
        return count;
    }
}
