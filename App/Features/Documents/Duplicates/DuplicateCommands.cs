using BlazorAdmin.Data;
using BlazorAdmin.Features.Audit;
using BlazorAdmin.Features.Jobs;
using BlazorAdmin.Live;
using BlazorAdmin.Security;

namespace BlazorAdmin.Features.Documents.Duplicates;

/// <summary>What people decide about two documents that look alike. Putting one into the bin is a matter of <see cref="DocumentsService"/>.</summary>
public sealed class DuplicateCommands(Guard guard, IDbContextFactory<AppDbContext> databases, TimeProvider time, Topic<DocumentChanged> changes)
{
    /// <summary>Both stay; they are not shown as duplicates of each other any more.</summary>
    /// <exception cref="ForbiddenException"/>
    public Task<DuplicateResult> Keep(Guid id, Guid otherId, CancellationToken cancel) => Settle(id, otherId, "documents.keep_duplicate", keep: true, cancel);

    /// <summary>Takes <see cref="Keep"/> back.</summary>
    /// <exception cref="ForbiddenException"/>
    public Task<DuplicateResult> Unkeep(Guid id, Guid otherId, CancellationToken cancel) => Settle(id, otherId, "documents.unkeep_duplicate", keep: false, cancel);

    /// <summary>
    /// Makes this document, with all versions it has, the newest version of the other one. The caller must be allowed to change every version of both.
    /// </summary>
    /// <exception cref="ForbiddenException"/>
    public async Task<JoinResult> Join(Guid id, Guid otherId, CancellationToken cancel)
    {
        var caller = await guard.RequireChange(DocumentsPermissions.Own, cancel);
        await using var db = await databases.CreateDbContextAsync(cancel);
        await using var transaction = await db.Database.BeginTransactionAsync(cancel);
        if (await SeriesOf(db, caller, id, cancel) is not { } from || await SeriesOf(db, caller, otherId, cancel) is not { } to) return new JoinResult(DuplicateResult.NotFound);
        if (from == to) return new JoinResult(DuplicateResult.SameSeries);
        await db.HoldAsync(db.Set<Document>().Where(d => d.SeriesId == from || d.SeriesId == to), cancel);
        if (!await MayChangeAll(db, caller, [from, to], cancel)) return new JoinResult(DuplicateResult.NotFound);
        var moved = await db.Changeable(caller).Where(d => d.SeriesId == from).OrderBy(d => d.Edition).ToListAsync(cancel);
        var target = await db.Visible(caller).Where(d => d.Id == otherId).Select(d => new { d.Name, d.CollectionId }).SingleOrDefaultAsync(cancel);
        // Somebody joined or deleted one of them while this waited.
        if (moved.All(d => d.Id != id) || target is null) return new JoinResult(DuplicateResult.NotFound);
        var edition = await SeriesOrder.NextEdition(db, to, cancel);
        // Who may see a document may see its versions: they stand in one collection.
        if (moved.Exists(d => d.CollectionId != target.CollectionId) && target.CollectionId is { } collection && !await db.OpenCollections(caller).AnyAsync(c => c.Id == collection, cancel)) return new JoinResult(DuplicateResult.NotFound);
        var family = await db.OwnFamily(caller, [.. moved], d => d.DeletedAt == null, cancel);
        // What is in the bin by itself stands where its document stands.
        family.AddRange((await db.InBin(caller, family, cancel)).Except(family));
        var before = family.ConvertAll(Place);
        foreach (var document in family) document.CollectionId = target.CollectionId;
        foreach (var document in moved) document.MoveToSeries(to, edition++);
        await db.PostponeAsync(family, time.GetUtcNow(), 2, cancel);
        var undo = new JoinUndo(id, from, to, [.. family.Select((d, i) => new JoinedDocument(d.Id, moved.Contains(d), before[i], Place(d)))]);
        if (await db.IsRestrictedAsync(moved[0], cancel)) await db.ForgetSubjectsAsync(caller.TenantId, DocumentsService.JobArgument, [.. family.Select(d => d.Id.ToString())], cancel);
        db.Audit(caller, "documents.join_series", "document", id, moved.First(d => d.Id == id).Name, new { versionOf = otherId, name = target.Name, ids = moved.Select(d => d.Id) }, moved.Count);
        await Save(db, moved, [from, to], cancel);
        await transaction.CommitAsync(cancel);
        return new JoinResult(DuplicateResult.Done, undo);
    }

