using BlazorAdmin.Data;
using BlazorAdmin.Features.Audit;
using BlazorAdmin.Features.Documents.Collections;
using BlazorAdmin.Features.Documents.Duplicates;
using BlazorAdmin.Features.Documents.Reading;
using BlazorAdmin.Features.Documents.Storage;
using BlazorAdmin.Features.Jobs;
using BlazorAdmin.Live;
using BlazorAdmin.Security;
using BlazorAdmin.Shell.Lists;
using Microsoft.Extensions.Options;

namespace BlazorAdmin.Features.Documents.Bin;

/// <summary>What was deleted and can be brought back: one's own, or everybody's for who manages documents.</summary>
public sealed class BinService(
    Guard guard, IDbContextFactory<AppDbContext> databases, IDatabaseDialect dialect, IOptionsMonitor<ReadingOptions> options, TimeProvider time, Topic<DocumentChanged> changes, Topic<ContentErased> erased)
{
    public static readonly ListQuery Defaults = new() { Sort = "deleted", Descending = true };

    private static readonly Keyset<Document> Order = Keyset<Document>.Create(d => d.Id, "deleted", descending: true).By("deleted", d => d.DeletedAt).By("name", d => d.Name).By("size", d => d.Size);

    public async Task<ListPage<BinRow>> List(DocumentScope scope, ListQuery query, CancellationToken cancel)
    {
        var caller = await Require(scope, cancel);
        var days = options.CurrentValue.DeletedKeptDays;
        await using var db = await databases.CreateDbContextAsync(cancel);
        var matching = Matching(db, caller, scope, query).AsNoTracking();
        var page = await Order.Page(db, matching, query, d => new BinRow(
            d.Id, d.Name, d.Size, db.Users.Where(u => u.Id == d.OwnerId).Select(u => u.DisplayName).FirstOrDefault(),
            db.Set<Collection>().Where(c => c.Id == d.CollectionId).Select(c => c.Name).FirstOrDefault(), d.DeletedAt!.Value,
            db.Users.Where(u => u.Id == d.DeletedById).Select(u => u.DisplayName).FirstOrDefault(), d.DeletedAt!.Value), cancel);
        return page with { Rows = [.. page.Rows.Select(row => row with { GoesAt = row.DeletedAt.AddDays(days) })], Total = await matching.CountUpTo(cancel) };
    }

    /// <summary>Ids of what the list's query matches, one more than a command takes at most.</summary>
    public async Task<IReadOnlyList<Guid>> Ids(DocumentScope scope, ListQuery query, CancellationToken cancel)
    {
        var caller = await Require(scope, cancel);
        await using var db = await databases.CreateDbContextAsync(cancel);
        return await Order.Ordered(Matching(db, caller, scope, query), query).Select(d => d.Id).Take(DocumentsService.LargestCommand + 1).ToListAsync(cancel);
    }

    /// <summary>Removes documents from the bin for good, with what went together with them; the bytes follow when nothing else has them.</summary>
    /// <returns>Those that are gone.</returns>
    public Task<IReadOnlyList<Guid>> Erase(IReadOnlyCollection<Guid> ids, CancellationToken cancel) => dialect.Repeatedly(() => Erase(ids, audited: true, cancel));

    /// <summary>The same for a part of a command that has its audit row already.</summary>
    internal Task<IReadOnlyList<Guid>> ErasePart(IReadOnlyCollection<Guid> ids, CancellationToken cancel) => dialect.Repeatedly(() => Erase(ids, audited: false, cancel));

    /// <summary>Deleted documents that the caller may bring back. What went along with another one is not named by itself.</summary>
    internal static IQueryable<Document> Matching(AppDbContext db, Caller caller, DocumentScope scope, ListQuery query)
    {
        var documents = db.Changeable(caller).Where(d => d.DeletedAt != null
            && !db.Set<Document>().Any(parent => parent.Id == d.ParentId && parent.DeletedAt == d.DeletedAt)
            && !db.Set<Document>().Any(newer => newer.SeriesId == d.SeriesId && newer.Edition > d.Edition && newer.DeletedAt == d.DeletedAt));
        if (scope == DocumentScope.Own) documents = documents.Where(d => d.OwnerId == caller.PersonId);
        if (query.Search.Length == 0) return documents;
        var text = query.Search.ToLowerInvariant();
        return documents.Where(d => d.Name.ToLower().Contains(text));
    }

    private async Task<IReadOnlyList<Guid>> Erase(IReadOnlyCollection<Guid> ids, bool audited, CancellationToken cancel)
    {
        var caller = await guard.RequireChange(DocumentsPermissions.Own, cancel);
        var wanted = ids.Take(DocumentsService.LargestCommand).ToList();
        await using var db = await databases.CreateDbContextAsync(cancel);
        await using var transaction = await db.Database.BeginTransactionAsync(cancel);
        var theirs = db.Changeable(caller).Where(d => wanted.Contains(d.Id));
        // Somebody who restores them meanwhile waits and finds them gone, or this finds them restored.
        await db.HoldAsync(theirs, cancel);
        var asked = await theirs.Where(d => d.DeletedAt != null).ToListAsync(cancel);
        if (asked.Count == 0) return [];
        var stamps = asked.Select(d => d.DeletedAt).ToHashSet();
        var documents = await db.OwnFamily(caller, asked, d => d.DeletedAt != null && stamps.Contains(d.DeletedAt), cancel);
        if (asked.Count == 0) return [];
        using var answered = audited ? null : AuditScope.EngineOwn();
        if (audited && asked is [var one]) db.Audit(caller, "documents.erase_now", "document", one.Id, one.Name);
        else if (audited) db.Audit(caller, "documents.erase_now", "document", detail: new { ids = asked.Select(d => d.Id) }, count: asked.Count);
        db.EraseUnused(caller.TenantId, [.. documents.Select(d => d.Sha256), .. documents.Select(d => d.SearchableSha256).OfType<string>()], time.GetUtcNow(), erased);
        foreach (var part in documents.Select(d => d.Id).Chunk(500)) await db.Set<KeptDuplicate>().Where(kept => part.Contains(kept.OtherId)).ExecuteDeleteAsync(cancel);
        db.RemoveRange(documents);
        db.AfterCommit(() => documents.ForEach(d => changes.Publish(new DocumentChanged(d.Id, d.OwnerId, d.Version + 1))));
        await db.SaveChangesAsync(cancel);
        await transaction.CommitAsync(cancel);
        return [.. asked.Select(d => d.Id)];
    }

    private ValueTask<Caller> Require(DocumentScope scope, CancellationToken cancel) => guard.Require(scope == DocumentScope.All ? DocumentsPermissions.Manage : DocumentsPermissions.Own, cancel);
}
