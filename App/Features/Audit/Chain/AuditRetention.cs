using BlazorAdmin.Data;
using BlazorAdmin.Features.Jobs;
using BlazorAdmin.Security;
using Microsoft.Extensions.Options;

namespace BlazorAdmin.Features.Audit.Chain;

/// <summary>Arguments of the job that deletes audit rows whose time is over.</summary>
[JobType(Name, MaxAttempts = 3, MaxConcurrency = 1, Upkeep = true)]
public sealed record TrimAudit
{
    public const string Name = "audit.retention";
}

/// <summary>
/// Takes the oldest rows off the chain. Only a beginning of the chain can go, so that what is left still is one: each
/// thousand leaves a signed <see cref="AuditCut"/> and an audit row of its own, in one transaction. Rows that are not as
/// they were written stay: deleting them would destroy the evidence.
/// </summary>
public sealed class AuditRetention(
    IDbContextFactory<AppDbContext> databases, IDatabaseDialect dialect, ChainReader reader, ChainSigner signer, IAuditSql sql, IOptionsMonitor<AuditOptions> options, TimeProvider time,
    ILogger<AuditRetention> log) : IJobHandler<TrimAudit>
{
    internal const int BatchSize = 1_000;

    public async Task RunAsync(TrimAudit arguments, JobContext job, CancellationToken cancellation)
    {
        var days = options.CurrentValue.RetentionDays;
        if (days == 0)
        {
            job.Info("Audit:RetentionDays is 0: everything is kept.");
            return;
        }

        var deleted = 0L;
        while (await TrimAsync(time.GetUtcNow().AddDays(-days), cancellation) is > 0 and var some)
        {
            deleted += some;
            job.Progress(50, $"{deleted} rows deleted");
        }

        job.Info($"{deleted} rows older than {days} days deleted.");
        if (deleted > 0) AuditChainLog.Trimmed(log, deleted, days);
    }

    /// <returns>How many rows went; 0 if the oldest one stays.</returns>
    /// <exception cref="JobFailedException">The rows are not as they were written.</exception>
    internal async Task<int> TrimAsync(DateTimeOffset oldest, CancellationToken cancellation)
    {
        await using var db = await databases.CreateDbContextAsync(cancellation);
        await db.Database.OpenConnectionAsync(cancellation);
        await using var held = await dialect.LockAsync(db.Database.GetDbConnection(), AuditSealer.LockName, cancellation);
        var last = await db.Set<AuditCut>().AsNoTracking().OrderByDescending(c => c.LastSequence).FirstOrDefaultAsync(cancellation);
        if (last is not null && !signer.IsGenuine(last)) throw Broken(new ChainProblem(ChainProblemKind.CutForged, last.LastSequence));
        var start = last is null ? ChainPoint.Origin : new ChainPoint(last.LastSequence, last.LastHash);
        var head = await db.Set<AuditEntry>().Where(e => e.Sequence != null).MaxAsync(e => e.Sequence, cancellation) ?? 0;
        // The head always stays: it carries the end of the chain.
        var rows = (await reader.SealedAsync(db, start.Sequence, BatchSize, cancellation)).TakeWhile(r => r.At < oldest && r.Sequence < head).ToList();
        if (rows.Count == 0) return 0;
        var check = new ChainCheck(start, []);
        foreach (var row in rows) check.Next(row);
        if (check.ProblemCount > 0) throw Broken(check.Problems[0]);
        await CutAsync(db, check.Last, rows.Count, oldest, cancellation);
        return rows.Count;
    }

    private async Task CutAsync(AppDbContext db, ChainPoint until, int count, DateTimeOffset oldest, CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        // To the millisecond: the servers keep times to different digits, and the signature covers the time.
        var cut = new AuditCut { At = DateTimeOffset.FromUnixTimeMilliseconds(now.ToUnixTimeMilliseconds()), LastSequence = until.Sequence, LastHash = until.Hash, Rows = count, Signature = [] };
        signer.Sign(cut);
        await using var transaction = await db.Database.BeginTransactionAsync(cancellation);
        await using (await sql.AllowAsync(db, AuditException.Cut, cancellation))
        {
            var deleted = await db.Set<AuditEntry>().Where(e => e.Sequence <= until.Sequence).ExecuteDeleteAsync(cancellation);
            if (deleted != count) throw new InvalidOperationException($"{deleted} audit rows would be deleted instead of {count}.");
        }

        db.Add(cut);
        db.Audit(Caller.Portal, "audit.cut", "audit row", until.Sequence, detail: new { olderThan = oldest, lastHash = Convert.ToHexStringLower(until.Hash) }, count: count);
        await db.SaveChangesAsync(cancellation);
        await transaction.CommitAsync(cancellation);
    }

    private static JobFailedException Broken(ChainProblem problem) => new($"Nothing was deleted, because the audit is not as it was written: {problem.Describe()}.");
}
