using BlazorAdmin.Data;
using BlazorAdmin.Security;

namespace BlazorAdmin.Features.Documents.Intake;

/// <summary>A collection to choose.</summary>
public sealed record CollectionChoice(Guid Id, string Name);

/// <summary>Into which collections somebody may put documents.</summary>
public sealed class IntakeCollections(Guard guard, IDbContextFactory<AppDbContext> databases)
{
    /// <summary>Those that the caller may put documents into, by name.</summary>
    public async Task<IReadOnlyList<CollectionChoice>> List(CancellationToken cancel)
    {
        var caller = await guard.Require(DocumentsPermissions.Own, cancel);
        await using var db = await databases.CreateDbContextAsync(cancel);
        return await db.OpenCollections(caller).OrderBy(c => c.NormalizedName).Select(c => new CollectionChoice(c.Id, c.Name)).ToListAsync(cancel);
    }
}
