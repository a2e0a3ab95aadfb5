using BlazorAdmin.Data;
using BlazorAdmin.Features.Audit;
using BlazorAdmin.Live;
using BlazorAdmin.Security;
using BlazorAdmin.Shell.Lists;

namespace BlazorAdmin.Features.Documents.Collections;

/// <summary>A tag with how many documents have it that the caller sees.</summary>
public sealed record TagRow(Guid Id, string Name, ListTotal Documents);

public enum TagProblem
{
    None,
    NameUnfit,

    /// <summary>Another tag has the name: merging them is a command of its own.</summary>
    NameTaken,
    Gone,
}

/// <summary>
/// The words that people put on documents: found, renamed, merged, deleted. They are made where they are used first. A tag is one word of the whole
/// tenant: who manages documents and sees a tag (a document that they see has it, or none has it any more) changes it on every document, also on
/// those they do not see, of which they learn nothing but how many. A tag that they do not see does not exist for them.
/// </summary>
public sealed class TagsService(Guard guard, IDbContextFactory<AppDbContext> databases, IDatabaseDialect dialect, Topic<CollectionsChanged> changes)
{
    public const int MostShown = 1_000;

    /// <summary>So many of the newest documents that the caller sees tell most of the tags, and all of them where there are no more documents.</summary>
    private const int DocumentsLookedAt = 1_000;

    /// <summary>Of every other tag so many documents are looked at, and then so many of all tags together that are still open.</summary>
    private const int LinksOfEach = 20, LinksTogether = 10_000;

    /// <summary>So many parts of tags are gone through for those that the caller sees.</summary>
    private const int MostParts = 10;

    /// <summary>
    /// Tags by name, to filter by and to set. Those that stand only on documents which the caller may not see do not exist for them. What is
    /// looked at has a limit: a tag can be missing that stands on old documents only, behind thousands that the caller does not see.
    /// </summary>
    public async Task<IReadOnlyList<CollectionName>> Names(CancellationToken cancel)
    {
        var caller = await RequireReader(cancel);
        await using var db = await databases.CreateDbContextAsync(cancel);
        return [.. (await Seen(db, caller, await db.Sight(caller, cancel), false, cancel)).Select(t => new CollectionName(t.Id, t.Name))];
    }

    /// <summary>The same with how many documents have each; who manages everybody's also sees tags that no document has any more, to tidy up.</summary>
    public async Task<IReadOnlyList<TagRow>> List(CancellationToken cancel)
    {
        var caller = await RequireReader(cancel);
        await using var db = await databases.CreateDbContextAsync(cancel);
        var sight = await db.Sight(caller, cancel);
        var shown = await Seen(db, caller, sight, caller.May(DocumentsPermissions.Manage), cancel);
        var ids = shown.ConvertAll(t => t.Id);
        // Each counted document is looked up by itself, which costs as much as twenty that an index counts in a row.
        var limit = Counting.LimitOfEach(20 * ids.Count);
        var seen = Documents(db, caller, sight);
        var counts = await db.Set<Tag>().Where(t => ids.Contains(t.Id)).Select(t => new
        {
            t.Id, Documents = db.Set<DocumentTag>().Where(link => link.TagId == t.Id).Join(seen, link => link.DocumentId, d => d.Id, (link, d) => d.Id).Take(limit + 1).Count(),
        }).ToDictionaryAsync(t => t.Id, t => t.Documents, cancel);
        return [.. shown.Select(t => new TagRow(t.Id, t.Name, Counting.UpTo(counts.GetValueOrDefault(t.Id), limit)))];
    }

