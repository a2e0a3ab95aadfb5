using BlazorAdmin.Data;
using BlazorAdmin.Features.Audit;
using BlazorAdmin.Live;
using BlazorAdmin.Security;

namespace BlazorAdmin.Features.Documents.Collections;

/// <summary>A tag with how many documents have it that the caller sees.</summary>
public sealed record TagRow(Guid Id, string Name, int Documents);

public enum TagProblem
{
    None,
    NameUnfit,

    /// <summary>Another tag has the name: merging them is a command of its own.</summary>
    NameTaken,
    Gone,
}

/// <summary>The words that people put on documents: found, renamed, merged, deleted. They are made where they are used first.</summary>
public sealed class TagsService(Guard guard, IDbContextFactory<AppDbContext> databases, IDatabaseDialect dialect, Topic<CollectionsChanged> changes)
{
    public const int MostShown = 1_000;

    /// <summary>Tags by name. Those that stand only on documents which the caller may not see do not exist for them, unless they manage everybody's.</summary>
    public async Task<IReadOnlyList<TagRow>> List(CancellationToken cancel)
    {
        var caller = await RequireReader(cancel);
        await using var db = await databases.CreateDbContextAsync(cancel);
        var counts = from link in db.Set<DocumentTag>()
                     join document in db.Visible(caller) on link.DocumentId equals document.Id
                     where document.IsLatest
                     group link by link.TagId into links
                     select new { Id = links.Key, Count = links.Count() };
        var used = await counts.ToDictionaryAsync(c => c.Id, c => c.Count, cancel);
        var hidden = db.Set<DocumentTag>().Select(link => link.TagId);
        var ids = used.Keys.ToList();
        // What no document has any more can be tidied up by those who manage.
        var tags = db.Set<Tag>().AsNoTracking().Where(t => t.TenantId == caller.TenantId);
        tags = caller.May(DocumentsPermissions.Manage) ? tags.Where(t => ids.Contains(t.Id) || !hidden.Contains(t.Id)) : tags.Where(t => ids.Contains(t.Id));
        return [.. (await tags.OrderBy(t => t.NormalizedName).Take(MostShown).ToListAsync(cancel)).Select(t => new TagRow(t.Id, t.Name, used.GetValueOrDefault(t.Id)))];
    }

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

    private static Task<Tag?> Find(AppDbContext db, Caller caller, Guid id, CancellationToken cancel) => db.Set<Tag>().SingleOrDefaultAsync(t => t.Id == id && t.TenantId == caller.TenantId, cancel);

    private async ValueTask<Caller> RequireReader(CancellationToken cancel) =>
        await guard.Require(await guard.Allows(DocumentsPermissions.Read, cancel) ? DocumentsPermissions.Read : DocumentsPermissions.Own, cancel);
}
