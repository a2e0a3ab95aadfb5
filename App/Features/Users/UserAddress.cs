using BlazorAdmin.Data;
using BlazorAdmin.Features.Account;
using BlazorAdmin.Features.Account.Factors;
using BlazorAdmin.Features.Audit;
using BlazorAdmin.Security;

namespace BlazorAdmin.Features.Users;

/// <summary>An administrator gives somebody another e-mail address.</summary>
public sealed class UserAddress(Guard guard, UserChange change, RecentProof proof, IDatabaseDialect dialect, AccountFactory accounts, EmailChange emails, OwnerNotices notices)
{
    /// <summary>
    /// Changes it at once: people sign in with the new one. The old address is told, links to the account end, and the new address is asked
    /// to confirm where a mail can be sent; until it has, nobody gets a link to a new password there by asking for one. Whoever reads that mailbox can take the account, so it wants a fresh proof.
    /// </summary>
    public async Task<UserResult> ChangeAsync(Guid userId, string email, CancellationToken cancellation)
    {
        var caller = await guard.Require(UsersPermissions.Manage, cancellation);
        if (!EmailRule.IsValid(email)) return new UserResult(UserOutcome.EmailInvalid, userId);
        var (address, account) = (email.Trim(), accounts.Normalize(email));
        // Under Account one's own address changes only when the new one has confirmed.
        if (userId == caller.UserId) return new UserResult(UserOutcome.OwnAccount, userId);
        try
        {
            return await change.RunAsync(caller, userId, async (db, user) =>
            {
                if (user.DirectoryName is not null) return UserOutcome.FromDirectory;
                if (user.Email == address) return UserOutcome.Done;
                if (!await proof.IsFreshAsync(db, caller, cancellation)) return UserOutcome.ProofNeeded;
                if (await db.Users.AnyAsync(u => u.NormalizedEmail == account && u.Id != userId, cancellation)) return UserOutcome.EmailTaken;
                await notices.TellAsync(db, caller, userId, "EmailChangedTitle", "EmailChangedByBody", cancellation, address, caller.Name);
                await SignInLinks.RemoveUnusedAsync(db, userId, cancellation);
                EmailChange.SetAddress(user, address, account, isConfirmed: false);
                if (emails.CanSend) await emails.SendLinkAsync(db, caller, user, address, cancellation);
                db.Audit(caller, "users.email", "user", userId, user.DisplayName);
                return UserOutcome.Done;
            }, cancellation);
        }
        catch (DbUpdateException exception) when (dialect.IsDuplicateKey(exception))
        {
            return new UserResult(UserOutcome.EmailTaken, userId);
        }
    }
}
