using BlazorAdmin.Data;
using BlazorAdmin.Security;

namespace BlazorAdmin.Features.Documents.Classification;

internal static class ClassificationQueries
{
    /// <summary>What models learn from: documents with text whose type a person gave; only the latest version of each.</summary>
    public static IQueryable<Document> Labelled(this AppDbContext db, Guid tenant) =>
        db.Set<Document>().AsNoTracking().Where(d => d.TenantId == tenant && d.DeletedAt == null && d.IsLatest && d.State == DocumentState.Ready && d.TypeSource == TypeSource.Person && d.TypeId != null);

    /// <summary>Documents that a model was not sure about, which the caller may see and decide.</summary>
    public static IQueryable<Document> Unsure(this AppDbContext db, Caller caller)
    {
        var changeable = db.Changeable(caller).Select(d => d.Id);
        return db.Visible(caller).AsNoTracking().Where(d => d.IsLatest && d.TypeId == null && d.TypeSource == null && d.SuggestedTypeId != null && changeable.Contains(d.Id));
    }
}
