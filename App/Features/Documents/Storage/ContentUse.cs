using BlazorAdmin.Data;
using BlazorAdmin.Features.Account.PersonalData;
using BlazorAdmin.Features.Documents.Classification;
using BlazorAdmin.Features.Jobs;
using BlazorAdmin.Live;
using BlazorAdmin.Security;

namespace BlazorAdmin.Features.Documents.Storage;

/// <summary>What keeps bytes in the content store, and how they leave it.</summary>
internal static class ContentUse
{
    /// <summary>Bytes that were saved more recently may belong to something whose row is not committed yet.</summary>
    public static readonly TimeSpan UploadMargin = TimeSpan.FromHours(1);

    /// <summary>From now until bytes that were saved a moment ago may be erased; a little longer than <see cref="UploadMargin"/>, by which they are judged.</summary>
    public static readonly TimeSpan EraseAfter = UploadMargin + TimeSpan.FromMinutes(1);

    private const int Part = 500;

    /// <summary>Whether a document (original or searchable PDF), a model or a person's collected data has these bytes.</summary>
    public static async Task<bool> UsesContent(this AppDbContext db, string sha256, CancellationToken cancel) => (await db.UsedContents([sha256], cancel)).Count > 0;

    /// <summary>Those of the hashes that something has, asked for together.</summary>
    /// <param name="sha256">Some hundreds at most.</param>
    public static async Task<HashSet<string>> UsedContents(this AppDbContext db, IReadOnlyList<string> sha256, CancellationToken cancel)
    {
        var used = new HashSet<string>(StringComparer.Ordinal);
        if (sha256.Count == 0) return used;
        var asked = sha256.ToList();
        used.UnionWith(await db.Set<Document>().Where(d => asked.Contains(d.Sha256)).Select(d => d.Sha256).Distinct().ToListAsync(cancel));
        used.UnionWith(await db.Set<Document>().Where(d => d.SearchableSha256 != null && asked.Contains(d.SearchableSha256)).Select(d => d.SearchableSha256!).Distinct().ToListAsync(cancel));
        used.UnionWith(await db.Set<ClassifierModel>().Where(m => m.Sha256 != null && asked.Contains(m.Sha256)).Select(m => m.Sha256!).Distinct().ToListAsync(cancel));
        used.UnionWith((await ExportRecord.ContentsAsync(db, cancel)).Intersect(asked));
        return used;
    }

    /// <summary>
    /// The same for bytes that people could look at: what was made of them, page images above all, goes from every node as soon as this commits
    /// and not with the bytes, which stay for an hour.
    /// </summary>
    public static void EraseUnused(this AppDbContext db, Guid tenant, IReadOnlyCollection<string> sha256, DateTimeOffset now, Topic<ContentErased> erased)
    {
        db.EraseUnused(tenant, sha256, now);
        db.AfterCommit(() =>
        {
            foreach (var one in sha256.Distinct()) erased.Publish(new ContentErased(one));
        });
    }

    /// <summary>Has bytes erased that the caller's changes leave behind, unless something else has them; the order commits with those changes.</summary>
    public static void EraseUnused(this AppDbContext db, Guid tenant, IEnumerable<string> sha256, DateTimeOffset now)
    {
        // The portal's own: it must not end with the account of who ordered this.
        foreach (var part in sha256.Distinct().Chunk(Part)) db.Enqueue(new EraseContents(part), Caller.Portal with { TenantId = tenant }, now, new EnqueueOptions { DueAt = now + EraseAfter });
    }
}
