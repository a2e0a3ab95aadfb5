using BlazorAdmin.Data;
using BlazorAdmin.Features.Documents.Collections;
using BlazorAdmin.Security;

namespace BlazorAdmin.Features.Documents.Bin;

/// <summary>
/// When the time of a document is over: on the day that somebody set for it, else so many days after it came in as its collection says.
/// Attachments and older versions go with theirs and are not looked at by themselves.
/// </summary>
internal static class Retention
{
    /// <summary>How far ahead the preview looks.</summary>
    public static readonly TimeSpan Preview = TimeSpan.FromDays(30);

    public static IQueryable<Document> ByDate(IQueryable<Document> documents, DateTimeOffset until) =>
        documents.Where(d => d.KeepUntil != null && d.KeepUntil <= until && d.DeletedAt == null && d.IsLatest && d.ParentId == null);

    public static IQueryable<Document> ByRule(IQueryable<Document> documents, Guid collection, int days, DateTimeOffset until)
    {
        var created = until.AddDays(-days);
        return documents.Where(d => d.CollectionId == collection && d.CreatedAt <= created && d.KeepUntil == null && d.DeletedAt == null && d.IsLatest && d.ParentId == null);
    }

    /// <summary>Collections with a rule, of those the caller sees.</summary>
    public static Task<List<Collection>> Rules(AppDbContext db, Caller caller, CancellationToken cancel) =>
        db.VisibleCollections(caller).AsNoTracking().Where(c => c.RetentionDays != null).OrderBy(c => c.NormalizedName).Take(CollectionsService.MostShown).ToListAsync(cancel);
}
