using System.Linq.Expressions;
using BlazorAdmin.Data;
using BlazorAdmin.Features.Documents.Collections;
using BlazorAdmin.Security;

namespace BlazorAdmin.Features.Documents;

/// <summary>
/// Which documents a caller may see and change: what they may not see does not exist for them. Grants and roles are joined in each
/// statement, or read just before the few of one answer, so that what was withdrawn a moment ago is gone in the next one. Collections
/// are few, documents many: each sub query reads collections alone and is hashed once, so the outer statement keeps its index.
/// </summary>
internal static class DocumentAccess
{
    /// <param name="sight">What the caller's rights come to now, where that was read; the statements that use it must follow at once.</param>
    public static IQueryable<Document> Visible(this AppDbContext db, Caller caller, DocumentSight? sight = null)
    {
        var documents = db.Set<Document>().Where(d => d.TenantId == caller.TenantId && d.DeletedAt == null);
        if (caller.IsPortal) return documents;
        return sight is null ? documents.Where(MaySee(db, caller)).Where(MayBeShownToImpersonator(db, caller)) : documents.Where(sight.Shows(caller.UserId));
    }

    /// <summary>
    /// What the caller's rights come to at this moment, for one answer that asks about many documents: as values, the databases know
    /// how many documents they let through, and do not work them out anew for each row of a join. Null where they are too many for that.
    /// </summary>
    public static async Task<DocumentSight?> Sight(this AppDbContext db, Caller caller, CancellationToken cancel)
    {
        if (caller.IsPortal) return DocumentSight.Everything;
        var all = caller.May(DocumentsPermissions.Read);
        var closed = all ? await Few(db.ClosedTo(caller.TenantId, caller.UserId)) : [];
        var granted = await Few(db.Granted(caller, CollectionRight.Read).Distinct());
        var hidden = caller.ImpersonatorId is { } real ? await Few(db.ClosedTo(caller.TenantId, real)) : [];
        return Math.Max(closed.Count, Math.Max(granted.Count, hidden.Count)) > DocumentSight.Most ? null : new DocumentSight(all, closed, granted, hidden);

        Task<List<Guid>> Few(IQueryable<Guid> ids) => ids.Take(DocumentSight.Most + 1).ToListAsync(cancel);
    }

    /// <summary>Documents of others in the collections that were opened to the caller. All of them are visible; said so alone, the database counts them right.</summary>
    public static IQueryable<Document> Granted(this AppDbContext db, Caller caller, DocumentSight sight)
    {
        var (person, granted, hidden) = (caller.PersonId, sight.Granted, sight.Hidden);
        var documents = db.Set<Document>().Where(d => d.TenantId == caller.TenantId && d.DeletedAt == null && d.CollectionId != null && granted.Contains(d.CollectionId.Value) && d.OwnerId != person);
        return hidden.Count == 0 ? documents : documents.Where(d => !hidden.Contains(d.CollectionId!.Value));
    }

    /// <summary>Those the caller may change, deleted ones included.</summary>
    public static IQueryable<Document> Changeable(this AppDbContext db, Caller caller) =>
        db.Set<Document>().Where(d => d.TenantId == caller.TenantId).Where(MayChange(db, caller)).Where(MayBeShownToImpersonator(db, caller));

    /// <summary>Whether the caller may change a document of their tenant.</summary>
    public static Expression<Func<Document, bool>> MayChange(AppDbContext db, Caller caller)
    {
        if (caller.IsPortal) return d => true;
        var (person, own, manage) = (caller.UserId, caller.May(DocumentsPermissions.Own), caller.May(DocumentsPermissions.Manage) && caller.May(DocumentsPermissions.Read));
        var restricted = db.Set<Collection>().Where(c => c.TenantId == caller.TenantId && c.IsRestricted).Select(c => c.Id);
        var edited = db.Granted(caller, CollectionRight.Edit);
        return d => (own && d.OwnerId == person)
            || (manage && (d.CollectionId == null || !restricted.Contains(d.CollectionId.Value)))
            || (d.CollectionId != null && edited.Contains(d.CollectionId.Value));
    }

