using BlazorAdmin.Data;
using BlazorAdmin.Security;

namespace BlazorAdmin.Features.Documents.Duplicates;

/// <summary>
/// Exact and near duplicates of a document, computed when somebody looks, among the documents which that person may see: what they
/// may not see neither appears nor counts, and takes no place among the candidates.
/// </summary>
public sealed class DuplicateFinder(Guard guard, IDbContextFactory<AppDbContext> databases)
{
    /// <summary>Estimated similarity from which two texts count as near duplicates.</summary>
    public const double Least = 0.8;

    /// <summary>So many documents that share a band are compared at most, those with the most common bands first.</summary>
    public const int MostCandidates = 200;

    /// <summary>So many of the newest documents are looked through for one part of the list of all duplicates, and so many of them compared that share something.</summary>
    public const int Window = 2_000, MostLookedAt = 60;

    /// <summary>Others like this one, the most similar first; null: there is no such document for the caller.</summary>
    /// <exception cref="ForbiddenException"/>
    public async Task<DuplicateGroup?> Of(Guid id, CancellationToken cancel)
    {
        var caller = await RequireAny(cancel);
        await using var db = await databases.CreateDbContextAsync(cancel);
        return await Of(db, caller, await db.Sight(caller, cancel), id, cancel);
    }

    /// <summary>
    /// Documents that have open duplicates, newest first. Of two, the newer one is named and the older stands under it. A part costs the
    /// same however many documents there are; it may be short, or empty, and still have a next one.
    /// </summary>
    /// <param name="after">The last document of the part before; null for the first part.</param>
    /// <exception cref="ForbiddenException"/>
    public async Task<DuplicatePage> Open(Guid? after, int size, CancellationToken cancel)
    {
        var caller = await RequireAny(cancel);
        await using var db = await databases.CreateDbContextAsync(cancel);
        var sight = await db.Sight(caller, cancel);
        var shown = After(Shown(db, caller, sight), after);
        var end = await shown.OrderByDescending(d => d.Id).Skip(Window - 1).Select(d => (Guid?)d.Id).FirstOrDefaultAsync(cancel);
        var candidates = After(Candidates(db, caller, sight), after);
        if (end is { } oldest) candidates = candidates.Where(d => d.Id >= oldest);
        var ids = await candidates.OrderByDescending(d => d.Id).Select(d => d.Id).Take(MostLookedAt).ToListAsync(cancel);
        var groups = new List<DuplicateGroup>();
        foreach (var id in ids)
        {
            if (await Of(db, caller, sight, id, cancel) is not { } group) continue;
            var older = group.Similar.Where(one => one.Id.CompareTo(id) < 0).ToList();
            if (older.Count > 0) groups.Add(group with { Similar = older });
            if (groups.Count == size) return new DuplicatePage(groups, id);
        }
        return new DuplicatePage(groups, ids.Count == MostLookedAt ? ids[^1] : end);
    }

    private static IQueryable<Document> After(IQueryable<Document> documents, Guid? place) => place is { } id ? documents.Where(d => d.Id < id) : documents;

    /// <summary>Documents that share bytes or a band with another one that the caller sees.</summary>
    private static IQueryable<Document> Candidates(AppDbContext db, Caller caller, DocumentSight? sight)
    {
        var (mine, others) = (Shown(db, caller, sight), Shown(db, caller, sight));
        // In this shape each part is answered by an index: that of the bytes, and that of the bands by tenant, band and hash.
        return mine.Where(d => others.Any(o => o.Sha256 == d.Sha256 && o.SeriesId != d.SeriesId)
            || db.Set<DocumentBand>().Any(b => b.DocumentId == d.Id && db.Set<DocumentBand>().Any(c =>
                c.TenantId == b.TenantId && c.Band == b.Band && c.Hash == b.Hash && others.Any(o => o.Id == c.DocumentId && o.SeriesId != d.SeriesId))));
    }

