using System.Linq.Expressions;
using BlazorAdmin.Data;
using BlazorAdmin.Features.Documents.Collections;
using BlazorAdmin.Features.Documents.Duplicates;
using BlazorAdmin.Security;

namespace BlazorAdmin.Features.Documents;

/// <summary>A document with its versions and attachments: who may see them never differs, and what went together comes back together.</summary>
internal static class DocumentFamily
{
    private const int Deepest = 16;

    /// <summary>
    /// Holds documents with all their versions and attachments until the transaction ends. A reading adds attachments, and a person adds versions,
    /// only while they hold these rows themselves: what is loaded after this is all there is. The whole family is looked up first and taken in one
    /// order, so that two who mean a mail and one of its attachments wait for each other in a row and not crosswise. Name the documents without their
    /// state, which may change while this waits.
    /// </summary>
    public static async Task HoldAsync(this AppDbContext db, IQueryable<Document> documents, CancellationToken cancel)
    {
        var held = new HashSet<Guid>();
        // They may move to another document, or get attachments, while this waits.
        while ((await Series(db, documents, cancel)).Where(held.Add).Order().ToList() is { Count: > 0 } series)
            foreach (var part in series.Chunk(500)) await SeriesOrder.Hold(db, part, cancel);
    }

    /// <summary>The series of the documents, of the attachments of all their versions, and so on.</summary>
    private static async Task<HashSet<Guid>> Series(AppDbContext db, IQueryable<Document> documents, CancellationToken cancel)
    {
        var last = await documents.Select(d => d.SeriesId).Distinct().ToListAsync(cancel);
        var found = last.ToHashSet();
        for (var depth = 0; depth < Deepest && last.Count > 0; depth++)
        {
            var more = new HashSet<Guid>();
            foreach (var part in last.Chunk(500))
            {
                more.UnionWith(await db.Set<Document>().Where(parent => part.Contains(parent.SeriesId))
                    .Join(db.Set<Document>(), parent => (Guid?)parent.Id, child => child.ParentId, (parent, child) => child.SeriesId).Distinct().ToListAsync(cancel));
            }
            last = [.. more.Where(found.Add)];
        }
        return found;
    }

    /// <summary>Does it once more where two waited for each other all the same, or the connection was lost; the command begins its own transaction.</summary>
    public static async Task<T> Repeatedly<T>(this IDatabaseDialect dialect, Func<Task<T>> command)
    {
        for (var attempt = 0; ; attempt++)
        {
            try
            {
                return await command();
            }
            catch (Exception exception) when (attempt < 2 && dialect.IsTransient(exception))
            {
                // Nothing of it was stored.
            }
        }
    }

    /// <summary>Versions and attachments of documents that are in the bin by themselves and that the caller may change: they stand where their document stands, also when it moves.</summary>
    /// <param name="documents">Held.</param>
    public static async Task<List<Document>> InBin(this AppDbContext db, Caller caller, IReadOnlyList<Document> documents, CancellationToken cancel)
    {
        var family = (await db.WithFamily(documents, d => d.DeletedAt != null, cancel))[documents.Count..];
        var mine = new HashSet<Guid>();
        foreach (var part in family.ConvertAll(d => d.Id).Chunk(500)) mine.UnionWith(await db.Changeable(caller).Where(d => part.Contains(d.Id)).Select(d => d.Id).ToListAsync(cancel));
        return family.FindAll(d => caller.IsPortal || mine.Contains(d.Id));
    }

    /// <summary>
    /// The documents themselves first, then every other version and every attachment of them, and so on, that is in the state wanted; all are held
    /// until the transaction ends.
    /// </summary>
    /// <param name="documents">Loaded after <see cref="HoldAsync"/>.</param>
    /// <param name="versions">False: only attachments.</param>
    public static async Task<List<Document>> WithFamily(this AppDbContext db, IReadOnlyList<Document> documents, Expression<Func<Document, bool>> state, CancellationToken cancel, bool versions = true)
    {
        var found = documents.ToDictionary(d => d.Id);
        var all = documents.ToList();
        IReadOnlyList<Document> last = documents;
        for (var depth = 0; depth < Deepest && last.Count > 0; depth++)
        {
            var more = new List<Document>();
            foreach (var part in last.Chunk(500))
            {
                var (ids, tenant) = (part.Select(d => d.Id).ToList(), part[0].TenantId);
                var series = part.Select(d => d.SeriesId).Distinct().ToList();
                await db.HoldAsync(db.Set<Document>().Where(d => d.TenantId == tenant && d.ParentId != null && ids.Contains(d.ParentId.Value)), cancel);
                more.AddRange(await db.Set<Document>().Where(state).Where(d => d.TenantId == tenant && d.ParentId != null && ids.Contains(d.ParentId.Value)).ToListAsync(cancel));
                if (versions) more.AddRange(await db.Set<Document>().Where(state).Where(d => d.TenantId == tenant && series.Contains(d.SeriesId)).ToListAsync(cancel));
            }
            last = [.. more.DistinctBy(d => d.Id).Where(d => found.TryAdd(d.Id, d))];
            all.AddRange(last);
        }
        return all;
    }

