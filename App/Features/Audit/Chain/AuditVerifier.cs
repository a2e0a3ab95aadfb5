using BlazorAdmin.Data;

namespace BlazorAdmin.Features.Audit.Chain;

/// <summary>
/// Reads the whole chain and says whether it is as it was written. It holds no lock: commands, sealing and retention go on
/// meanwhile.
/// </summary>
public sealed class AuditVerifier(
    IDbContextFactory<AppDbContext> databases, ChainReader reader, ChainAnchors anchors, ChainSigner signer, IAuditSql sql, TimeProvider time)
{
    internal const int PageSize = 2_000;

    /// <param name="progress">Called after each page with 0 to 100.</param>
    public async Task<VerificationReport> VerifyAsync(Action<double>? progress, CancellationToken cancellation)
    {
        var started = time.GetUtcNow();
        await using var db = await databases.CreateDbContextAsync(cancellation);
        // The index of SQL Server leaves out what is not sealed, and is used only by who leaves it out too. Read before the anchors:
        // a first batch between the two would stand there without one.
        var last = await db.Set<AuditEntry>().Where(e => e.Sequence != null).MaxAsync(e => e.Sequence, cancellation) ?? 0;
        // Before the first row: the chain only grows, so whatever was signed by now must be found below.
        FoundAnchor[] found = [await anchors.InDatabaseAsync(db, cancellation), anchors.InFile()];
        var cuts = await CutsAsync(db, cancellation);
        var start = cuts.LastOrDefault(signer.IsGenuine) is { } cut ? new ChainPoint(cut.LastSequence, cut.LastHash) : ChainPoint.Origin;
        var check = new ChainCheck(start, [.. found.Select(f => f.Anchor).OfType<ChainAnchor>()]);
        foreach (var forged in cuts.Where(c => !signer.IsGenuine(c))) check.Add(new ChainProblem(ChainProblemKind.CutForged, forged.LastSequence));
        foreach (var place in found)
            if (place.IsForged) check.Add(new ChainProblem(ChainProblemKind.AnchorForged, last));
            else if (place is { Place: AnchorPlace.Database, Anchor: null } && last > 0) check.Add(new ChainProblem(ChainProblemKind.AnchorMissing, last));
            else if (place.Anchor is { } anchor && anchor.Head.Sequence == start.Sequence && !start.IsAt(start.Sequence, anchor.Head.Hash))
                check.Add(new ChainProblem(ChainProblemKind.Rewritten, start.Sequence));
        var before = await db.Set<AuditEntry>().LongCountAsync(e => e.Sequence <= start.Sequence, cancellation);
        if (before > 0) check.Add(new ChainProblem(ChainProblemKind.BeforeBeginning, start.Sequence, before));

        await FollowAsync(db, check, start, last, progress, cancellation);
        check.End();
        return new VerificationReport
        {
            StartedAt = started,
            FinishedAt = time.GetUtcNow(),
            Rows = check.Rows,
            Head = check.Last.Sequence,
            HeadHash = Convert.ToHexStringLower(check.Last.Hash),
            Unsealed = await db.Set<AuditEntry>().LongCountAsync(e => e.Sequence == null, cancellation),
            Protected = await sql.IsProtectedAsync(db, cancellation),
            ProblemCount = check.ProblemCount,
            Problems = check.Problems,
        };
    }

    private async Task FollowAsync(AppDbContext db, ChainCheck check, ChainPoint start, long last, Action<double>? progress, CancellationToken cancellation)
    {
        while (await reader.SealedAsync(db, check.Last.Sequence, PageSize, cancellation) is { Count: > 0 } rows)
        {
            foreach (var row in rows)
            {
                if (row.Sequence > check.Last.Sequence + 1 && await CutSinceAsync(db, check.Last.Sequence, row.Sequence.Value, cancellation) is { } cut) check.Skip(cut);
                check.Next(row);
            }

            progress?.Invoke(last > start.Sequence ? Math.Min(100, 100.0 * (check.Last.Sequence - start.Sequence) / (last - start.Sequence)) : 100);
        }
    }

    /// <summary>Retention may take rows away ahead of the reading; then a cut explains the hole.</summary>
    private async Task<ChainPoint?> CutSinceAsync(AppDbContext db, long after, long before, CancellationToken cancellation)
    {
        var cut = await db.Set<AuditCut>().AsNoTracking().Where(c => c.LastSequence > after && c.LastSequence < before).OrderByDescending(c => c.LastSequence).FirstOrDefaultAsync(cancellation);
        return cut is not null && signer.IsGenuine(cut) ? new ChainPoint(cut.LastSequence, cut.LastHash) : null;
    }

    private static Task<List<AuditCut>> CutsAsync(AppDbContext db, CancellationToken cancellation) =>
        db.Set<AuditCut>().AsNoTracking().OrderBy(c => c.LastSequence).ToListAsync(cancellation);
}