    private static async Task<DuplicateGroup?> Of(AppDbContext db, Caller caller, DocumentSight? sight, Guid id, CancellationToken cancel)
    {
        var one = await db.Visible(caller, sight).AsNoTracking().Where(d => d.Id == id)
            .Select(d => new { d.Id, d.Name, d.CreatedAt, d.Sha256, d.SeriesId, Owner = db.Users.Where(u => u.Id == d.OwnerId).Select(u => u.DisplayName).FirstOrDefault() }).SingleOrDefaultAsync(cancel);
        if (one is null) return null;
        var kept = await db.Set<KeptDuplicate>().Where(k => k.TenantId == caller.TenantId && (k.DocumentId == id || k.OtherId == id))
            .Select(k => k.DocumentId == id ? k.OtherId : k.DocumentId).ToListAsync(cancel);
        var found = await Similar(db, caller, sight, id, one.Sha256, one.SeriesId, cancel);
        foreach (var settled in kept) found.Remove(settled);
        var ids = found.Keys.ToList();
        var rows = await Shown(db, caller, sight).Where(d => ids.Contains(d.Id)).Select(d => new
        {
            d.Id, d.Name, d.CreatedAt, d.Size, d.Edition, d.Sha256, Owner = db.Users.Where(u => u.Id == d.OwnerId).Select(u => u.DisplayName).FirstOrDefault(),
        }).ToListAsync(cancel);
        var changeable = await db.Changeable(caller).Where(d => d.Id == id || ids.Contains(d.Id)).Select(d => d.Id).ToListAsync(cancel);
        var similar = rows.Select(r => new SimilarDocument(r.Id, r.Name, r.CreatedAt, r.Owner, r.Size, r.Edition, found[r.Id], r.Sha256 == one.Sha256, changeable.Contains(r.Id)))
            .OrderByDescending(s => s.Similarity).ThenBy(s => s.CreatedAt).ThenBy(s => s.Id).ToList();
        return new DuplicateGroup(one.Id, one.Name, one.CreatedAt, one.Owner, changeable.Contains(id), similar);
    }

    private static async Task<Dictionary<Guid, double>> Similar(AppDbContext db, Caller caller, DocumentSight? sight, Guid id, string sha256, Guid series, CancellationToken cancel)
    {
        var others = Shown(db, caller, sight).Where(d => d.Id != id && d.SeriesId != series);
        var found = (await others.Where(d => d.Sha256 == sha256).OrderBy(d => d.Id).Select(d => d.Id).Take(MostCandidates).ToListAsync(cancel)).ToDictionary(one => one, _ => 1.0);
        if (await db.Set<DocumentSketch>().Where(s => s.DocumentId == id).Select(s => s.Signature).SingleOrDefaultAsync(cancel) is not { } signature) return found;
        var sharing = await (from mine in db.Set<DocumentBand>()
                             join their in db.Set<DocumentBand>() on new { mine.TenantId, mine.Band, mine.Hash } equals new { their.TenantId, their.Band, their.Hash }
                             join other in others on their.DocumentId equals other.Id
                             where mine.DocumentId == id
                             group their by their.DocumentId into shared
                             orderby shared.Count() descending, shared.Key
                             select shared.Key).Take(MostCandidates).ToListAsync(cancel);
        var sketches = await db.Set<DocumentSketch>().AsNoTracking().Where(s => sharing.Contains(s.DocumentId)).ToListAsync(cancel);
        foreach (var sketch in sketches)
            if (MinHash.Similarity(signature, sketch.Signature) is >= Least and var similarity)
                found.TryAdd(sketch.DocumentId, similarity);
        return found;
    }

    /// <summary>What is compared: the latest versions that the caller sees.</summary>
    private static IQueryable<Document> Shown(AppDbContext db, Caller caller, DocumentSight? sight) => db.Visible(caller, sight).AsNoTracking().Where(d => d.IsLatest);

    private async ValueTask<Caller> RequireAny(CancellationToken cancel) =>
        await guard.RequireDocuments(cancel);
}
