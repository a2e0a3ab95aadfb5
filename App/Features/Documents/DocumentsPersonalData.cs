using BlazorAdmin.Data;
using BlazorAdmin.Features.Account.PersonalData;
using BlazorAdmin.Features.Audit;
using BlazorAdmin.Features.Documents.Collections;
using BlazorAdmin.Features.Documents.Duplicates;
using BlazorAdmin.Features.Documents.Intake;
using BlazorAdmin.Features.Documents.Storage;
using BlazorAdmin.Features.Jobs;
using BlazorAdmin.Live;

namespace BlazorAdmin.Features.Documents;

/// <summary>The documents that somebody gave the portal.</summary>
public sealed class DocumentsPersonalData(Topic<ContentErased> erased) : IPersonalData
{
    public string Name => "documents";

    public IReadOnlyCollection<Type> Entities { get; } = [typeof(Document), typeof(CollectionGrant), typeof(UploadSession)];

    public bool CanHandOver => true;

    public async Task<int> CountAsync(AppDbContext db, Guid userId, CancellationToken cancellation)
    {
        var tenant = await db.TenantOfAsync(userId, cancellation);
        return await db.Set<Document>().CountAsync(d => d.TenantId == tenant && d.OwnerId == userId, cancellation);
    }

    public async Task ExportAsync(AppDbContext db, Guid userId, PersonalArchive archive, CancellationToken cancellation)
    {
        var tenant = await db.TenantOfAsync(userId, cancellation);
        await archive.WriteAsync(Name, db.Set<Document>().AsNoTracking().Where(d => d.TenantId == tenant && d.OwnerId == userId).OrderBy(d => d.Id)
            .Select(d => new { d.Id, d.Name, d.Sha256, d.Size, d.Type, d.State, d.Pages, d.CreatedAt, d.DeletedAt }).AsAsyncEnumerable(), cancellation);
    }

    public async Task EraseAsync(AppDbContext db, PersonalErasure erasure, CancellationToken cancellation)
    {
        var (id, tenant) = (erasure.UserId, erasure.Caller.TenantId);
        var owned = db.Set<Document>().Where(d => d.TenantId == tenant && d.OwnerId == id);
        await db.Set<Document>().Where(d => d.TenantId == tenant && d.DeletedById == id).ExecuteUpdateAsync(set => set.SetProperty(d => d.DeletedById, (Guid?)null), cancellation);
        if (erasure.HeirId is { } heir)
        {
            var given = await owned.ExecuteUpdateAsync(set => set.SetProperty(d => d.OwnerId, heir), cancellation);
            if (given > 0) db.Audit(erasure.Caller, "documents.hand_over", "user", id, detail: new { to = heir }, count: given);
            return;
        }

        var contents = await owned.Select(d => d.Sha256).Union(owned.Where(d => d.SearchableSha256 != null).Select(d => d.SearchableSha256!)).ToListAsync(cancellation);
        var series = await owned.Where(d => db.Set<Document>().Any(o => o.SeriesId == d.SeriesId && o.OwnerId != id)).Select(d => d.SeriesId).Distinct().ToListAsync(cancellation);
        await db.Set<KeptDuplicate>().Where(kept => owned.Any(d => d.Id == kept.OtherId)).ExecuteDeleteAsync(cancellation);
        var gone = await owned.ExecuteDeleteAsync(cancellation);
        await SeriesOrder.Settle(db, series, erasure.Now, cancellation);
        if (gone == 0) return;
        // With the rows: a crash must not leave bytes that nobody knows of.
        db.EraseUnused(tenant, contents, erasure.Now, erased);
        db.Audit(erasure.Caller, "documents.erase", "user", id, count: gone);
    }
}

/// <summary>Arguments of the job that removes bytes that no document has any more.</summary>
[JobType("documents.erase_contents", Queue = "documents", Priority = 2, ByHand = false)]
public sealed record EraseContents(IReadOnlyList<string> Sha256);

/// <summary>Removes files that something had which was erased or given up, unless something else has them.</summary>
public sealed class EraseContentsHandler(IDbContextFactory<AppDbContext> databases, IContentStore store, Topic<ContentErased> erased) : IJobHandler<EraseContents>
{
    public async Task RunAsync(EraseContents arguments, JobContext job, CancellationToken cancellation)
    {
        await using var db = await databases.CreateDbContextAsync(cancellation);
        var removed = 0;
        foreach (var sha256 in arguments.Sha256)
        {
            erased.Publish(new ContentErased(sha256));
            if (await DeleteUnusedAsync(db, store, sha256, ContentUse.UploadMargin, cancellation)) removed++;
        }
        job.Info($"{removed} of {arguments.Sha256.Count} files removed; the others belong to another document, or were saved again a moment ago.");
    }

    /// <summary>Removes bytes unless something has them. True when they are gone now.</summary>
    internal static async Task<bool> DeleteUnusedAsync(AppDbContext db, IContentStore store, string sha256, TimeSpan unusedFor, CancellationToken cancellation) =>
        !await db.UsesContent(sha256, cancellation) && store.Delete(sha256, unusedFor);
}
