using BlazorAdmin.Data;
using BlazorAdmin.Features.Documents.Storage;
using BlazorAdmin.Features.Jobs;

namespace BlazorAdmin.Features.Documents;

/// <summary>Removes row, pages and steps of a document that is still deleted, and its bytes when no other document has them.</summary>
public sealed class EraseDocumentHandler(IDbContextFactory<AppDbContext> databases, IContentStore store) : IJobHandler<EraseDocument>
{
    /// <summary>Bytes saved more recently may belong to an upload whose row is not committed yet.</summary>
    private static readonly TimeSpan UploadMargin = TimeSpan.FromHours(1);

    public async Task RunAsync(EraseDocument arguments, JobContext job, CancellationToken cancellation)
    {
        await using var db = await databases.CreateDbContextAsync(cancellation);
        var deleted = db.Set<Document>().Where(d => d.Id == arguments.DocumentId && d.Version == arguments.Version && d.DeletedAt != null);
        if (await deleted.Select(d => d.Sha256).SingleOrDefaultAsync(cancellation) is not { } sha256)
        {
            job.Info("The document was restored or is gone already.");
            return;
        }
        await deleted.ExecuteDeleteAsync(cancellation);
        if (await db.Set<Document>().AnyAsync(d => d.Sha256 == sha256, cancellation)) job.Info("Another document has the same content; the file stays.");
        else job.Info(store.Delete(sha256, UploadMargin) ? "The file is removed." : "The file was saved again a moment ago and stays.");
    }
}
