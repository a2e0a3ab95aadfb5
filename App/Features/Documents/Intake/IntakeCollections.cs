using BlazorAdmin.Data;
using BlazorAdmin.Features.Documents.Collections;
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
        return await Open(db, caller).OrderBy(c => c.NormalizedName).Select(c => new CollectionChoice(c.Id, c.Name)).ToListAsync(cancel);
    }

    internal static IQueryable<Collection> Open(AppDbContext db, Caller caller)
    {
        var (person, all) = (caller.PersonId, caller.May(DocumentsPermissions.Manage));
        var roles = db.UserRoles.Where(link => link.UserId == person).Select(link => link.RoleId);
        return db.Set<Collection>().AsNoTracking().Where(c => c.TenantId == caller.TenantId && ((all && !c.IsRestricted)
            || db.Set<CollectionGrant>().Any(g => g.CollectionId == c.Id && g.Right == CollectionRight.Edit && (g.UserId == person || (g.RoleId != null && roles.Contains(g.RoleId.Value))))));
    }
}
