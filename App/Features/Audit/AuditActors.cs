using BlazorAdmin.Data;
using BlazorAdmin.Features.Users;
using BlazorAdmin.Security;

namespace BlazorAdmin.Features.Audit;

/// <summary>The names of people who stand in audit rows. They are held apart from the rows, so that a name can go and the chain stays valid.</summary>
public sealed class AuditActors(IDbContextFactory<AppDbContext> databases, Guard guard, TimeProvider time)
{
    /// <summary>Forgets the name of a person for good: the rows then show only that it was somebody, with the id.</summary>
    /// <returns>False if there is no such person, or the name is gone already.</returns>
    public async Task<bool> EraseAsync(Guid personId, CancellationToken cancellation)
    {
        var caller = await guard.Require(UsersPermissions.Manage, cancellation);
        await using var db = await databases.CreateDbContextAsync(cancellation);
        var actor = await db.Set<AuditActor>().SingleOrDefaultAsync(a => a.Id == personId && a.ErasedAt == null, cancellation);
        if (actor is null) return false;
        (actor.Name, actor.ErasedAt) = (null, time.GetUtcNow());
        db.Audit(caller, "audit.erase_name", AuditSubjects.Person, personId);
        await db.SaveChangesAsync(cancellation);
        return true;
    }
}