    /// <param name="withUnused">Those too that no document has.</param>
    private static async Task<List<NamedTag>> Seen(AppDbContext db, Caller caller, DocumentSight? sight, bool withUnused, CancellationToken cancel)
    {
        var (known, isAll) = await OfNewest(db, caller, sight, cancel);
        var tags = db.Set<Tag>().Where(t => t.TenantId == caller.TenantId);
        if (isAll && !withUnused) return await Part(tags.Where(t => known.Contains(t.Id)), 0);
        var shown = new List<NamedTag>();
        for (var part = 0; part < MostParts && shown.Count < MostShown; part++)
        {
            var some = await Part(tags, part);
            var open = some.Select(t => t.Id).Where(id => !known.Contains(id)).ToList();
            var used = withUnused ? await Used(db, open, cancel) : [];
            var unused = withUnused ? open.Except(used).ToHashSet() : [];
            if (!isAll) known.UnionWith(await Standing(db, caller, sight, withUnused ? used : open, cancel));
            shown.AddRange(some.Where(t => known.Contains(t.Id) || unused.Contains(t.Id)));
            if (some.Count < MostShown) break;
        }
        return [.. shown.Take(MostShown)];

        Task<List<NamedTag>> Part(IQueryable<Tag> of, int number) =>
            of.OrderBy(t => t.NormalizedName).Skip(number * MostShown).Take(MostShown).Select(t => new NamedTag(t.Id, t.Name)).ToListAsync(cancel);
    }

    /// <summary>Tags of the newest documents that the caller sees, and whether these documents are all.</summary>
    private static async Task<(HashSet<Guid> Tags, bool IsAll)> OfNewest(AppDbContext db, Caller caller, DocumentSight? sight, CancellationToken cancel)
    {
        DocumentScope[] scopes = caller.IsPortal || caller.May(DocumentsPermissions.Read) ? [DocumentScope.All] : [DocumentScope.Own, DocumentScope.Shared];
        var (tags, isAll) = (new HashSet<Guid>(), true);
        foreach (var scope in scopes)
        {
            var newest = await DocumentMatching.Newest(db, caller, scope, sight, DocumentsLookedAt).Select(d => new { d.Id, d.IsLatest }).ToListAsync(cancel);
            var ids = newest.Where(d => d.IsLatest).Select(d => d.Id).ToList();
            tags.UnionWith(await db.Set<DocumentTag>().Where(link => ids.Contains(link.DocumentId)).Select(link => link.TagId).Distinct().ToListAsync(cancel));
            isAll &= newest.Count < DocumentsLookedAt;
        }
        return (tags, isAll);
    }

    /// <summary>Those of the tags that stand on a document which the caller sees, as far as that is looked at.</summary>
    private static async Task<HashSet<Guid>> Standing(AppDbContext db, Caller caller, DocumentSight? sight, IReadOnlyList<Guid> tags, CancellationToken cancel)
    {
        var found = new HashSet<Guid>();
        var seen = Documents(db, caller, sight);
        foreach (var together in new[] { 0, LinksTogether })
        {
            var open = tags.Where(id => !found.Contains(id)).ToList();
            if (open.Count == 0) break;
            var links = Math.Max(LinksOfEach, together / open.Count);
            found.UnionWith(await db.Set<Tag>().Where(t => open.Contains(t.Id))
                .Where(t => db.Set<DocumentTag>().Where(link => link.TagId == t.Id).Take(links).Join(seen, link => link.DocumentId, d => d.Id, (link, d) => d.Id).Take(1).Count() > 0)
                .Select(t => t.Id).ToListAsync(cancel));
        }
        return found;
    }

    /// <summary>Those of the tags that stand on any document, whoever may see it.</summary>
    private static Task<List<Guid>> Used(AppDbContext db, IReadOnlyList<Guid> tags, CancellationToken cancel) =>
        db.Set<Tag>().Where(t => tags.Contains(t.Id) && db.Set<DocumentTag>().Where(link => link.TagId == t.Id).Take(1).Count() > 0).Select(t => t.Id).ToListAsync(cancel);

    private static IQueryable<Document> Documents(AppDbContext db, Caller caller, DocumentSight? sight) => db.Visible(caller, sight).Where(d => d.IsLatest);

