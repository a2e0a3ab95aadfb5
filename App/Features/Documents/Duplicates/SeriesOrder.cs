using BlazorAdmin.Data;

namespace BlazorAdmin.Features.Documents.Duplicates;

/// <summary>Keeps the order of the versions of a document right, inside the transaction of a command.</summary>
internal static class SeriesOrder
{
    /// <summary>Holds all versions until the transaction ends: of two people who join at once, one waits for the other.</summary>
    public static async Task Hold(AppDbContext db, IReadOnlyCollection<Guid> seriesIds, CancellationToken cancel)
    {
        var versions = db.Set<Document>().Where(d => seriesIds.Contains(d.SeriesId));
        int held;
        // Whoever held them before may have added a version: the statement that waited for them does not see it.
        do held = await versions.ExecuteUpdateAsync(set => set.SetProperty(d => d.Edition, d => d.Edition), cancel);
        while (await versions.CountAsync(cancel) > held);
    }

    /// <summary>
    /// Makes the newest version that is not in the bin the latest one; call it after the changes are saved. Retention looks at the latest
    /// only: what becomes it stays for two days at least.
    /// </summary>
    public static async Task Settle(AppDbContext db, IReadOnlyCollection<Guid> seriesIds, DateTimeOffset now, CancellationToken cancel)
    {
        var documents = db.Set<Document>();
        foreach (var part in seriesIds.Distinct().Chunk(500))
        {
            var versions = documents.Where(d => part.Contains(d.SeriesId));
            var before = await versions.Where(d => d.IsLatest && d.DeletedAt == null).Select(d => d.Id).ToListAsync(cancel);
            await versions.ExecuteUpdateAsync(set => set.SetProperty(d => d.IsLatest, d => !documents.Any(o => o.SeriesId == d.SeriesId && o.Edition > d.Edition && (o.DeletedAt == null || d.DeletedAt != null))), cancel);
            var risen = await versions.AsNoTracking().Where(d => d.IsLatest && d.DeletedAt == null && !before.Contains(d.Id)).ToListAsync(cancel);
            if (await db.PostponeAsync(risen, now, 2, cancel) is not [var first, ..] postponed) continue;
            var (ids, until) = (postponed.Select(d => d.Id).ToList(), first.KeepUntil);
            await versions.Where(d => ids.Contains(d.Id)).ExecuteUpdateAsync(set => set.SetProperty(d => d.KeepUntil, until), cancel);
        }
    }

    /// <summary>The number that the next version gets; the caller holds the series.</summary>
    public static async Task<int> NextEdition(AppDbContext db, Guid seriesId, CancellationToken cancel) =>
        (await db.Set<Document>().Where(d => d.SeriesId == seriesId).MaxAsync(d => (int?)d.Edition, cancel) ?? 0) + 1;
}
