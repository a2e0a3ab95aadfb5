using BlazorAdmin.Data;
using BlazorAdmin.Features.Documents.Collections;
using BlazorAdmin.Security;

namespace BlazorAdmin.Features.Documents.Bin;

/// <summary>
/// When the time of a document is over: on the day that somebody set for it, else so many days after it came in as its collection says.
/// Older versions go with the latest, attachments with the living document that they hang on; an attachment is looked at by itself when it has
/// an earlier day of its own, when that document is gone, and for a rule also when it is a version among others.
/// </summary>
internal static class Retention
{
    /// <summary>How far ahead the preview looks.</summary>
    public static readonly TimeSpan Preview = TimeSpan.FromDays(30);

    public static IQueryable<Document> ByDate(AppDbContext db, IQueryable<Document> documents, DateTimeOffset until)
    {
        var all = db.Set<Document>();
        return documents.Where(d => d.KeepUntil != null && d.KeepUntil <= until && d.DeletedAt == null && d.IsLatest
            && (d.ParentId == null || !all.Where(p => p.Id == d.ParentId).Select(p => p.DeletedAt == null && p.IsLatest && p.KeepUntil <= d.KeepUntil).FirstOrDefault()));
    }

    public static IQueryable<Document> ByRule(AppDbContext db, IQueryable<Document> documents, Guid collection, int days, DateTimeOffset until)
    {
        var created = until.AddDays(-days);
        var all = db.Set<Document>();
        // One row by its key for each attachment: as "not any" it may be hashed, which reads every document.
        return documents.Where(d => d.CollectionId == collection && d.CreatedAt <= created && d.KeepUntil == null && d.DeletedAt == null && d.IsLatest
            && (d.ParentId == null || !all.Where(p => p.Id == d.ParentId).Select(p => p.DeletedAt == null).FirstOrDefault() || all.Any(o => o.SeriesId == d.SeriesId && o.Id != d.Id)));
    }

    /// <summary>Collections with a rule, of those the caller sees.</summary>
    public static Task<List<Collection>> Rules(AppDbContext db, Caller caller, CancellationToken cancel) =>
        db.VisibleCollections(caller).AsNoTracking().Where(c => c.RetentionDays != null).OrderBy(c => c.NormalizedName).Take(CollectionsService.MostShown).ToListAsync(cancel);
}
