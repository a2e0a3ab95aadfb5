using BlazorAdmin.Data;
using BlazorAdmin.Features.Audit;
using BlazorAdmin.Features.Documents.Classification;
using BlazorAdmin.Features.Documents.Collections;
using BlazorAdmin.Features.Documents.Extraction;
using BlazorAdmin.Features.Jobs;
using BlazorAdmin.Live;
using BlazorAdmin.Security;

namespace BlazorAdmin.Features.Documents.Editing;

/// <summary>Tags, collection, type, owner and retention of one document or many.</summary>
public sealed class DocumentEditing(Guard guard, IDbContextFactory<AppDbContext> databases, IDatabaseDialect dialect, TimeProvider time, Topic<DocumentChanged> changes, Topic<ClassifierChanged> classifier)
{
    /// <summary>The shortest time between a date of retention being set and its coming.</summary>
    public static readonly TimeSpan ShortestKeep = TimeSpan.FromDays(1);

    /// <summary>How many of these documents there are for the caller, and how many of them stay because the caller may not change them.</summary>
    public async Task<EditPreview> Preview(IReadOnlyCollection<Guid> ids, CancellationToken cancel)
    {
        var caller = await RequireReader(cancel);
        var wanted = ids.Take(DocumentsService.LargestCommand).ToList();
        await using var db = await databases.CreateDbContextAsync(cancel);
        var seen = db.Visible(caller).Where(d => wanted.Contains(d.Id));
        var count = await seen.CountAsync(cancel);
        return new EditPreview(count, count - await seen.Where(DocumentAccess.MayChange(db, caller)).CountAsync(cancel));
    }

    /// <summary>Changes documents; those the caller may not change are left out.</summary>
    /// <param name="ids">At most <see cref="DocumentsService.LargestCommand"/>; more are a matter of <see cref="DocumentBulk"/>.</param>
    /// <exception cref="ForbiddenException"/>
    public Task<EditResult> Apply(IReadOnlyCollection<Guid> ids, DocumentEdit edit, CancellationToken cancel) => Apply(ids, edit, audited: true, cancel);

    /// <summary>The same for a part of a command that has its audit row already.</summary>
    internal Task<EditResult> ApplyPart(IReadOnlyCollection<Guid> ids, DocumentEdit edit, CancellationToken cancel) => Apply(ids, edit, audited: false, cancel);

    /// <summary>What stands against the change, whatever documents it is about.</summary>
    public async Task<EditProblem> Check(DocumentEdit edit, CancellationToken cancel)
    {
        var caller = await RequireReader(cancel);
        await using var db = await databases.CreateDbContextAsync(cancel);
        return await Check(db, caller, edit, cancel);
    }

