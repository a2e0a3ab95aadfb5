using BlazorAdmin.Data;
using BlazorAdmin.Features.Settings;

namespace BlazorAdmin.Features.Audit.Chain;

/// <summary>Which of the two places an anchor was found in.</summary>
public enum AnchorPlace
{
    Database,
    File,
}

/// <summary>What stands in one place.</summary>
/// <param name="Anchor">Null if there is none, or what is there is not one that this installation signed.</param>
/// <param name="IsForged">Something is there, and this installation did not sign it.</param>
public sealed record FoundAnchor(AnchorPlace Place, ChainAnchor? Anchor, bool IsForged);

/// <summary>Reads and advances the two anchors.</summary>
public sealed class ChainAnchors(ChainSigner signer, AnchorFile file, TimeProvider time, ILogger<ChainAnchors> log)
{
    internal const string Key = "Audit.Anchor";

    private long _told = -1;

    public async Task<FoundAnchor> InDatabaseAsync(AppDbContext db, CancellationToken cancellation) =>
        Found(AnchorPlace.Database, await db.Set<SystemValue>().AsNoTracking().Where(v => v.Key == Key).Select(v => v.Value).SingleOrDefaultAsync(cancellation));

    public FoundAnchor InFile()
    {
        try
        {
            return Found(AnchorPlace.File, file.Read());
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            AuditChainLog.AnchorFileFailed(log, exception, file.FilePath);
            return new FoundAnchor(AnchorPlace.File, null, IsForged: false);
        }
    }

    /// <summary>Signs <paramref name="head"/> and adds the anchor to what <paramref name="db"/> saves.</summary>
    public async Task<ChainAnchor> AdvanceAsync(AppDbContext db, ChainPoint head, CancellationToken cancellation)
    {
        var anchor = signer.Sign(head, time.GetUtcNow());
        var value = await db.Set<SystemValue>().SingleOrDefaultAsync(v => v.Key == Key, cancellation);
        if (value is null) db.Add(value = new SystemValue { Key = Key });
        (value.Value, value.ChangedAt) = (anchor.ToString(), anchor.At);
        return anchor;
    }

    /// <summary>
    /// Writes <paramref name="anchor"/> beside the database. A file that the chain contradicts stays as it is: it is the
    /// evidence, and a newer anchor would wipe it out.
    /// </summary>
    public async Task KeepAsync(AppDbContext db, ChainAnchor anchor, CancellationToken cancellation)
    {
        var kept = InFile();
        if (kept.IsForged || (kept.Anchor is { } old && !await IsInChainAsync(db, old.Head, cancellation)))
        {
            // Once for each head that is contradicted, not with each batch.
            var place = kept.Anchor?.Head.Sequence ?? 0;
            if (Interlocked.Exchange(ref _told, place) != place) AuditChainLog.AnchorContradicted(log, file.FilePath, place);
            return;
        }

        try
        {
            file.Write(anchor);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            AuditChainLog.AnchorFileFailed(log, exception, file.FilePath);
        }
    }

    private async Task<bool> IsInChainAsync(AppDbContext db, ChainPoint point, CancellationToken cancellation)
    {
        var hash = await db.Set<AuditEntry>().AsNoTracking().Where(e => e.Sequence == point.Sequence).Select(e => e.Hash).SingleOrDefaultAsync(cancellation);
        if (hash is not null) return point.IsAt(point.Sequence, hash);
        var cut = await db.Set<AuditCut>().AsNoTracking().OrderByDescending(c => c.LastSequence).FirstOrDefaultAsync(cancellation);
        return cut is not null && cut.LastSequence >= point.Sequence && signer.IsGenuine(cut);
    }

    private FoundAnchor Found(AnchorPlace place, string? text)
    {
        if (text is null) return new FoundAnchor(place, null, IsForged: false);
        var anchor = ChainAnchor.Parse(text);
        return anchor is not null && signer.IsGenuine(anchor) ? new FoundAnchor(place, anchor, IsForged: false) : new FoundAnchor(place, null, IsForged: true);
    }
}
