using System.Text;
using BlazorAdmin.Data;

namespace BlazorAdmin.Features.Documents.Classification;

/// <summary>The text of documents as the classifier sees it.</summary>
internal static class EffectiveText
{
    /// <summary>So many pages from the first are looked at: what has more is known by its beginning.</summary>
    public const int Pages = 50;

    /// <summary>The beginning of each text, at most <paramref name="characters"/> of its first <see cref="Pages"/>; documents without text are left out.</summary>
    public static async Task<Dictionary<Guid, string>> Load(AppDbContext db, IReadOnlyCollection<Guid> ids, int characters, CancellationToken cancel)
    {
        var texts = new Dictionary<Guid, StringBuilder>();
        foreach (var part in ids.Chunk(200))
        {
            var pages = db.Set<DocumentPage>().AsNoTracking().Where(p => part.Contains(p.DocumentId) && p.Number <= Pages).OrderBy(p => p.DocumentId).ThenBy(p => p.Number)
                .Select(p => new { p.DocumentId, Text = p.Text.Substring(0, characters) }).AsAsyncEnumerable();
            await foreach (var page in pages.WithCancellation(cancel))
            {
                if (!texts.TryGetValue(page.DocumentId, out var text)) texts[page.DocumentId] = text = new StringBuilder();
                if (text.Length < characters) text.Append(page.Text).Append('\n');
            }
        }
        return texts.ToDictionary(pair => pair.Key, pair => pair.Value.Length > characters ? pair.Value.ToString(0, characters) : pair.Value.ToString());
    }
}
