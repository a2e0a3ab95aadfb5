using BlazorAdmin.Data;
using BlazorAdmin.Features.Documents.Storage;
using BlazorAdmin.Features.Jobs;
using BlazorAdmin.Live;
using BlazorAdmin.Security;

namespace BlazorAdmin.Features.Documents.Intake;

/// <summary>What a file becomes, whichever way it came in: row, audit and reading job in one transaction.</summary>
internal static class NewDocuments
{
    /// <summary>Adds a document; the audit row is the caller's, <see cref="SaveWithReading"/> saves both.</summary>
    public static Document AddDocument(this AppDbContext db, Guid tenantId, Guid ownerId, NodeInfo node, DateTimeOffset now, string? name, StoredContent content)
    {
        var id = Guid.CreateVersion7(now);
        var document = new Document
        {
            Id = id,
            SeriesId = id,
            TenantId = tenantId,
            OwnerId = ownerId,
            Node = node.Name,
            Name = DocumentName.Clean(name),
            Sha256 = content.Sha256,
            Size = content.Size,
            CreatedAt = now,
            Version = 1,
        };
        db.Add(document);
        return document;
    }

    /// <summary>Saves with the job that reads the document, inside the caller's transaction.</summary>
    public static async Task SaveWithReading(this AppDbContext db, Caller caller, Document document, DateTimeOffset now, Topic<DocumentChanged> changes, CancellationToken cancel)
    {
        var job = db.Enqueue(new ReadDocument(document.Id, document.Revision), caller, now, new EnqueueOptions
        {
            // Whoever watches jobs has no right on the documents: those of a restricted collection are not named.
            Subject = await db.IsRestrictedAsync(document, cancel) ? null : document.Name,
            SubjectUrl = $"/documents?item={document.Id}",
            IdempotencyKey = $"documents.read/{document.Id}/{document.Revision}",
        });
        db.AfterCommit(() => changes.Publish(new DocumentChanged(document.Id, document.OwnerId, document.Version)));
        await db.SaveChangesAsync(cancel);
        // The job's id is known only now; it is no change that anybody answers for.
        await db.Set<Document>().Where(d => d.Id == document.Id).ExecuteUpdateAsync(set => set.SetProperty(d => d.JobId, job.Id), cancel);
    }
}
