using BlazorAdmin.Data;
using BlazorAdmin.Features.Audit;
using BlazorAdmin.Features.Documents.Duplicates;
using BlazorAdmin.Features.Documents.Storage;
using BlazorAdmin.Live;
using BlazorAdmin.Security;

namespace BlazorAdmin.Features.Documents.Intake;

/// <summary>What a duplicate that just came in becomes.</summary>
public enum DuplicateChoice
{
    /// <summary>A version of the document that was there.</summary>
    Version,

    /// <summary>It goes into the bin.</summary>
    Bin,
}

/// <summary>Makes a whole upload a document, once, and carries out what is chosen for a duplicate.</summary>
public sealed class UploadFinisher(Guard guard, IDbContextFactory<AppDbContext> databases, IncomingFiles files, DocumentsService documents, DuplicateCommands duplicates, NodeInfo node, TimeProvider time, Topic<DocumentChanged> changes)
{
    /// <summary>Content, row, job, audit and the mark of the upload commit together.</summary>
    /// <returns>False when it was finished before.</returns>
    /// <exception cref="UploadRefusedException">The right on the collection or series was taken meanwhile; the upload stays as it is.</exception>
    internal async Task<bool> Finish(Caller caller, UploadSession session, FileStream file, CancellationToken cancel)
    {
        StoredContent stored;
        try
        {
            stored = await files.Adopt(file, cancel);
        }
        catch (IOException fault) when (DiskFaults.IsFull(fault))
        {
            throw new UploadRefusedException(UploadRefusal.DiskFull, session.Received);
        }
        // The store has the same file by another name: held for oneself alone, it could not be read by the job that begins with the commit.
        await file.DisposeAsync();
        var now = time.GetUtcNow();
        await using var db = await databases.CreateDbContextAsync(cancel);
        await using var transaction = await db.Database.BeginTransactionAsync(cancel);
        if (session.CollectionId is { } collection && !await db.OpenCollections(caller).AnyAsync(c => c.Id == collection, cancel)) throw new UploadRefusedException(UploadRefusal.CollectionClosed, session.Received);
        var document = db.AddDocument(caller.TenantId, caller.PersonId, node, now, session.Name, stored);
        db.Audit(caller, "documents.upload", "document", document.Id, document.Name, new { document.Size, document.Sha256 });
        document.CollectionId = session.CollectionId;
        // Two finishers: the second finds the mark of the first and rolls back.
        if (await db.Set<UploadSession>().Where(s => s.Id == session.Id && s.DocumentId == null)
            .ExecuteUpdateAsync(set => set.SetProperty(s => s.DocumentId, document.Id).SetProperty(s => s.TouchedAt, now), cancel) == 0) return false;
        if (session.SeriesId is { } series) await Join(db, caller, document, series, session.Received, cancel);
        await db.SaveWithReading(caller, document, now, changes, cancel);
        await transaction.CommitAsync(cancel);
        return true;
    }

    internal async Task<UploadedFile?> Describe(Caller caller, Guid id, CancellationToken cancel)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        if (await db.Visible(caller).Where(d => d.Id == id).Select(d => new { d.Name, d.Sha256, d.SeriesId, d.Edition }).SingleOrDefaultAsync(cancel) is not { } document) return null;
        // Asked for as a version of something: there is nothing to choose.
        if (document.Edition > 1) return new UploadedFile(id, document.Name, null);
        // Its own earlier versions are no surprise.
        var same = await db.Visible(caller).Where(d => d.Sha256 == document.Sha256 && d.Id != id && d.SeriesId != document.SeriesId)
            .OrderBy(d => d.CreatedAt).Select(d => new { d.Id, d.Name }).FirstOrDefaultAsync(cancel);
        if (same is null) return new UploadedFile(id, document.Name, null);
        var mayJoin = await db.Changeable(caller).AnyAsync(d => d.Id == same.Id, cancel);
        return new UploadedFile(id, document.Name, new UploadDuplicate(same.Id, same.Name, mayJoin));
    }

    /// <summary>What becomes of an upload that turned out to be a duplicate of <paramref name="other"/>.</summary>
    /// <returns>False when one of the two is gone, or not the caller's to change.</returns>
    public async Task<bool> Choose(Guid upload, DuplicateChoice choice, Guid other, CancellationToken cancel)
    {
        var caller = await guard.RequireChange(DocumentsPermissions.Own, cancel);
        await using var db = await databases.CreateDbContextAsync(cancel);
        var id = await db.Set<UploadSession>().Where(s => s.TenantId == caller.TenantId && s.OwnerId == caller.PersonId && s.Id == upload).Select(s => s.DocumentId).SingleOrDefaultAsync(cancel);
        if (id is null || await db.Changeable(caller).SingleOrDefaultAsync(d => d.Id == id && d.DeletedAt == null, cancel) is not { } document) return false;
        if (choice == DuplicateChoice.Bin) return (await documents.Delete([document.Id], cancel)).Count > 0;
        if (await db.Visible(caller).Where(d => d.Id == other && d.Sha256 == document.Sha256).Select(d => (Guid?)d.SeriesId).SingleOrDefaultAsync(cancel) is not { } series) return false;
        return series == document.SeriesId || (await duplicates.Join(document.Id, other, cancel)).Result is DuplicateResult.Done or DuplicateResult.SameSeries;
    }

    private static async Task Join(AppDbContext db, Caller caller, Document document, Guid series, long received, CancellationToken cancel)
    {
        try
        {
            await DocumentVersions.JoinSeries(db, caller, document, series, cancel);
        }
        catch (DocumentSeriesException)
        {
            throw new UploadRefusedException(UploadRefusal.SeriesClosed, received);
        }
    }
}
