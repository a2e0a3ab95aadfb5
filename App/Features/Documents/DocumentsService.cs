using BlazorAdmin.Data;
using BlazorAdmin.Features.Audit;
using BlazorAdmin.Features.Documents.Duplicates;
using BlazorAdmin.Features.Documents.Intake;
using BlazorAdmin.Features.Documents.Reading;
using BlazorAdmin.Features.Jobs;
using BlazorAdmin.Features.Jobs.Bulk;
using BlazorAdmin.Live;
using BlazorAdmin.Security;
using Microsoft.Extensions.Options;

namespace BlazorAdmin.Features.Documents;

/// <summary>The commands on documents.</summary>
public sealed class DocumentsService(
    Guard guard, IDbContextFactory<AppDbContext> databases, IDatabaseDialect dialect, IOptionsMonitor<ReadingOptions> options, TimeProvider time, JobChanger jobs, Topic<DocumentChanged> changes)
{
    /// <summary>Most documents that one command takes; more are a matter of <see cref="DocumentBulk"/>.</summary>
    public const int LargestCommand = 1_000;

    /// <summary>The searchable argument by which the jobs of a document are found.</summary>
    internal const string JobArgument = "documentId";

    /// <summary>Puts documents into the bin, where they stay for the days of the settings.</summary>
    /// <returns>Those that were deleted; what the caller may not change is left out silently.</returns>
    public Task<IReadOnlyList<Guid>> Delete(IReadOnlyCollection<Guid> ids, CancellationToken cancel) => dialect.Repeatedly(() => Delete(ids, audited: true, cancel));

    /// <summary>The same for a part of a command that has its audit row already.</summary>
    internal Task<IReadOnlyList<Guid>> DeletePart(IReadOnlyCollection<Guid> ids, CancellationToken cancel) => dialect.Repeatedly(() => Delete(ids, audited: false, cancel));

    private async Task<IReadOnlyList<Guid>> Delete(IReadOnlyCollection<Guid> ids, bool audited, CancellationToken cancel)
    {
        var caller = await guard.RequireChange(DocumentsPermissions.Own, cancel);
        await using var db = await databases.CreateDbContextAsync(cancel);
        await using var transaction = await db.Database.BeginTransactionAsync(cancel);
        var asked = await LoadHeld(db, caller, ids, deleted: false, cancel);
        var documents = await DeleteAsync(db, caller, caller.PersonId, asked, versions: false, cancel);
        if (asked.Count == 0) return [];
        await Save(db, caller, audited ? "documents.delete" : null, asked, cancel);
        // An attachment may be a version of another document.
        await SeriesOrder.Settle(db, [.. documents.Select(d => d.SeriesId)], time.GetUtcNow(), cancel);
        await transaction.CommitAsync(cancel);
        return [.. asked.Select(d => d.Id)];
    }

    /// <summary>Puts documents with their attachments into the bin; whoever calls this saves, inside a transaction.</summary>
    /// <param name="by">Null: their time was over.</param>
    /// <param name="asked">Held; what the caller may not change as a whole is taken out.</param>
    /// <param name="versions">With every other version of them.</param>
    /// <returns>All that go.</returns>
    internal async Task<IReadOnlyList<Document>> DeleteAsync(AppDbContext db, Caller caller, Guid? by, List<Document> asked, bool versions, CancellationToken cancel)
    {
        var documents = await db.OwnFamily(caller, asked, d => d.DeletedAt == null, cancel, versions);
        var now = time.GetUtcNow();
        foreach (var document in documents)
        {
            document.Delete(by, now);
            // Without a name: what is deleted is named by no job.
            db.Enqueue(new EraseDocument(document.Id, document.DeletedAt), caller, now, new EnqueueOptions { DueAt = now.AddDays(options.CurrentValue.DeletedKeptDays) });
        }
        await db.ForgetSubjectsAsync(caller.TenantId, JobArgument, [.. documents.Select(d => d.Id.ToString())], cancel);
        var family = documents.Except(asked).ToList();
        db.AfterCommit(() => family.ForEach(Tell));
        return documents;
    }

    /// <summary>Takes documents back from the bin.</summary>
    public Task<IReadOnlyList<Guid>> Restore(IReadOnlyCollection<Guid> ids, CancellationToken cancel) => dialect.Repeatedly(() => Restore(ids, audited: true, cancel));

    /// <summary>The same for a part of a command that has its audit row already.</summary>
    internal Task<IReadOnlyList<Guid>> RestorePart(IReadOnlyCollection<Guid> ids, CancellationToken cancel) => dialect.Repeatedly(() => Restore(ids, audited: false, cancel));

    private async Task<IReadOnlyList<Guid>> Restore(IReadOnlyCollection<Guid> ids, bool audited, CancellationToken cancel)
    {
        var caller = await guard.RequireChange(DocumentsPermissions.Own, cancel);
        await using var db = await databases.CreateDbContextAsync(cancel);
        await using var transaction = await db.Database.BeginTransactionAsync(cancel);
        var asked = await LoadHeld(db, caller, ids, deleted: true, cancel);
        if (asked.Count == 0) return [];
        var stamps = asked.Select(d => d.DeletedAt).ToHashSet();
        var documents = await db.OwnFamily(caller, asked, d => d.DeletedAt != null && stamps.Contains(d.DeletedAt), cancel);
        if (asked.Count == 0) return [];
        await db.PostponeAsync(documents, time.GetUtcNow(), options.CurrentValue.DeletedKeptDays, cancel);
        foreach (var document in documents) document.Restore();
        await Save(db, caller, audited ? "documents.restore" : null, asked, cancel);
        // Their reading ended without them when they were deleted.
        foreach (var document in documents.Where(d => d.State is DocumentState.Waiting or DocumentState.Reading))
        {
            using var answered = AuditScope.EngineOwn();
            document.Stop(time.GetUtcNow());
            document.ReadAgain();
            await db.SaveWithReading(caller, document, time.GetUtcNow(), changes, cancel);
        }
        await SeriesOrder.Settle(db, [.. documents.Select(d => d.SeriesId)], time.GetUtcNow(), cancel);
        var family = documents.Except(asked).ToList();
        db.AfterCommit(() => family.ForEach(Tell));
        await transaction.CommitAsync(cancel);
        return [.. asked.Select(d => d.Id)];
    }

    /// <summary>Has documents read anew, from the first step; those that wait or are being read are left out.</summary>
    public Task<IReadOnlyList<Guid>> ReadAgain(IReadOnlyCollection<Guid> ids, CancellationToken cancel) => ReadAgain(ids, audited: true, cancel);

    /// <summary>The same for a part of a command that has its audit row already.</summary>
    internal Task<IReadOnlyList<Guid>> ReadPartAgain(IReadOnlyCollection<Guid> ids, CancellationToken cancel) => ReadAgain(ids, audited: false, cancel);

    private async Task<IReadOnlyList<Guid>> ReadAgain(IReadOnlyCollection<Guid> ids, bool audited, CancellationToken cancel)
    {
        var caller = await guard.RequireChange(DocumentsPermissions.Own, cancel);
        var again = new List<Guid>();
        foreach (var id in ids.Take(LargestCommand))
        {
            await using var db = await databases.CreateDbContextAsync(cancel);
            if (await Load(db, caller, [id], deleted: false, cancel) is not [{ State: not (DocumentState.Waiting or DocumentState.Reading) } document]) continue;
            await using var transaction = await db.Database.BeginTransactionAsync(cancel);
            document.ReadAgain();
            await db.Set<DocumentStepRun>().Where(run => run.DocumentId == id && run.Revision < document.Revision).ExecuteDeleteAsync(cancel);
            if (audited) db.Audit(caller, "documents.read_again", "document", id, document.Name);
            using var answered = audited ? null : AuditScope.EngineOwn();
            await db.SaveWithReading(caller, document, time.GetUtcNow(), changes, cancel);
            await transaction.CommitAsync(cancel);
            again.Add(id);
        }
        return again;
    }

    /// <summary>Stops readings that wait or run, and cancels their jobs; the original stays.</summary>
    public async Task<IReadOnlyList<Guid>> Stop(IReadOnlyCollection<Guid> ids, CancellationToken cancel)
    {
        var caller = await guard.RequireChange(DocumentsPermissions.Own, cancel);
        await using var db = await databases.CreateDbContextAsync(cancel);
        var documents = (await Load(db, caller, ids, deleted: false, cancel)).Where(d => d.State is DocumentState.Waiting or DocumentState.Reading).ToList();
        if (documents.Count == 0) return [];
        foreach (var document in documents) document.Stop(time.GetUtcNow());
        await using var transaction = await db.Database.BeginTransactionAsync(cancel);
        await jobs.CancelAsync(db, caller.TenantId, [.. documents.Select(d => d.JobId).OfType<long>()], cancel);
        var stopped = await Save(db, caller, "documents.stop", documents, cancel);
        await transaction.CommitAsync(cancel);
        return stopped;
    }

    /// <param name="action">Null for a part of a command that has its audit row already.</param>
    private async Task<IReadOnlyList<Guid>> Save(AppDbContext db, Caller caller, string? action, List<Document> documents, CancellationToken cancel)
    {
        using var answered = action is null ? AuditScope.EngineOwn() : null;
        if (action is not null) Audit(db, caller, action, documents);
        db.AfterCommit(() => documents.ForEach(Tell));
        await db.SaveChangesAsync(cancel);
        return [.. documents.Select(d => d.Id)];
    }

    private static void Audit(AppDbContext db, Caller caller, string action, List<Document> documents)
    {
        if (documents is [var one]) db.Audit(caller, action, "document", one.Id, one.Name);
        else db.Audit(caller, action, "document", detail: new { ids = documents.Select(d => d.Id) }, count: documents.Count);
    }

    private static Task<List<Document>> Load(AppDbContext db, Caller caller, IReadOnlyCollection<Guid> ids, bool deleted, CancellationToken cancel)
    {
        var wanted = ids.Take(LargestCommand).ToList();
        return db.Changeable(caller).Where(d => wanted.Contains(d.Id) && (d.DeletedAt != null) == deleted).ToListAsync(cancel);
    }

    /// <summary>The same, held with all their versions and attachments until the transaction ends.</summary>
    private static async Task<List<Document>> LoadHeld(AppDbContext db, Caller caller, IReadOnlyCollection<Guid> ids, bool deleted, CancellationToken cancel)
    {
        var wanted = ids.Take(LargestCommand).ToList();
        await db.HoldAsync(db.Changeable(caller).Where(d => wanted.Contains(d.Id)), cancel);
        return await Load(db, caller, wanted, deleted, cancel);
    }

    /// <summary>For those who delete by <see cref="DeleteAsync"/>.</summary>
    internal void TellAfterCommit(AppDbContext db, IReadOnlyList<Document> documents) => db.AfterCommit(() =>
    {
        foreach (var document in documents) Tell(document);
    });

    private void Tell(Document document) => changes.Publish(new DocumentChanged(document.Id, document.OwnerId, document.Version));
}