    /// <summary>Gives documents back what the command took, where nobody changed it since.</summary>
    /// <returns>How many.</returns>
    public async Task<int> TakeBack(EditUndo undo, CancellationToken cancel)
    {
        var caller = await guard.RequireChange(DocumentsPermissions.Own, cancel);
        var ids = undo.Before.Select(before => before.Id).ToList();
        var edit = undo.Edit;
        await using var db = await databases.CreateDbContextAsync(cancel);
        await using var transaction = await db.Database.BeginTransactionAsync(cancel);
        var theirs = db.Changeable(caller).Where(d => ids.Contains(d.Id));
        if (edit.ConcernsFamily) await db.HoldAsync(theirs, cancel);
        var documents = await theirs.Where(d => d.DeletedAt == null).ToDictionaryAsync(d => d.Id, cancel);
        if (documents.Count == 0) return 0;
        var open = (await db.OpenCollections(caller).Select(c => c.Id).ToListAsync(cancel)).ToHashSet();
        var moved = new List<Document>();
        foreach (var before in undo.Before)
        {
            if (!documents.TryGetValue(before.Id, out var document)) continue;
            if (edit.SetsCollection && document.CollectionId == edit.CollectionId && (before.CollectionId is not { } back || open.Contains(back) || document.OwnerId == caller.UserId))
            {
                document.CollectionId = before.CollectionId;
                moved.Add(document);
            }
            if (edit.SetsType && document.TypeId == edit.TypeId) (document.TypeId, document.TypeSource) = (before.TypeId, before.TypeSource);
            if (edit.OwnerId is not null && document.OwnerId == edit.OwnerId) document.OwnerId = before.OwnerId;
            if ((edit.SetsKeepUntil || edit.SetsCollection) && DocumentFamily.IsSameTime(document.KeepUntil, before.KeepUntilAfter)) document.KeepUntil = before.KeepUntil;
            document.Version++;
        }
        var known = ids.ToHashSet();
        // What went along in the bin goes back along, unless it was moved since.
        var places = undo.Before.ToDictionary(before => before.Id, before => before.CollectionId);
        var binned = moved.Count == 0 ? [] : (await db.InBin(caller, moved, cancel)).FindAll(d => places.ContainsKey(d.Id) && d.CollectionId == edit.CollectionId);
        foreach (var document in binned) document.CollectionId = places[document.Id];
        foreach (var document in await db.FollowAsync(moved, d => !known.Contains(d.Id) && d.CollectionId == edit.CollectionId, cancel)) documents.Add(document.Id, document);
        if (edit.SetsKeepUntil || edit.SetsCollection) await db.PostponeAsync([.. documents.Values], time.GetUtcNow(), 2, cancel);
        await TakeBackTags(db, caller, undo, documents, cancel);
        if (edit.SetsType) await RuleJobs.ValidateAgain(db, caller, [.. documents.Keys], time.GetUtcNow(), cancel);
        await ForgetRestricted(db, caller, [.. documents.Values], cancel);
        Audit(db, caller, "documents.edit_undo", [.. documents.Values], undo.Edit);
        db.AfterCommit(() => Tell(documents.Values, edit.OwnerId));
        if (edit.SetsType) db.AfterCommit(() => classifier.Publish(new ClassifierChanged(null)));
        await db.SaveChangesAsync(cancel);
        await transaction.CommitAsync(cancel);
        return documents.Count;
    }

    private async Task<EditResult> Apply(IReadOnlyCollection<Guid> ids, DocumentEdit edit, bool audited, CancellationToken cancel)
    {
        var caller = await guard.RequireChange(DocumentsPermissions.Own, cancel);
        for (var attempt = 0; ; attempt++)
        {
            await using var db = await databases.CreateDbContextAsync(cancel);
            if (await Check(db, caller, edit, cancel) is var problem and not EditProblem.None) return EditResult.Refused(problem);
            try
            {
                return await Write(db, caller, ids, edit, audited, cancel);
            }
            catch (Exception exception) when (attempt < 2 && (exception is DbUpdateException || dialect.IsTransient(exception)))
            {
                // Somebody made or deleted one of the tags, the collection or the type at the same moment, or two waited for each other.
            }
        }
    }

