using BlazorAdmin.Data;
using BlazorAdmin.Features.Account;
using BlazorAdmin.Features.Audit;
using BlazorAdmin.Features.Directories;
using BlazorAdmin.Security;

namespace BlazorAdmin.Features.Users;

/// <summary>An invitation that was not accepted yet.</summary>
/// <param name="EndsAt">Until when the link works; null: it was taken back.</param>
public sealed record InvitationView(DateTimeOffset InvitedAt, DateTimeOffset? EndsAt);

/// <summary>Invites people who have an account and never signed in: again, or not any more.</summary>
public sealed class UserInvitations(IDbContextFactory<AppDbContext> databases, Guard guard, UserChange change, Invitations invitations, TimeProvider time)
{
    /// <summary>An invitation can be mailed.</summary>
    public bool CanSend => invitations.CanSend;

    /// <returns>Null if the person was not invited, or has signed in since.</returns>
    public async Task<InvitationView?> GetAsync(Guid userId, CancellationToken cancellation)
    {
        var caller = await guard.Require(UsersPermissions.Read, cancellation);
        var now = time.GetUtcNow();
        await using var db = await databases.CreateDbContextAsync(cancellation);
        var invited = await db.Users.Where(u => u.Id == userId && u.TenantId == caller.TenantId && u.LastSignInAt == null).Select(u => u.InvitedAt).SingleOrDefaultAsync(cancellation);
        if (invited is null) return null;
        var ends = await db.Set<SignInLink>().Where(l => l.UserId == userId && l.Kind == SignInLinkKind.Invitation && l.UsedAt == null && l.ExpiresAt > now).MaxAsync(l => (DateTimeOffset?)l.ExpiresAt, cancellation);
        return new InvitationView(invited.Value, ends);
    }

    /// <summary>Mails an invitation; the link of an earlier one ends.</summary>
    public async Task<UserResult> SendAsync(Guid userId, CancellationToken cancellation)
    {
        var caller = await guard.Require(UsersPermissions.Manage, cancellation);
        return await change.RunAsync(caller, userId, async (db, user) =>
        {
            if (user.DeactivatedAt is not null) return UserOutcome.NotFound;
            if (user.LastSignInAt is not null) return UserOutcome.CameInAlready;
            if (await ExternalSource.VouchesForAsync(db, userId, cancellation)) return UserOutcome.SignsInElsewhere;
            db.Audit(caller, "users.invite", "user", userId, user.DisplayName);
            return await invitations.WriteAsync(db, caller, user, cancellation);
        }, cancellation);
    }

    /// <summary>Takes the invitation back: its link ends, the account stays as it is.</summary>
    public async Task<UserResult> WithdrawAsync(Guid userId, CancellationToken cancellation)
    {
        var caller = await guard.Require(UsersPermissions.Manage, cancellation);
        return await change.RunAsync(caller, userId, async (db, user) =>
        {
            if (user.LastSignInAt is not null) return UserOutcome.CameInAlready;
            if (user.InvitedAt is null) return UserOutcome.Done;
            await SignInLinks.RemoveUnusedAsync(db, userId, SignInLinkKind.Invitation, cancellation);
            user.InvitedAt = null;
            db.Audit(caller, "users.invite_withdrawn", "user", userId, user.DisplayName);
            return UserOutcome.Done;
        }, cancellation);
    }
}