    public async Task<TagProblem> Rename(Guid id, string name, CancellationToken cancel)
    {
        var caller = await guard.Require(DocumentsPermissions.Manage, cancel);
        if (!TagName.IsFit(name)) return TagProblem.NameUnfit;
        await using var db = await databases.CreateDbContextAsync(cancel);
        if (await Find(db, caller, id, cancel) is not { } tag) return TagProblem.Gone;
        var before = tag.Name;
        (tag.Name, tag.NormalizedName) = (name.Trim(), TagName.Normal(name));
        db.Audit(caller, "documents.tag_rename", "tag", id, tag.Name, new { before });
        db.AfterCommit(() => changes.Publish(new CollectionsChanged(Guid.Empty)));
        try
        {
            await db.SaveChangesAsync(cancel);
        }
        catch (DbUpdateException exception) when (dialect.IsDuplicateKey(exception))
        {
            return TagProblem.NameTaken;
        }
        return TagProblem.None;
    }

    /// <summary>Puts <paramref name="into"/> on every document that has the tag, and deletes the tag.</summary>
    public async Task<TagProblem> Merge(Guid id, Guid into, CancellationToken cancel)
    {
        var caller = await guard.Require(DocumentsPermissions.Manage, cancel);
        await using var db = await databases.CreateDbContextAsync(cancel);
        if (id == into || await Find(db, caller, id, cancel) is not { } tag || await Find(db, caller, into, cancel) is not { } kept) return TagProblem.Gone;
        await using var transaction = await db.Database.BeginTransactionAsync(cancel);
        await db.Set<DocumentTag>().Where(t => t.TagId == id && db.Set<DocumentTag>().Any(other => other.DocumentId == t.DocumentId && other.TagId == into)).ExecuteDeleteAsync(cancel);
        var count = await db.Set<DocumentTag>().Where(t => t.TagId == id).ExecuteUpdateAsync(set => set.SetProperty(t => t.TagId, into), cancel);
        db.Remove(tag);
        db.Audit(caller, "documents.tag_merge", "tag", id, tag.Name, new { into = kept.Name }, Math.Max(1, count));
        db.AfterCommit(() => changes.Publish(new CollectionsChanged(Guid.Empty)));
        await db.SaveChangesAsync(cancel);
        await transaction.CommitAsync(cancel);
        return TagProblem.None;
    }

    public async Task<TagProblem> Delete(Guid id, CancellationToken cancel)
    {
        var caller = await guard.Require(DocumentsPermissions.Manage, cancel);
        await using var db = await databases.CreateDbContextAsync(cancel);
        if (await Find(db, caller, id, cancel) is not { } tag) return TagProblem.Gone;
        db.Remove(tag);
        db.Audit(caller, "documents.tag_delete", "tag", id, tag.Name);
        db.AfterCommit(() => changes.Publish(new CollectionsChanged(Guid.Empty)));
        try
        {
            await db.SaveChangesAsync(cancel);
        }
        catch (DbUpdateConcurrencyException)
        {
            // Somebody deleted or merged it in this moment.
            return TagProblem.Gone;
        }
        return TagProblem.None;
    }

    /// <summary>A tag that the caller, who manages documents, sees.</summary>
    private static Task<Tag?> Find(AppDbContext db, Caller caller, Guid id, CancellationToken cancel)
    {
        var seen = Documents(db, caller, null);
        return db.Set<Tag>().SingleOrDefaultAsync(t => t.Id == id && t.TenantId == caller.TenantId
            && (!db.Set<DocumentTag>().Any(link => link.TagId == id) || db.Set<DocumentTag>().Where(link => link.TagId == id).Join(seen, link => link.DocumentId, d => d.Id, (link, d) => d.Id).Any()), cancel);
    }

    private async ValueTask<Caller> RequireReader(CancellationToken cancel) =>
        await guard.RequireDocuments(cancel);

    private sealed record NamedTag(Guid Id, string Name);
}
