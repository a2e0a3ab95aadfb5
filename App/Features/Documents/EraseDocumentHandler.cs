using BlazorAdmin.Data;
using BlazorAdmin.Features.Documents.Duplicates;
using BlazorAdmin.Features.Documents.Recognition;
using BlazorAdmin.Features.Documents.Storage;
using BlazorAdmin.Features.Jobs;

namespace BlazorAdmin.Features.Documents;

/// <summary>Removes row, pages and steps of a document that is still deleted, and its bytes when no other document has them.</summary>
public sealed class EraseDocumentHandler(IDbContextFactory<AppDbContext> databases, IContentStore store, PageImageCache images) : IJobHandler<EraseDocument>
{
    /// <summary>Bytes saved more recently may belong to an upload whose row is not committed yet.</summary>
    private static readonly TimeSpan UploadMargin = TimeSpan.FromHours(1);

    public async Task RunAsync(EraseDocument arguments, JobContext job, CancellationToken cancellation)
    {
        await using var db = await databases.CreateDbContextAsync(cancellation);
        var stamp = arguments.DeletedAt ?? await db.Set<Job>().Where(j => j.Id == job.JobId).Select(j => (DateTimeOffset?)j.CreatedAt).SingleOrDefaultAsync(cancellation);
        var deleted = db.Set<Document>().Where(d => d.Id == arguments.DocumentId && d.DeletedAt != null && d.DeletedAt == stamp);
        // Somebody may restore it between the two.
        if (await deleted.Select(d => new { d.Sha256, d.SearchableSha256 }).SingleOrDefaultAsync(cancellation) is not { } contents || await deleted.ExecuteDeleteAsync(cancellation) == 0)
        {
            job.Info("The document was restored or is gone already.");
            return;
        }
        await db.Set<KeptDuplicate>().Where(kept => kept.OtherId == arguments.DocumentId).ExecuteDeleteAsync(cancellation);
        foreach (var sha256 in new[] { contents.Sha256, contents.SearchableSha256 }.OfType<string>().Distinct())
        {
            images.Remove(sha256);
            var isGone = await EraseContentsHandler.DeleteUnusedAsync(db, store, sha256, UploadMargin, cancellation);
            job.Info(isGone ? "A file is removed." : "A file stays: something else has the same content, or it was saved again a moment ago.");
        }
    }
}
