using BlazorAdmin.Data;
using BlazorAdmin.Features.Documents.Classification;

namespace BlazorAdmin.Features.Documents.Storage;

/// <summary>What keeps bytes in the content store.</summary>
internal static class ContentUse
{
    /// <summary>Whether a document (original or searchable PDF) or a model has these bytes.</summary>
    public static async Task<bool> UsesContent(this AppDbContext db, string sha256, CancellationToken cancel) =>
        await db.Set<Document>().AnyAsync(d => d.Sha256 == sha256 || d.SearchableSha256 == sha256, cancel)
        || await db.Set<ClassifierModel>().AnyAsync(m => m.Sha256 == sha256, cancel);
}
