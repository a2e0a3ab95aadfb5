using BlazorAdmin.Data;
using BlazorAdmin.Features.Audit;
using BlazorAdmin.Features.Documents.Formats;
using BlazorAdmin.Features.Documents.Intake;
using BlazorAdmin.Features.Documents.Reading;
using BlazorAdmin.Features.Documents.Storage;
using BlazorAdmin.Features.Jobs;
using BlazorAdmin.Live;
using BlazorAdmin.Security;

namespace BlazorAdmin.Features.Documents;

/// <summary>
/// Attachments of mails as documents of their own. A reading that is repeated or was cut off adds none twice: an attachment is known by
/// its mail, its place in it and its bytes. They go into the bin with their mail and come back with it (<see cref="DocumentFamily"/>).
/// </summary>
internal static class DocumentAttachments
{
    /// <summary>Puts the bytes of the attachments into the store, before the transaction that makes documents of them.</summary>
    /// <returns>Nothing for what is no mail.</returns>
    public static async Task<IReadOnlyList<StoredAttachment>> Store(
        IDbContextFactory<AppDbContext> databases, IContentStore store, Document mail, Documents.Reading.Reading reading, ReadingOptions options, JobContext job, CancellationToken cancel)
    {
        if (reading.Inspection?.Type is not (ContentType.Email or ContentType.OutlookMessage) || reading.Outcome is not (ReadOutcome.Ready or ReadOutcome.NoText)) return [];
        if (await Depth(databases, mail, options.MaxAttachmentDepth, cancel) is var depth && depth >= options.MaxAttachmentDepth)
        {
            job.Warn($"Attachments were not taken out: the mail is {depth} mails deep, the limit of the settings.");
            return [];
        }
        var stored = new List<StoredAttachment>();
        var left = 0;
        var broken = 0;
        foreach (var attachment in MailAttachments.Read(store.PathOf(mail.Sha256), reading.Inspection.Type))
        {
            if (stored.Count >= options.MaxAttachments)
            {
                left++;
                continue;
            }
            try
            {
                await using var source = attachment.Open();
                var content = await store.Save(source, options.MaxFileBytes, cancel);
                stored.Add(new StoredAttachment(attachment.Part, DocumentName.Clean(attachment.Name), content.Sha256, content.Size));
            }
            catch (ContentTooLargeException)
            {
                left++;
            }
            catch (InvalidDataException)
            {
                broken++;
            }
        }
        if (left > 0) job.Warn($"{left} attachments were not taken out: more or larger than the limits of the settings ({options.MaxAttachments} attachments, {options.MaxFileBytes >> 20} MB each).");
        if (broken > 0) job.Warn($"{broken} attachments were not taken out: the mail is broken there.");
        return stored;
    }

    /// <summary>Documents and their readings, inside the transaction of <paramref name="db"/> that holds the mail's row.</summary>
    public static async Task Add(AppDbContext db, Document mail, IReadOnlyList<StoredAttachment> attachments, NodeInfo node, DateTimeOffset now, Topic<DocumentChanged> changes, CancellationToken cancel)
    {
        if (attachments.Count == 0) return;
        var known = await db.Set<Document>().Where(d => d.ParentId == mail.Id).Select(d => new { d.ParentPart, d.Sha256 }).ToListAsync(cancel);
        var caller = Caller.Portal with { TenantId = mail.TenantId };
        // The mail may have moved while it was read; its row is held by this transaction.
        var held = await db.Set<Document>().Where(d => d.Id == mail.Id).Select(d => new { d.CollectionId, d.OwnerId }).SingleAsync(cancel);
        (mail.CollectionId, mail.OwnerId) = (held.CollectionId, held.OwnerId);
        var restricted = await db.IsRestrictedAsync(mail, cancel);
        var made = new List<(Document Document, Job Job)>();
        foreach (var attachment in attachments.Where(one => !known.Exists(other => other.ParentPart == one.Part && other.Sha256 == one.Sha256)))
        {
            var document = Of(mail, attachment, node, now);
            db.Add(document);
            var job = db.Enqueue(new ReadDocument(document.Id, document.Revision), caller, now, new EnqueueOptions
            {
                Subject = restricted ? null : document.Name,
                SubjectUrl = $"/documents?item={document.Id}",
                IdempotencyKey = $"documents.read/{document.Id}/{document.Revision}",
            });
            job.OwnerId = mail.OwnerId;
            made.Add((document, job));
        }
        // Nobody's command: it follows from the mail, whose upload has its row.
        using var own = AuditScope.EngineOwn();
        await db.SaveChangesAsync(cancel);
        // The jobs have numbers only now.
        foreach (var (document, job) in made) document.JobId = job.Id;
        await db.SaveChangesAsync(cancel);
        db.AfterCommit(() => made.ForEach(one => changes.Publish(new DocumentChanged(one.Document.Id, one.Document.OwnerId, one.Document.Version))));
    }

    private static async Task<int> Depth(IDbContextFactory<AppDbContext> databases, Document mail, int limit, CancellationToken cancel)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        var depth = 0;
        for (var parent = mail.ParentId; parent is { } id && depth < limit; depth++) parent = await db.Set<Document>().Where(d => d.Id == id).Select(d => d.ParentId).SingleOrDefaultAsync(cancel);
        return depth;
    }

    private static Document Of(Document mail, StoredAttachment attachment, NodeInfo node, DateTimeOffset now)
    {
        var id = Guid.CreateVersion7(now);
        return new Document
        {
            Id = id,
            SeriesId = id,
            TenantId = mail.TenantId,
            OwnerId = mail.OwnerId,
            CollectionId = mail.CollectionId,
            Origin = DocumentOrigin.Attachment,
            ParentId = mail.Id,
            ParentPart = attachment.Part,
            Node = node.Name,
            Name = attachment.Name,
            Sha256 = attachment.Sha256,
            Size = attachment.Size,
            CreatedAt = now,
            Version = 1,
        };
    }
}