    private async Task<EditResult> Write(AppDbContext db, Caller caller, IReadOnlyCollection<Guid> ids, DocumentEdit edit, bool audited, CancellationToken cancel)
    {
        var wanted = ids.Take(DocumentsService.LargestCommand).ToList();
        await using var transaction = await db.Database.BeginTransactionAsync(cancel);
        var theirs = db.Changeable(caller).Where(d => wanted.Contains(d.Id));
        if (edit.ConcernsFamily) await db.HoldAsync(theirs, cancel);
        var asked = await theirs.Where(d => d.DeletedAt == null).ToListAsync(cancel);
        if (asked.Count == 0) return new EditResult(EditProblem.None, [], null);
        var documents = edit.ConcernsFamily ? await db.OwnFamily(caller, asked, d => d.DeletedAt == null, cancel) : asked;
        if (asked.Count == 0) return new EditResult(EditProblem.None, [], null);
        var binned = edit.SetsCollection ? await db.InBin(caller, documents, cancel) : [];
        var before = documents.Concat(binned).ToDictionary(d => d.Id, d => new DocumentBefore(d.Id, d.CollectionId, d.TypeId, d.TypeSource, d.OwnerId, d.KeepUntil, [], []));
        foreach (var document in binned) document.CollectionId = edit.CollectionId;
        var tagged = await ChangeTags(db, caller, asked, edit, before, cancel);
        foreach (var document in documents)
        {
            if (edit.SetsCollection) document.CollectionId = edit.CollectionId;
            if (edit.SetsType && asked.Contains(document)) (document.TypeId, document.TypeSource) = (edit.TypeId, edit.TypeId is null ? null : TypeSource.Person);
            if (edit.OwnerId is { } owner) document.OwnerId = owner;
            if (edit.SetsKeepUntil) document.KeepUntil = edit.KeepUntil;
        }
        if (edit.SetsCollection || edit.SetsKeepUntil) await db.PostponeAsync(documents, time.GetUtcNow(), 2, cancel);
        foreach (var document in documents) before[document.Id] = before[document.Id] with { KeepUntilAfter = document.KeepUntil };
        var changed = documents.Where(d => tagged.Contains(d.Id) || db.Entry(d).State == EntityState.Modified).ToList();
        if (changed.Count == 0) return new EditResult(EditProblem.None, [], null);
        changed.ForEach(d => d.Version++);
        if (edit.SetsCollection) await ForgetRestricted(db, caller, changed, cancel);
        using var answered = audited ? null : AuditScope.EngineOwn();
        if (audited) Audit(db, caller, "documents.edit", changed, edit);
        if (edit.SetsType) await RuleJobs.ValidateAgain(db, caller, [.. changed.Select(d => d.Id)], time.GetUtcNow(), cancel);
        if (documents.Exists(d => (d.TypeId, d.TypeSource) != (before[d.Id].TypeId, before[d.Id].TypeSource))) db.AfterCommit(() => classifier.Publish(new ClassifierChanged(null)));
        var owners = before.Values.Select(b => b.OwnerId).Distinct().ToList();
        db.AfterCommit(() => Tell(changed, owners is [var one] && edit.OwnerId is not null ? one : null));
        await db.SaveChangesAsync(cancel);
        await transaction.CommitAsync(cancel);
        var result = changed.Select(d => d.Id).ToHashSet();
        var went = binned.Select(d => d.Id).ToHashSet();
        return new EditResult(EditProblem.None, [.. asked.Select(d => d.Id).Where(result.Contains)], new EditUndo(edit, [.. before.Values.Where(b => result.Contains(b.Id) || went.Contains(b.Id))]));
    }

    private async Task<EditProblem> Check(AppDbContext db, Caller caller, DocumentEdit edit, CancellationToken cancel)
    {
        if (edit.IsEmpty) return EditProblem.NothingChosen;
        if (edit.AddTags.Count > DocumentEdit.MostTags || edit.RemoveTags.Count > DocumentEdit.MostTags) return EditProblem.TagUnfit;
        if (edit.AddTags.Concat(edit.RemoveTags).Any(name => !TagName.IsFit(name))) return EditProblem.TagUnfit;
        if (edit is { SetsCollection: true, CollectionId: { } collection } && !await db.OpenCollections(caller).AnyAsync(c => c.Id == collection, cancel)) return EditProblem.CollectionClosed;
        if (edit is { SetsType: true, TypeId: { } type } && !await db.Set<DocumentType>().AnyAsync(t => t.Id == type && t.TenantId == caller.TenantId, cancel)) return EditProblem.TypeUnknown;
        if (edit is { SetsKeepUntil: true, KeepUntil: { } until } && until < time.GetUtcNow() + ShortestKeep) return EditProblem.DateTooSoon;
        if (edit.OwnerId is not { } owner) return EditProblem.None;
        if (!await db.Users.AnyAsync(u => u.Id == owner && u.TenantId == caller.TenantId && u.DeactivatedAt == null, cancel)) return EditProblem.OwnerUnfit;
        return (await AccessRegistry.RolesAsync(db, owner, cancel)).Permissions.Contains(DocumentsPermissions.Own) ? EditProblem.None : EditProblem.OwnerUnfit;
    }

