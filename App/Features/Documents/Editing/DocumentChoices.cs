using BlazorAdmin.Data;
using BlazorAdmin.Features.Documents.Classification;
using BlazorAdmin.Features.Documents.Collections;
using BlazorAdmin.Security;

namespace BlazorAdmin.Features.Documents.Editing;

/// <summary>What there is to filter by and to set; only what the caller may know of.</summary>
/// <param name="Collections">Those the caller sees.</param>
/// <param name="Open">Those the caller may put documents into.</param>
/// <param name="Types">Kinds of document.</param>
public sealed record Choices(IReadOnlyList<CollectionName> Collections, IReadOnlyList<CollectionName> Open, IReadOnlyList<CollectionName> Types, IReadOnlyList<CollectionName> Tags)
{
    public static Choices None { get; } = new([], [], [], []);
}

/// <summary>Reads <see cref="Choices"/>.</summary>
public sealed class DocumentChoices(Guard guard, IDbContextFactory<AppDbContext> databases, CollectionsService collections, TagsService tags)
{
    private const int MostTypes = 500;

    public async Task<Choices> Get(CancellationToken cancel)
    {
        var caller = await guard.RequireSignedIn(cancel);
        await using var db = await databases.CreateDbContextAsync(cancel);
        var types = await db.Set<DocumentType>().Where(t => t.TenantId == caller.TenantId).OrderBy(t => t.NormalizedName).Take(MostTypes).Select(t => new CollectionName(t.Id, t.Name)).ToListAsync(cancel);
        return new Choices(await collections.Visible(cancel), await collections.Open(cancel), types, await tags.Names(cancel));
    }
}
