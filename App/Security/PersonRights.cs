using BlazorAdmin.Data;

namespace BlazorAdmin.Security;

/// <summary>What a person may do at this moment, without a sign-in of theirs: for jobs that go on working for somebody who has left.</summary>
public sealed class PersonRights(IDbContextFactory<AppDbContext> databases)
{
    /// <summary>The person as a caller, read anew; null if the account is closed or gone.</summary>
    public async Task<Caller?> GetAsync(Guid userId, CancellationToken cancellation = default)
    {
        await using var db = await databases.CreateDbContextAsync(cancellation);
        var user = await db.Users.AsNoTracking().Where(u => u.Id == userId && u.DeactivatedAt == null).Select(u => new { u.TenantId, u.DisplayName }).SingleOrDefaultAsync(cancellation);
        if (user is null) return null;
        var (roles, permissions) = await AccessRegistry.RolesAsync(db, userId, cancellation);
        return new Caller(userId, null, user.DisplayName, user.TenantId, null, permissions) { Roles = roles };
    }
}
