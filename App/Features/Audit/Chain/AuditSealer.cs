using BlazorAdmin.Data;
using BlazorAdmin.Live;
using BlazorAdmin.Security;

namespace BlazorAdmin.Features.Audit.Chain;

/// <summary>
/// Chains committed rows. It stands beside the commands and not in them: a chain within each transaction would let only one
/// command of the whole portal commit at a time. Every node has one; a lock of the database lets one of them seal, and a
/// node that dies gives it back with its connection.
/// </summary>
/// <remarks>
/// Ids are given before the commit, so a row with a lower id may appear after one with a higher id is sealed; it simply
/// gets the next place. The order of the chain is that of sealing.
/// </remarks>
public sealed class AuditSealer(
    IDbContextFactory<AppDbContext> databases, IDatabaseDialect dialect, DatabaseState database, ChainReader reader, ChainAnchors anchors, AuditSignal written,
    Topic<AuditChainChanged> topic, TimeProvider time, ILogger<AuditSealer> log) : BackgroundService
{
    /// <summary>Whoever changes the chain holds this lock of the database.</summary>
    internal const string LockName = "blazoradmin.audit";

    internal const int BatchSize = 500;

    /// <summary>How soon a failed run is tried again.</summary>
    private static readonly TimeSpan Tick = TimeSpan.FromSeconds(1);

    /// <summary>A signal comes with each command; a look after so many ticks finds what came without one, and an idle node does not ask every second.</summary>
    internal const int TicksPerLook = 30;

    /// <summary>Commands of this time are sealed together: a batch costs a commit of its own, however few rows it has.</summary>
    internal static readonly TimeSpan Gather = TimeSpan.FromMilliseconds(200);

    private volatile bool _failed;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            await database.WhenReady(stoppingToken);
            await using var sealing = new Throttle(Gather, TrySealAsync, time, exception => AuditChainLog.SealingFailed(log, exception));
            using var subscription = written.Subscribe(sealing.Signal);
            using var timer = new PeriodicTimer(Tick, time);
            var ticks = 0;
            do
            {
                // Also without a signal: that of another process may be lost, and a command line sends none.
                if (_failed || ticks++ % TicksPerLook == 0) sealing.Signal();
            }
            while (await timer.WaitForNextTickAsync(stoppingToken));
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            return; // what is not sealed is sealed by the next start, or by another node
        }
    }

    private async Task TrySealAsync(CancellationToken cancellation)
    {
        _failed = true;
        await SealAsync(cancellation);
        _failed = false;
    }

    /// <summary>Seals everything that is committed.</summary>
    /// <returns>How many rows this call sealed.</returns>
    internal async Task<long> SealAsync(CancellationToken cancellation)
    {
        await using var db = await databases.CreateDbContextAsync(cancellation);
        var total = 0L;
        while (await db.Set<AuditEntry>().AnyAsync(e => e.Sequence == null, cancellation))
        {
            var count = await SealBatchAsync(db, cancellation);
            if (count == 0) break; // another node was faster
            total += count;
            topic.Publish(new AuditChainChanged());
        }

        return total;
    }

    private async Task<int> SealBatchAsync(AppDbContext db, CancellationToken cancellation)
    {
        await db.Database.OpenConnectionAsync(cancellation);
        try
        {
            await using var held = await dialect.LockAsync(db.Database.GetDbConnection(), LockName, cancellation);
            await using var transaction = await db.Database.BeginTransactionAsync(cancellation);
            var rows = await reader.UnsealedAsync(db, BatchSize, cancellation);
            if (rows.Count == 0) return 0;
            var head = await HeadAsync(db, cancellation);
            foreach (var row in rows)
            {
                var hash = ChainBytes.Hash(head.Hash, row);
                Seal(db, row.Id, head, hash);
                head = new ChainPoint(head.Sequence + 1, hash);
            }

            var anchor = await anchors.AdvanceAsync(db, head, cancellation);
            await db.SaveChangesAsync(cancellation);
            await transaction.CommitAsync(cancellation);
            db.ChangeTracker.Clear();
            await anchors.KeepAsync(db, anchor, cancellation);
            return rows.Count;
        }
        finally
        {
            db.ChangeTracker.Clear();
            await db.Database.CloseConnectionAsync();
        }
    }

    private static void Seal(AppDbContext db, long id, ChainPoint previous, byte[] hash)
    {
        // Attached by its id alone, so that the update names the three columns of the chain and no other.
        var entry = db.Attach(new AuditEntry { Id = id, Action = "" });
        entry.Property(e => e.Sequence).CurrentValue = previous.Sequence + 1;
        entry.Property(e => e.PreviousHash).CurrentValue = previous.Hash;
        entry.Property(e => e.Hash).CurrentValue = hash;
    }

    /// <summary>
    /// Where the chain goes on. Behind the anchor of the database even if the rows before it are gone: the hole then stays in
    /// the chain for every verification to find. The anchor beside the database does not decide: after a restore it is ahead
    /// of everything, and a hole made by it could never be healed. It stays as it is, and verification reports it.
    /// </summary>
    private async Task<ChainPoint> HeadAsync(AppDbContext db, CancellationToken cancellation)
    {
        var last = await db.Set<AuditEntry>().AsNoTracking().Where(e => e.Sequence != null).OrderByDescending(e => e.Sequence)
            .Select(e => new { e.Sequence, e.Hash }).FirstOrDefaultAsync(cancellation);
        var inTable = last is null ? ChainPoint.Origin : new ChainPoint(last.Sequence!.Value, last.Hash ?? ChainPoint.Origin.Hash);
        var inDatabase = await anchors.InDatabaseAsync(db, cancellation);
        var signed = inDatabase.Anchor?.Head;
        var head = signed is not null && signed.Sequence >= inTable.Sequence ? signed : inTable;
        if (inDatabase.IsForged || (inDatabase.Anchor is null && head.Sequence > 0))
        {
            // Signing a new one would hide it; this row, sealed next, does not let it.
            AuditChainLog.AnchorLost(log, head.Sequence);
            db.Audit(Caller.Portal, "audit.anchor_lost", "audit row", head.Sequence, detail: new { forged = inDatabase.IsForged }, outcome: AuditOutcome.Failed);
        }

        return head;
    }
}
