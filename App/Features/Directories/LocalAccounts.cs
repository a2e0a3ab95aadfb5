using BlazorAdmin.Data;
using BlazorAdmin.Features.Account;
using BlazorAdmin.Features.Account.Factors;
using BlazorAdmin.Features.Audit;
using BlazorAdmin.Features.Mail;
using BlazorAdmin.Features.Users;
using BlazorAdmin.Security;

namespace BlazorAdmin.Features.Directories;

/// <summary>The way back: an account for which a directory or proxy vouched becomes one of the portal's own, with a password of its own.</summary>
public sealed class LocalAccounts(IDbContextFactory<AppDbContext> databases, Guard guard, UserChange change, MailOutbox outbox, OwnerNotices notices, RecentProof proof, TimeProvider time)
{
    /// <summary>Whether somebody else signs the person in.</summary>
    public async Task<bool> IsExternalAsync(Guid userId, CancellationToken cancellation)
    {
        var caller = await guard.Require(UsersPermissions.Read, cancellation);
        await using var db = await databases.CreateDbContextAsync(cancellation);
        return await db.Users.AnyAsync(u => u.Id == userId && u.TenantId == caller.TenantId && db.UserLogins.Any(l => l.UserId == u.Id), cancellation);
    }

    /// <summary>
    /// Loosens the account from directory and proxy: roles stay, from now on as given by hand; sign-ins end; an account that was closed because
    /// the directory no longer has the person opens. The person sets a password by a one-time link, which is mailed where there is a mail server.
    /// It wants a fresh proof.
    /// </summary>
    /// <returns>With the link if it was not mailed: then it is shown, once.</returns>
    public async Task<UserResult> MakeLocalAsync(Guid userId, CancellationToken cancellation)
    {
        var caller = await guard.Require(UsersPermissions.Manage, cancellation);
        NewLink? shown = null;
        var result = await change.RunAsync(caller, userId, async (db, user) =>
        {
            if (userId == caller.UserId) return UserOutcome.OwnAccount;
            if (user is { DeactivatedAt: not null, DirectoryGoneAt: null }) return UserOutcome.NotFound;
            var logins = await db.UserLogins.Where(l => l.UserId == userId).ToListAsync(cancellation);
            if (logins.Count == 0) return UserOutcome.LocalAlready;
            if (!await proof.IsFreshAsync(db, caller, cancellation)) return UserOutcome.ProofNeeded;
            // Written unchanged: it holds the account, so that a sign-in at the same time has its session ended here.
            await db.Users.Where(u => u.Id == userId).ExecuteUpdateAsync(set => set.SetProperty(u => u.SecurityStamp, u => u.SecurityStamp), cancellation);
            db.RemoveRange(logins);
            db.RemoveRange(await db.Set<DirectoryGrant>().Where(g => g.UserId == userId).ToListAsync(cancellation));
            (user.PasswordHash, user.DirectoryName, user.DirectoryGoneAt, user.DeactivatedAt) = (null, null, null, null);
            user.SecurityStamp = Guid.NewGuid().ToString("N");
            var ended = await db.EndSessionsAsync(userId, _ => true, SessionEnd.Revoked, time.GetUtcNow(), cancellation);
            await SignInLinks.RemoveUnusedAsync(db, userId, cancellation);
            (shown, var mail) = await LinkAsync(db, caller, user, cancellation);
            await notices.TellAsync(db, caller, userId, "MadeLocalTitle", "MadeLocalBody", cancellation, caller.Name);
            db.Audit(caller, "directory.unlink", "user", userId, user.DisplayName, new { sources = logins.Select(l => l.LoginProvider).Order(), sessionsEnded = ended, mail });
            return UserOutcome.Done;
        }, cancellation);
        return result.Outcome == UserOutcome.Done ? result with { Link = shown } : result;
    }

    private async Task<(NewLink? Shown, Guid? Mail)> LinkAsync(AppDbContext db, Caller caller, User user, CancellationToken cancellation)
    {
        // As to a first password: the account has none, so the link replaces nothing that protects it.
        var (link, token) = SignInLink.Make(user.Id, SignInLinkKind.PasswordReset, time.GetUtcNow(), UserAdministration.SetupLinkLifetime);
        db.Add(link);
        if (!outbox.CanSendLinks) return (new NewLink(token, link.ExpiresAt), null);
        var model = new MailModel().With("link", outbox.LinkTo($"account/link?token={token}")).With("expires", MailOutbox.Moment(link.ExpiresAt));
        var message = await outbox.SendAsync(db, caller, MailTemplates.AccountSetup, model, MailRecipient.Of(user), cancellation);
        return message.State == MailState.Queued ? (null, message.Id) : (new NewLink(token, link.ExpiresAt), message.Id);
    }
}
