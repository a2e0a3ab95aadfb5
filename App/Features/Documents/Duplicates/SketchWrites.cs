using BlazorAdmin.Data;

namespace BlazorAdmin.Features.Documents.Duplicates;

/// <summary>Keeps a document's sketch and bands.</summary>
internal static class SketchWrites
{
    /// <summary>Inside the caller's transaction; what was there is replaced.</summary>
    public static async Task Replace(AppDbContext db, Guid documentId, Guid tenantId, byte[]? signature, CancellationToken cancel)
    {
        await db.Set<DocumentSketch>().Where(s => s.DocumentId == documentId).ExecuteDeleteAsync(cancel);
        await db.Set<DocumentBand>().Where(b => b.DocumentId == documentId).ExecuteDeleteAsync(cancel);
        if (signature is null) return;
        db.Add(new DocumentSketch { DocumentId = documentId, TenantId = tenantId, Signature = signature });
        db.AddRange(MinHash.BandsOf(signature).Select((hash, band) => new DocumentBand { DocumentId = documentId, TenantId = tenantId, Band = (short)band, Hash = hash }));
        await db.SaveChangesAsync(cancel);
    }
}