    /// <returns>Ids of the documents whose tags are others now.</returns>
    private static async Task<HashSet<Guid>> ChangeTags(AppDbContext db, Caller caller, List<Document> documents, DocumentEdit edit, Dictionary<Guid, DocumentBefore> before, CancellationToken cancel)
    {
        var changed = new HashSet<Guid>();
        if (edit.AddTags.Count == 0 && edit.RemoveTags.Count == 0) return changed;
        var tags = await db.TagsNamed(caller, edit.AddTags, make: true, cancel);
        var gone = (await db.TagsNamed(caller, edit.RemoveTags, make: false, cancel)).Except(tags).ToList();
        var (ids, named) = (documents.Select(d => d.Id).ToList(), tags.Concat(gone).ToList());
        var there = (await db.Set<DocumentTag>().Where(t => ids.Contains(t.DocumentId) && named.Contains(t.TagId)).ToListAsync(cancel)).ToDictionary(t => (t.DocumentId, t.TagId));
        foreach (var id in ids)
        {
            var added = tags.Where(tag => !there.ContainsKey((id, tag))).ToList();
            var removed = gone.Where(tag => there.ContainsKey((id, tag))).ToList();
            if (added.Count == 0 && removed.Count == 0) continue;
            db.AddRange(added.Select(tag => new DocumentTag { DocumentId = id, TagId = tag, TenantId = caller.TenantId }));
            db.RemoveRange(removed.Select(tag => there[(id, tag)]));
            before[id] = before[id] with { Added = added, Removed = removed };
            changed.Add(id);
        }
        return changed;
    }

    private static async Task TakeBackTags(AppDbContext db, Caller caller, EditUndo undo, Dictionary<Guid, Document> documents, CancellationToken cancel)
    {
        var ids = documents.Keys.ToList();
        var named = undo.Before.SelectMany(b => b.Added.Concat(b.Removed)).Distinct().ToList();
        if (named.Count == 0) return;
        var known = (await db.Set<Tag>().Where(t => t.TenantId == caller.TenantId && named.Contains(t.Id)).Select(t => t.Id).ToListAsync(cancel)).ToHashSet();
        var there = (await db.Set<DocumentTag>().Where(t => ids.Contains(t.DocumentId) && named.Contains(t.TagId)).ToListAsync(cancel)).ToDictionary(t => (t.DocumentId, t.TagId));
        foreach (var before in undo.Before.Where(b => documents.ContainsKey(b.Id)))
        {
            db.RemoveRange(before.Added.Where(tag => there.ContainsKey((before.Id, tag))).Select(tag => there[(before.Id, tag)]));
            db.AddRange(before.Removed.Where(tag => known.Contains(tag) && !there.ContainsKey((before.Id, tag))).Select(tag => new DocumentTag { DocumentId = before.Id, TagId = tag, TenantId = caller.TenantId }));
        }
    }

    private static async Task ForgetRestricted(AppDbContext db, Caller caller, List<Document> documents, CancellationToken cancel)
    {
        var collections = documents.Select(d => d.CollectionId).OfType<Guid>().Distinct().ToList();
        var restricted = (await db.Set<Collection>().Where(c => collections.Contains(c.Id) && c.IsRestricted).Select(c => c.Id).ToListAsync(cancel)).ToHashSet();
        var hidden = documents.Where(d => d.CollectionId is { } collection && restricted.Contains(collection)).Select(d => d.Id.ToString()).ToList();
        if (hidden.Count > 0) await db.ForgetSubjectsAsync(caller.TenantId, DocumentsService.JobArgument, hidden, cancel);
    }

    private static void Audit(AppDbContext db, Caller caller, string action, List<Document> documents, DocumentEdit edit)
    {
        if (documents is [var one]) db.Audit(caller, action, "document", one.Id, one.Name, edit);
        else db.Audit(caller, action, "document", detail: new { ids = documents.Select(d => d.Id), edit }, count: documents.Count);
    }

    /// <summary>Who reads everybody's may have none of their own.</summary>
    private async ValueTask<Caller> RequireReader(CancellationToken cancel) =>
        await guard.RequireDocuments(cancel);

    private void Tell(IEnumerable<Document> documents, Guid? formerOwner)
    {
        foreach (var document in documents)
        {
            changes.Publish(new DocumentChanged(document.Id, document.OwnerId, document.Version));
            if (formerOwner is { } former && former != document.OwnerId) changes.Publish(new DocumentChanged(document.Id, former, document.Version));
        }
    }
}
