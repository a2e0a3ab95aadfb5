using BlazorAdmin.Data;
using BlazorAdmin.Live;
using BlazorAdmin.Security;

namespace BlazorAdmin.Features.Users;

/// <summary>
/// One account changes: under the lock that counts administrators, in one transaction, and only if the caller holds what the account
/// holds. For commands that have authorised and write their audit row.
/// </summary>
public sealed class UserChange(IDbContextFactory<AppDbContext> databases, IDatabaseDialect dialect, Topic<AccessChanged> changes)
{
    // One administrator takes another's role while that one does the same: under the lock one of them comes second and is refused.
    public async Task<UserResult> RunAsync(Caller caller, Guid userId, Func<AppDbContext, User, Task<UserOutcome>> change, CancellationToken cancellation)
    {
        await using var db = await databases.CreateDbContextAsync(cancellation);
        await db.Database.OpenConnectionAsync(cancellation);
        await using var held = await dialect.LockAsync(db.Database.GetDbConnection(), UserRights.AdministratorLock, cancellation);
        await using var transaction = await db.Database.BeginTransactionAsync(cancellation);
        var user = await db.Users.SingleOrDefaultAsync(u => u.Id == userId && u.TenantId == caller.TenantId, cancellation);
        if (user is null) return new UserResult(UserOutcome.NotFound);
        if (!caller.Covers(await UserRights.OfUserAsync(db, userId, cancellation))) return new UserResult(UserOutcome.BeyondOwnRights, userId);
        var outcome = await change(db, user);
        if (outcome != UserOutcome.Done) return new UserResult(outcome, userId);
        await db.SaveChangesAsync(cancellation);
        await transaction.CommitAsync(cancellation);
        changes.Publish(new AccessChanged(userId));
        return new UserResult(UserOutcome.Done, userId);
    }
}
