using BlazorAdmin.Data;
using BlazorAdmin.Features.Audit;
using BlazorAdmin.Features.Documents.Reading;

namespace BlazorAdmin.Features.Documents.Extraction;

/// <summary>What people put right in the pages of a document stands there instead of what another reading brings.</summary>
internal static class CorrectedPages
{
    /// <summary>Inside the transaction that writes the pages, after it holds the document's row: each correction learns what was read now, for those who want that back.</summary>
    /// <returns>By number, the text of those pages that a person put right.</returns>
    public static async Task<IReadOnlyDictionary<int, string>> Keep(AppDbContext db, Guid id, IReadOnlyList<PageText> read, CancellationToken cancel)
    {
        var corrections = await db.Set<PageCorrection>().Where(correction => correction.DocumentId == id).ToDictionaryAsync(correction => correction.Page, cancel);
        foreach (var page in read)
            if (corrections.TryGetValue(page.Number, out var correction)) correction.Before = page.Text;
        using (AuditScope.EngineOwn()) await db.SaveChangesAsync(cancel);
        return corrections.ToDictionary(one => one.Key, one => one.Value.Text);
    }
}
