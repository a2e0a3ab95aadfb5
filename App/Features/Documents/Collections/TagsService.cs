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

    /// <summary>Tags by name, to filter by and to set. Those that stand only on documents which the caller may not see do not exist for them.</summary>
    public async Task<IReadOnlyList<CollectionName>> Names(CancellationToken cancel)
    {
        var caller = await RequireReader(cancel);
        await using var db = await databases.CreateDbContextAsync(cancel);
        return [.. (await Seen(db, caller, cancel)).Where(t => t.OnSeen).Take(MostShown).Select(t => new CollectionName(t.Id, t.Name))];
    }

    /// <summary>The same with how many documents have each; who manages everybody's also sees tags that no document has any more, to tidy up.</summary>
    public async Task<IReadOnlyList<TagRow>> List(CancellationToken cancel)
    {
        var caller = await RequireReader(cancel);
        await using var db = await databases.CreateDbContextAsync(cancel);
        var shown = (await Seen(db, caller, cancel)).Where(t => t.OnSeen || (!t.OnAny && caller.May(DocumentsPermissions.Manage))).Take(MostShown).ToList();
        var ids = shown.ConvertAll(t => t.Id);
        var limit = Counting.LimitOfEach(ids.Count);
        var seen = Documents(db, caller);
        var counts = await db.Set<Tag>().Where(t => ids.Contains(t.Id)).Select(t => new
        {
            t.Id, Documents = db.Set<DocumentTag>().Where(link => link.TagId == t.Id).Join(seen, link => link.DocumentId, d => d.Id, (link, d) => d.Id).Take(limit + 1).Count(),
        }).ToDictionaryAsync(t => t.Id, t => t.Documents, cancel);
        return [.. shown.Select(t => new TagRow(t.Id, t.Name, Counting.UpTo(counts.GetValueOrDefault(t.Id), limit)))];
    }

    /// <summary>Each tag is asked for one document alone: how many have it costs nothing here.</summary>
    private static async Task<List<SeenTag>> Seen(AppDbContext db, Caller caller, CancellationToken cancel)
    {
        var seen = Documents(db, caller);
        return await db.Set<Tag>().Where(t => t.TenantId == caller.TenantId).OrderBy(t => t.NormalizedName).Select(t => new SeenTag(
            t.Id, t.Name,
            db.Set<DocumentTag>().Where(link => link.TagId == t.Id).Join(seen, link => link.DocumentId, d => d.Id, (link, d) => d.Id).Take(1).Count() > 0,
            db.Set<DocumentTag>().Where(link => link.TagId == t.Id).Take(1).Count() > 0)).ToListAsync(cancel);
    }

    private static IQueryable<Document> Documents(AppDbContext db, Caller caller) => db.Visible(caller).Where(d => d.IsLatest);

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
        var seen = Documents(db, caller);
        return db.Set<Tag>().SingleOrDefaultAsync(t => t.Id == id && t.TenantId == caller.TenantId
            && (!db.Set<DocumentTag>().Any(link => link.TagId == id) || db.Set<DocumentTag>().Where(link => link.TagId == id).Join(seen, link => link.DocumentId, d => d.Id, (link, d) => d.Id).Any()), cancel);
    }

    private async ValueTask<Caller> RequireReader(CancellationToken cancel) =>
        await guard.RequireDocuments(cancel);

    /// <param name="OnSeen">A document that the caller sees has it.</param>
    /// <param name="OnAny">Some document has it.</param>
    private sealed record SeenTag(Guid Id, string Name, bool OnSeen, bool OnAny);
}
