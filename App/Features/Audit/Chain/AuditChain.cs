using BlazorAdmin.Data;
using BlazorAdmin.Features.Jobs;
using BlazorAdmin.Security;

namespace BlazorAdmin.Features.Audit.Chain;

/// <summary>How the chain stands.</summary>
/// <param name="Head">Place of the last sealed row; 0 if there is none.</param>
/// <param name="Unsealed">Rows that wait to be sealed.</param>
/// <param name="Last">The last verification; null if there was none.</param>
/// <param name="Running">The one that runs; null if none does.</param>
public sealed record ChainStatus(long Head, long Unsealed, VerificationReport? Last, RunningVerification? Running);

/// <summary>What people see of the chain and do with it.</summary>
public sealed class AuditChain(Guard guard, IDbContextFactory<AppDbContext> databases, Verifications verifications, JobQueue queue, TimeProvider time)
{
    /// <summary>More unsealed rows than this are not counted.</summary>
    private const int MostCounted = 10_000;

    /// <summary>A verification that began longer ago died with its node and was not tried again.</summary>
    private static readonly TimeSpan Longest = TimeSpan.FromHours(6);

    public async Task<ChainStatus> StatusAsync(CancellationToken cancellation)
    {
        await guard.Require(AuditPermissions.Read, cancellation);
        await using var db = await databases.CreateDbContextAsync(cancellation);
        var head = await db.Set<AuditEntry>().Where(e => e.Sequence != null).MaxAsync(e => e.Sequence, cancellation) ?? 0;
        var unsealed = await db.Set<AuditEntry>().Where(e => e.Sequence == null).Take(MostCounted).CountAsync(cancellation);
        var running = await verifications.RunningAsync(db, cancellation);
        if (running?.StartedAt < time.GetUtcNow() - Longest) running = null;
        return new ChainStatus(head, unsealed, await verifications.LastAsync(db, cancellation), running);
    }

    /// <summary>Starts a verification as a job, unless one waits or runs.</summary>
    /// <returns>The job.</returns>
    public async Task<long> VerifyAsync(CancellationToken cancellation)
    {
        var caller = await guard.Require(AuditPermissions.Verify, cancellation);
        await using var db = await databases.CreateDbContextAsync(cancellation);
        await using var transaction = await db.Database.BeginTransactionAsync(cancellation);
        var job = await queue.EnqueueUniqueAsync(db, new VerifyAudit(), caller, VerifyAudit.Name, options: new EnqueueOptions { SubjectUrl = "/admin/audit" }, cancellation: cancellation);
        db.Audit(caller, "audit.verify", "job", job.Id);
        await db.SaveChangesAsync(cancellation);
        await transaction.CommitAsync(cancellation);
        return job.Id;
    }
}