    /// <summary>Collections whose documents the caller sees at all, be they theirs or not.</summary>
    public static IQueryable<Collection> VisibleCollections(this AppDbContext db, Caller caller)
    {
        var collections = db.Set<Collection>().Where(c => c.TenantId == caller.TenantId);
        if (caller.IsPortal) return collections;
        var granted = db.Granted(caller, CollectionRight.Read);
        var all = caller.May(DocumentsPermissions.Read);
        var person = caller.UserId;
        var seen = collections.Where(c => (all && !c.IsRestricted) || granted.Contains(c.Id)
            || db.Set<Document>().Any(d => d.TenantId == caller.TenantId && d.CollectionId == c.Id && d.OwnerId == person && d.DeletedAt == null));
        if (caller.ImpersonatorId is not { } real) return seen;
        var closed = db.ClosedTo(caller.TenantId, real);
        return seen.Where(c => !closed.Contains(c.Id));
    }

    /// <summary>Collections that the caller may put documents into.</summary>
    public static IQueryable<Collection> OpenCollections(this AppDbContext db, Caller caller)
    {
        var collections = db.Set<Collection>().Where(c => c.TenantId == caller.TenantId);
        if (caller.IsPortal) return collections;
        var edited = db.Granted(caller, CollectionRight.Edit);
        var manage = caller.May(DocumentsPermissions.Manage) && caller.May(DocumentsPermissions.Read);
        var open = collections.Where(c => (manage && !c.IsRestricted) || edited.Contains(c.Id));
        if (caller.ImpersonatorId is not { } real) return open;
        var closed = db.ClosedTo(caller.TenantId, real);
        return open.Where(c => !closed.Contains(c.Id));
    }

    /// <summary>Ids of the collections on which the caller or one of their roles has at least this right.</summary>
    public static IQueryable<Guid> Granted(this AppDbContext db, Caller caller, CollectionRight right)
    {
        var grants = db.GrantsOf(caller.TenantId, caller.UserId);
        return (right == CollectionRight.Edit ? grants.Where(g => g.Right == CollectionRight.Edit) : grants).Select(g => g.CollectionId);
    }

    private static Expression<Func<Document, bool>> MaySee(AppDbContext db, Caller caller)
    {
        var person = caller.UserId;
        if (caller.May(DocumentsPermissions.Read))
        {
            var closed = db.ClosedTo(caller.TenantId, person);
            return d => d.OwnerId == person || d.CollectionId == null || !closed.Contains(d.CollectionId.Value);
        }
        var granted = db.Granted(caller, CollectionRight.Read);
        return d => d.OwnerId == person || (d.CollectionId != null && granted.Contains(d.CollectionId.Value));
    }

    /// <summary>Who looks at the portal as somebody else never sees more than as oneself.</summary>
    private static Expression<Func<Document, bool>> MayBeShownToImpersonator(AppDbContext db, Caller caller)
    {
        if (caller.ImpersonatorId is not { } real) return d => true;
        var closed = db.ClosedTo(caller.TenantId, real);
        return d => d.CollectionId == null || !closed.Contains(d.CollectionId.Value);
    }

    /// <summary>Restricted collections on which a person has no grant.</summary>
    private static IQueryable<Guid> ClosedTo(this AppDbContext db, Guid tenant, Guid? person)
    {
        var grants = db.GrantsOf(tenant, person);
        return db.Set<Collection>().Where(c => c.TenantId == tenant && c.IsRestricted && !grants.Any(g => g.CollectionId == c.Id)).Select(c => c.Id);
    }

    private static IQueryable<CollectionGrant> GrantsOf(this AppDbContext db, Guid tenant, Guid? person) =>
        db.Set<CollectionGrant>().Where(g => g.TenantId == tenant && (g.UserId == person || db.UserRoles.Any(link => link.UserId == person && link.RoleId == g.RoleId)));
}
