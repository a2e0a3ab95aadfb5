using BlazorAdmin.Data;
using BlazorAdmin.Security;

namespace BlazorAdmin.Features.Documents.Intake;

/// <summary>Puts a document that came in at the end of a series of versions.</summary>
internal static class IntakeSeries
{
    /// <summary>Makes <paramref name="document"/> the newest version of a series; saving is the caller's.</summary>
    /// <returns>False when there is no such series that the caller may change; then nothing was changed.</returns>
    public static async Task<bool> JoinSeries(AppDbContext db, Caller caller, Document document, Guid seriesId, CancellationToken cancel)
    {
        var versions = await db.Changeable(caller).Where(d => d.SeriesId == seriesId && d.Id != document.Id).ToListAsync(cancel);
        if (versions.All(version => version.DeletedAt is not null)) return false;
        var last = await db.Set<Document>().Where(d => d.TenantId == caller.TenantId && d.SeriesId == seriesId && d.Id != document.Id).MaxAsync(d => d.Edition, cancel);
        foreach (var version in versions.Where(version => version.IsLatest))
        {
            version.IsLatest = false;
            version.Version++;
        }
        (document.SeriesId, document.Edition, document.IsLatest) = (seriesId, last + 1, true);
        return true;
    }
}