    /// <summary>
    /// The same as far as the caller may change it: a document of which some version or attachment is not theirs is taken out of <paramref name="asked"/>
    /// when its versions are meant, so that nobody reaches through their own version at those of others.
    /// </summary>
    public static async Task<List<Document>> OwnFamily(
        this AppDbContext db, Caller caller, List<Document> asked, Expression<Func<Document, bool>> state, CancellationToken cancel, bool versions = true)
    {
        var all = await db.WithFamily(asked, state, cancel, versions);
        if (caller.IsPortal) return all;
        var mine = new HashSet<Guid>();
        foreach (var part in all.ConvertAll(d => d.Id).Chunk(500)) mine.UnionWith(await db.Changeable(caller).Where(d => part.Contains(d.Id)).Select(d => d.Id).ToListAsync(cancel));
        var closed = all.Where(d => !mine.Contains(d.Id)).Select(d => d.SeriesId).ToHashSet();
        if (closed.Count == 0) return all;
        asked.RemoveAll(d => closed.Contains(d.SeriesId));
        return (await db.WithFamily(asked, state, cancel, versions)).FindAll(d => mine.Contains(d.Id));
    }

    /// <summary>
    /// Puts what came to documents since a command (attachments by a reading, versions by a person) to where they stand now that the command was
    /// taken back.
    /// </summary>
    /// <param name="documents">Held; with their collections of now.</param>
    /// <param name="came">Which of their family came since.</param>
    /// <returns>Those that went along.</returns>
    public static async Task<List<Document>> FollowAsync(this AppDbContext db, IReadOnlyList<Document> documents, Predicate<Document> came, CancellationToken cancel)
    {
        var family = await db.WithFamily(documents, d => d.DeletedAt == null, cancel);
        var followed = family[documents.Count..].FindAll(came);
        // Nearer ones stand first.
        foreach (var document in followed)
        {
            document.CollectionId = family.Find(d => d.Id == document.ParentId || (d.SeriesId == document.SeriesId && d.Id != document.Id))!.CollectionId;
            document.Version++;
        }
        return followed;
    }

    /// <summary>Whether two times are the same as far as a database keeps them.</summary>
    public static bool IsSameTime(DateTimeOffset? one, DateTimeOffset? other) => one is null || other is null ? one == other : (one.Value - other.Value).Duration() < TimeSpan.FromMilliseconds(1);

    public static async Task<bool> IsRestrictedAsync(this AppDbContext db, Document document, CancellationToken cancel) =>
        document.CollectionId is { } collection && await db.Set<Collection>().AnyAsync(c => c.Id == collection && c.IsRestricted, cancel);

    /// <summary>
    /// Keeps documents for some days more whose time is over, or will be within a day: what comes back from the bin or into a collection
    /// stands in the preview before it goes.
    /// </summary>
    /// <returns>Those that have another day now, all the same one.</returns>
    public static async Task<IReadOnlyList<Document>> PostponeAsync(this AppDbContext db, IReadOnlyList<Document> documents, DateTimeOffset now, int days, CancellationToken cancel)
    {
        if (documents.Count == 0) return [];
        var collections = documents.Select(d => d.CollectionId).OfType<Guid>().Distinct().ToList();
        var rules = await db.Set<Collection>().Where(c => collections.Contains(c.Id) && c.RetentionDays != null).ToDictionaryAsync(c => c.Id, c => c.RetentionDays!.Value, cancel);
        var (until, postponed) = (now.AddDays(Math.Max(2, days)), new List<Document>());
        foreach (var document in documents)
        {
            var goes = document.KeepUntil ?? (document.CollectionId is { } collection && rules.TryGetValue(collection, out var kept) ? document.CreatedAt.AddDays(kept) : null);
            if (!(goes < now.AddDays(2))) continue;
            document.KeepUntil = until;
            postponed.Add(document);
        }
        return postponed;
    }
}