    /// <summary>Takes <see cref="Join"/> back as a whole: series, numbers, collection. Not when somebody changed one of the versions since.</summary>
    /// <exception cref="ForbiddenException"/>
    public async Task<DuplicateResult> TakeBack(JoinUndo undo, CancellationToken cancel)
    {
        var caller = await guard.RequireChange(DocumentsPermissions.Own, cancel);
        var known = undo.Documents.ToDictionary(d => d.Id);
        var ids = undo.Documents.Where(d => d.IsVersion).Select(d => d.Id).ToList();
        await using var db = await databases.CreateDbContextAsync(cancel);
        await using var transaction = await db.Database.BeginTransactionAsync(cancel);
        await db.HoldAsync(db.Set<Document>().Where(d => d.SeriesId == undo.From || d.SeriesId == undo.Into), cancel);
        var moved = await db.Changeable(caller).Where(d => ids.Contains(d.Id) && d.SeriesId == undo.Into).OrderBy(d => d.Edition).ToListAsync(cancel);
        if (moved.Count < ids.Count || moved.Exists(d => d.Edition != known[d.Id].After.Edition || d.CollectionId != known[d.Id].After.CollectionId)) return DuplicateResult.NotFound;
        if (await db.Set<Document>().AnyAsync(d => d.SeriesId == undo.From, cancel)) return DuplicateResult.NotFound;
        var open = (await db.OpenCollections(caller).Select(c => c.Id).ToListAsync(cancel)).ToHashSet();
        if (moved.Exists(d => known[d.Id].Before.CollectionId is { } back && back != d.CollectionId && !open.Contains(back) && d.OwnerId != caller.UserId)) return DuplicateResult.NotFound;
        foreach (var document in moved) document.MoveToSeries(undo.From, known[document.Id].Before.Edition);
        var family = await db.OwnFamily(caller, [.. moved], d => d.DeletedAt == null, cancel);
        family.AddRange((await db.InBin(caller, family, cancel)).Except(family));
        var back = family.FindAll(d => known.TryGetValue(d.Id, out var joined) && d.CollectionId == joined.After.CollectionId);
        foreach (var document in back)
        {
            var (now, then) = (known[document.Id].After, known[document.Id].Before);
            document.CollectionId = then.CollectionId;
            if (DocumentFamily.IsSameTime(document.KeepUntil, now.KeepUntil)) document.KeepUntil = then.KeepUntil;
        }
        var after = known[undo.Id].After.CollectionId;
        back.AddRange(await db.FollowAsync(back, d => !known.ContainsKey(d.Id) && d.CollectionId == after, cancel));
        await db.PostponeAsync(back, time.GetUtcNow(), 2, cancel);
        if (await db.IsRestrictedAsync(moved[0], cancel)) await db.ForgetSubjectsAsync(caller.TenantId, DocumentsService.JobArgument, [.. back.Select(d => d.Id.ToString())], cancel);
        db.Audit(caller, "documents.join_undo", "document", undo.Id, moved.First(d => d.Id == undo.Id).Name, new { from = undo.Into, ids }, moved.Count);
        await Save(db, moved, [undo.From, undo.Into], cancel);
        await transaction.CommitAsync(cancel);
        return DuplicateResult.Done;
    }

