using BlazorAdmin.Data;
using BlazorAdmin.Features.Documents.Duplicates;
using BlazorAdmin.Features.Documents.Storage;
using BlazorAdmin.Features.Jobs;
using BlazorAdmin.Live;

namespace BlazorAdmin.Features.Documents;

/// <summary>Removes row, pages and steps of a document that is still deleted; with them commits the order to erase its bytes, unless something else has them.</summary>
public sealed class EraseDocumentHandler(IDbContextFactory<AppDbContext> databases, TimeProvider time, Topic<ContentErased> erased) : IJobHandler<EraseDocument>
{
    public async Task RunAsync(EraseDocument arguments, JobContext job, CancellationToken cancellation)
    {
        await using var db = await databases.CreateDbContextAsync(cancellation);
        await using var transaction = await db.Database.BeginTransactionAsync(cancellation);
        var stamp = arguments.DeletedAt ?? await db.Set<Job>().Where(j => j.Id == job.JobId).Select(j => (DateTimeOffset?)j.CreatedAt).SingleOrDefaultAsync(cancellation);
        var deleted = db.Set<Document>().Where(d => d.Id == arguments.DocumentId && d.DeletedAt != null && d.DeletedAt == stamp);
        var document = await deleted.Select(d => new { d.TenantId, d.Sha256, d.SearchableSha256 }).SingleOrDefaultAsync(cancellation);
        // Somebody may restore it between the two.
        if (document is null || await deleted.ExecuteDeleteAsync(cancellation) == 0)
        {
            job.Info("The document was restored or is gone already.");
            return;
        }
        await db.Set<KeptDuplicate>().Where(kept => kept.OtherId == arguments.DocumentId).ExecuteDeleteAsync(cancellation);
        var contents = new[] { document.Sha256, document.SearchableSha256 }.OfType<string>().Distinct().ToList();
        db.EraseUnused(document.TenantId, contents, time.GetUtcNow(), erased);
        await db.SaveChangesAsync(cancellation);
        await transaction.CommitAsync(cancellation);
        job.Info("The document is erased; its files follow unless something else has them.");
    }
}
