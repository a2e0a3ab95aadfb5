using BlazorAdmin.Data;
using BlazorAdmin.Security;

namespace BlazorAdmin.Features.Documents;

/// <summary>Which documents a caller may see: what they may not see does not exist for them.</summary>
internal static class DocumentAccess
{
    public static IQueryable<Document> Visible(this AppDbContext db, Caller caller)
    {
        var documents = db.Set<Document>().Where(d => d.TenantId == caller.TenantId && d.DeletedAt == null);
        return caller.May(DocumentsPermissions.Read) ? documents : documents.Where(d => d.OwnerId == caller.PersonId);
    }

    /// <summary>Those the caller may change, deleted ones included.</summary>
    public static IQueryable<Document> Changeable(this AppDbContext db, Caller caller)
    {
        var documents = db.Set<Document>().Where(d => d.TenantId == caller.TenantId);
        return caller.May(DocumentsPermissions.Manage) ? documents : documents.Where(d => d.OwnerId == caller.PersonId);
    }
}