    /// <summary>Makes a version, and with <paramref name="andLater"/> those after it, a document of its own again.</summary>
    /// <exception cref="ForbiddenException"/>
    public async Task<DuplicateResult> Split(Guid id, bool andLater, CancellationToken cancel)
    {
        var caller = await guard.RequireChange(DocumentsPermissions.Own, cancel);
        await using var db = await databases.CreateDbContextAsync(cancel);
        await using var transaction = await db.Database.BeginTransactionAsync(cancel);
        if (await SeriesOf(db, caller, id, cancel) is not { } series) return DuplicateResult.NotFound;
        await SeriesOrder.Hold(db, [series], cancel);
        if (await db.Visible(caller).Where(d => d.Id == id && d.SeriesId == series).Select(d => (int?)d.Edition).SingleOrDefaultAsync(cancel) is not { } edition || id == series) return DuplicateResult.NotFound;
        var moved = await db.Changeable(caller).Where(d => d.SeriesId == series && (d.Id == id || (andLater && d.Edition > edition))).OrderBy(d => d.Edition).ToListAsync(cancel);
        if (moved.All(d => d.Id != id)) return DuplicateResult.NotFound;
        var next = 1;
        foreach (var document in moved) document.MoveToSeries(id, next++);
        await db.PostponeAsync(moved, time.GetUtcNow(), 2, cancel);
        db.Audit(caller, "documents.split_series", "document", id, moved.First(d => d.Id == id).Name, new { from = series, ids = moved.Select(d => d.Id) }, moved.Count);
        await Save(db, moved, [series, id], cancel);
        await transaction.CommitAsync(cancel);
        return DuplicateResult.Done;
    }

    private async Task<DuplicateResult> Settle(Guid id, Guid otherId, string action, bool keep, CancellationToken cancel)
    {
        var caller = await guard.RequireChange(DocumentsPermissions.Own, cancel);
        await using var db = await databases.CreateDbContextAsync(cancel);
        await using var transaction = await db.Database.BeginTransactionAsync(cancel);
        var (first, second) = id.CompareTo(otherId) < 0 ? (id, otherId) : (otherId, id);
        // Whoever says the same of them, or erases one of them, in this moment waits or is waited for.
        await db.HoldAsync(db.Visible(caller).Where(d => d.Id == first || d.Id == second), cancel);
        if (first == second || await db.Visible(caller).CountAsync(d => d.Id == first || d.Id == second, cancel) < 2) return DuplicateResult.NotFound;
        if (await db.Changeable(caller).SingleOrDefaultAsync(d => d.Id == id && d.DeletedAt == null, cancel) is not { } document) return DuplicateResult.NotFound;
        var row = await db.Set<KeptDuplicate>().SingleOrDefaultAsync(k => k.DocumentId == first && k.OtherId == second, cancel);
        if (keep == row is not null) return DuplicateResult.Done;
        if (row is not null) db.Remove(row);
        else db.Add(new KeptDuplicate { DocumentId = first, OtherId = second, TenantId = caller.TenantId, KeptAt = time.GetUtcNow() });
        db.Audit(caller, action, "document", id, document.Name, new { other = otherId });
        db.AfterCommit(() => changes.Publish(new DocumentChanged(document.Id, document.OwnerId, document.Version)));
        await db.SaveChangesAsync(cancel);
        await transaction.CommitAsync(cancel);
        return DuplicateResult.Done;
    }

    private async Task Save(AppDbContext db, List<Document> moved, Guid[] series, CancellationToken cancel)
    {
        db.AfterCommit(() => moved.ForEach(d => changes.Publish(new DocumentChanged(d.Id, d.OwnerId, d.Version))));
        await db.SaveChangesAsync(cancel);
        await SeriesOrder.Settle(db, series, time.GetUtcNow(), cancel);
    }

    private static JoinedPlace Place(Document document) => new(document.Edition, document.CollectionId, document.KeepUntil);

    private static async Task<Guid?> SeriesOf(AppDbContext db, Caller caller, Guid id, CancellationToken cancel)
    {
        var visible = db.Visible(caller).Select(d => d.Id);
        return await db.Changeable(caller).Where(d => d.Id == id && visible.Contains(d.Id)).Select(d => (Guid?)d.SeriesId).SingleOrDefaultAsync(cancel);
    }

    internal static async Task<bool> MayChangeAll(AppDbContext db, Caller caller, Guid[] series, CancellationToken cancel)
    {
        var changeable = db.Changeable(caller).Select(d => d.Id);
        return !await db.Set<Document>().AnyAsync(d => series.Contains(d.SeriesId) && !changeable.Contains(d.Id), cancel);
    }
}
