using BlazorAdmin.Data;
using BlazorAdmin.Features.Account;
using BlazorAdmin.Features.Account.Factors;
using BlazorAdmin.Features.Account.PersonalData;
using BlazorAdmin.Features.Audit;
using BlazorAdmin.Features.Directories;
using BlazorAdmin.Features.Jobs.Bulk;
using BlazorAdmin.Features.Mail;
using BlazorAdmin.Live;
using BlazorAdmin.Security;
using Microsoft.AspNetCore.Identity;

namespace BlazorAdmin.Features.Users;

/// <summary>Changes accounts of others. Every change reaches their open pages within two seconds.</summary>
public sealed class UserAdministration(
    IDbContextFactory<AppDbContext> databases, IDatabaseDialect dialect, Guard guard, UserChange change, AccountFactory accounts, MailOutbox outbox, Invitations invitations, OwnerNotices notices, RecentProof proof, JobChanger jobs, Topic<AccessChanged> changes, TimeProvider time)
{
    /// <summary>How long the link to a first password is valid.</summary>
    public static readonly TimeSpan SetupLinkLifetime = TimeSpan.FromDays(3);

    /// <summary>How long the link to a new password is valid, for somebody who signed in before: it replaces what protects an account in use.</summary>
    public static readonly TimeSpan ResetLinkLifetime = TimeSpan.FromMinutes(30);

    public async Task<UserResult> CreateAsync(NewUser wanted, CancellationToken cancellation)
    {
        var caller = await guard.Require(UsersPermissions.Manage, cancellation);
        if (string.IsNullOrWhiteSpace(wanted.Name) || wanted.Name.Trim().Length > 200) return new UserResult(UserOutcome.NameMissing);
        if (!EmailRule.IsValid(wanted.Email)) return new UserResult(UserOutcome.EmailInvalid);
        if (wanted.Password is { } password && PasswordRules.Check(password, wanted.Email, wanted.Name) is var fault and not PasswordFault.None)
            return new UserResult(UserOutcome.PasswordRefused, Fault: fault);
        await using var db = await databases.CreateDbContextAsync(cancellation);
        var rights = await UserRights.OfRolesAsync(db, wanted.RoleIds, cancellation);
        if (!caller.Covers(rights)) return new UserResult(UserOutcome.BeyondOwnRights);
        if (UserRights.AreDelicate(rights) && !await proof.IsFreshAsync(db, caller, cancellation)) return new UserResult(UserOutcome.ProofNeeded);
        var account = accounts.Normalize(wanted.Email);
        if (await db.Users.AnyAsync(u => u.NormalizedEmail == account, cancellation)) return new UserResult(UserOutcome.EmailTaken);
        var ids = wanted.RoleIds.ToList();
        var roles = await db.Roles.Where(r => ids.Contains(r.Id) && r.TenantId == caller.TenantId).ToListAsync(cancellation);
        var user = accounts.Add(db, wanted.Email, wanted.Name, wanted.Password, roles);
        user.TenantId = caller.TenantId;
        if (wanted.Invite && await invitations.WriteAsync(db, caller, user, cancellation) is not UserOutcome.Done and var refused) return new UserResult(refused);
        var link = wanted.Password is null && !wanted.Invite ? AddLink(db, user) : null;
        db.Audit(caller, "users.create", "user", user.Id, user.DisplayName, new { roles = roles.Select(r => r.Name).Order(), invited = wanted.Invite });
        try
        {
            await db.SaveChangesAsync(cancellation);
        }
        catch (DbUpdateException exception) when (dialect.IsDuplicateKey(exception))
        {
            return new UserResult(UserOutcome.EmailTaken);
        }

        changes.Publish(new AccessChanged(user.Id));
        return new UserResult(UserOutcome.Done, user.Id, link);
    }

    /// <summary>Gives exactly these roles.</summary>
    public Task<UserResult> SetRolesAsync(Guid userId, IReadOnlyCollection<Guid> roleIds, CancellationToken cancellation) => ChangeAsync(userId, async (db, caller, user) =>
    {
        var before = await db.UserRoles.Where(link => link.UserId == userId).ToListAsync(cancellation);
        var known = (await db.Roles.AsNoTracking().Where(r => r.TenantId == caller.TenantId).ToListAsync(cancellation)).ToDictionary(r => r.Id);
        var wanted = roleIds.Where(known.ContainsKey).ToHashSet();
        var given = wanted.Except(before.Select(link => link.RoleId)).ToList();
        var taken = before.Where(link => !wanted.Contains(link.RoleId)).ToList();
        if (given.Count + taken.Count == 0) return UserOutcome.Done;
        if (!caller.Covers(await UserRights.OfRolesAsync(db, given.Concat(taken.Select(link => link.RoleId)), cancellation))) return UserOutcome.BeyondOwnRights;
        if (UserRights.AreDelicate(await UserRights.OfRolesAsync(db, given, cancellation)) && !await proof.IsFreshAsync(db, caller, cancellation)) return UserOutcome.ProofNeeded;
        var administrator = known.Values.Single(r => r is { BuiltIn: true, Name: Security.Roles.Administrator }).Id;
        if (taken.Exists(link => link.RoleId == administrator) && await UserRights.IsLastAdministratorAsync(db, userId, cancellation)) return UserOutcome.LastAdministrator;
        db.RemoveRange(taken);
        db.AddRange(given.Select(id => new IdentityUserRole<Guid> { UserId = userId, RoleId = id }));
        db.Audit(caller, "users.roles", "user", userId, user.DisplayName, new
        {
            given = given.Select(id => known[id].Name).Order(),
            taken = taken.Select(link => known[link.RoleId].Name).Order(),
        });
        return UserOutcome.Done;
    }, cancellation);

    /// <summary>Closes the account and ends its sessions.</summary>
    public Task<UserResult> DeactivateAsync(Guid userId, CancellationToken cancellation) => ChangeAsync(userId, async (db, caller, user) =>
    {
        if (user is { DeactivatedAt: not null, DirectoryGoneAt: null }) return UserOutcome.Done;
        // The administrator's word: it holds although the directory may have the person again.
        user.DirectoryGoneAt = null;
        if (user.DeactivatedAt is not null)
        {
            db.Audit(caller, "users.deactivate", "user", userId, user.DisplayName, new { sessionsEnded = 0 });
            return UserOutcome.Done;
        }

        if (await UserRights.IsLastAdministratorAsync(db, userId, cancellation)) return UserOutcome.LastAdministrator;
        // Written unchanged: it holds the account, so that a sign-in at the same time either has its session ended here or finds the account closed.
        await db.Users.Where(u => u.Id == userId).ExecuteUpdateAsync(set => set.SetProperty(u => u.SecurityStamp, u => u.SecurityStamp), cancellation);
        user.DeactivatedAt = time.GetUtcNow();
        var ended = await db.EndSessionsAsync(userId, _ => true, SessionEnd.Deactivated, time.GetUtcNow(), cancellation);
        db.Audit(caller, "users.deactivate", "user", userId, user.DisplayName, new { sessionsEnded = ended });
        return UserOutcome.Done;
    }, cancellation);

    /// <summary>Opens a closed account; if it was to be deleted, that ends.</summary>
    public Task<UserResult> ReactivateAsync(Guid userId, CancellationToken cancellation) => ChangeAsync(userId, async (db, caller, user) =>
    {
        if (user.DeactivatedAt is null) return UserOutcome.Done;
        // Held before the jobs, as a deletion that runs takes them in this order; that one may also have come to its end.
        if (await db.Users.Where(u => u.Id == userId).ExecuteUpdateAsync(set => set.SetProperty(u => u.SecurityStamp, u => u.SecurityStamp), cancellation) == 0) return UserOutcome.NotFound;
        user.DeactivatedAt = null;
        await AccountErasure.TakeBackAsync(db, jobs, caller.TenantId, userId, cancellation);
        db.Audit(caller, "users.reactivate", "user", userId, user.DisplayName);
        return UserOutcome.Done;
    }, cancellation);

    /// <summary>Forgets wrong passwords, so that the person can sign in again at once.</summary>
    public Task<UserResult> UnlockAsync(Guid userId, CancellationToken cancellation) => ChangeAsync(userId, async (db, caller, user) =>
    {
        await SignInThrottle.UnlockAsync(db, user.NormalizedEmail!, cancellation);
        db.Audit(caller, "users.unlock", "user", userId, user.DisplayName);
        return UserOutcome.Done;
    }, cancellation);

    /// <summary>Takes authenticator app, recovery codes and passkeys from somebody who lost them; they are told.</summary>
    public Task<UserResult> RemoveFactorAsync(Guid userId, CancellationToken cancellation) => ChangeAsync(userId, async (db, caller, user) =>
    {
        if (userId == caller.UserId) return UserOutcome.OwnAccount;
        if (user.AuthenticatorSince is null && !await db.UserPasskeys.AnyAsync(p => p.UserId == userId, cancellation)) return UserOutcome.Done;
        if (!await proof.IsFreshAsync(db, caller, cancellation)) return UserOutcome.ProofNeeded;
        var passkeys = await db.UserPasskeys.Where(p => p.UserId == userId).ExecuteDeleteAsync(cancellation);
        var app = user.AuthenticatorSince is not null;
        await SecondFactor.RemoveAsync(db, user, cancellation);
        db.Audit(caller, "users.factor_removed", "user", userId, user.DisplayName, new { app, passkeys });
        await notices.TellAsync(db, caller, userId, "FactorRemovedTitle", "FactorRemovedBody", cancellation, caller.Name);
        return UserOutcome.Done;
    }, cancellation);

    /// <summary>
    /// Makes a one-time link through which the person sets a new password; earlier links of theirs end. The old password stays valid until then.
    /// Whoever holds the link holds the account: it wants a fresh proof, and the owner is told.
    /// </summary>
    public async Task<UserResult> MakePasswordLinkAsync(Guid userId, CancellationToken cancellation)
    {
        NewLink? link = null;
        var result = await ChangeAsync(userId, async (db, caller, user) =>
        {
            if (userId == caller.UserId) return UserOutcome.OwnAccount;
            if (user.DeactivatedAt is not null) return UserOutcome.NotFound;
            if (await ExternalSource.VouchesForAsync(db, userId, cancellation)) return UserOutcome.SignsInElsewhere;
            if (!await proof.IsFreshAsync(db, caller, cancellation)) return UserOutcome.ProofNeeded;
            await SignInLinks.RemoveUnusedAsync(db, userId, cancellation);
            link = AddLink(db, user);
            db.Audit(caller, "users.password_link", "user", userId, user.DisplayName);
            // Whoever has never been in waits for the link, and has nothing yet that somebody could take.
            if (user.LastSignInAt is not null) await notices.TellAsync(db, caller, userId, "LinkMadeTitle", "LinkMadeBody", cancellation, caller.Name);
            return UserOutcome.Done;
        }, cancellation);
        return result with { Link = link };
    }

    /// <summary>A link can be mailed: there is a mail server, and the portal's public address is known.</summary>
    public bool CanMailLinks => outbox.CanSendLinks;

    /// <summary>Mails the link that <see cref="MakePasswordLinkAsync"/> made to the person's own address. It stays valid as it was.</summary>
    public Task<UserResult> MailPasswordLinkAsync(Guid userId, string token, CancellationToken cancellation) => ChangeAsync(userId, async (db, caller, user) =>
    {
        if (!CanMailLinks) return UserOutcome.MailNotPossible;
        var (hash, now) = (SignInLink.HashOf(token), time.GetUtcNow());
        var ends = await db.Set<SignInLink>().Where(l => l.TokenHash == hash && l.UserId == userId && l.UsedAt == null && l.ExpiresAt > now).Select(l => (DateTimeOffset?)l.ExpiresAt).SingleOrDefaultAsync(cancellation);
        if (ends is null || user.DeactivatedAt is not null) return UserOutcome.LinkGone;
        var model = new MailModel().With("link", outbox.LinkTo($"account/link?token={token}")).With("expires", MailOutbox.Moment(ends.Value));
        var message = await outbox.SendAsync(db, caller, user.LastSignInAt is null ? MailTemplates.AccountSetup : MailTemplates.AccountReset, model, MailRecipient.Of(user), cancellation);
        db.Audit(caller, "users.password_link_mailed", "user", userId, user.DisplayName, new { mail = message.Id, state = message.State.ToString() });
        return message.State == MailState.Queued ? UserOutcome.Done : UserOutcome.MailRefused;
    }, cancellation);

    public Task<UserResult> RenameAsync(Guid userId, string name, CancellationToken cancellation) => ChangeAsync(userId, async (db, caller, user) =>
    {
        if (string.IsNullOrWhiteSpace(name) || name.Trim().Length > 200) return UserOutcome.NameMissing;
        if (user.DisplayName == name.Trim()) return UserOutcome.Done;
        user.DisplayName = name.Trim();
        db.Audit(caller, "users.rename", "user", userId, user.DisplayName);
        await db.KeepActorAsync(userId, user.DisplayName, cancellation);
        return UserOutcome.Done;
    }, cancellation);

    private NewLink AddLink(AppDbContext db, User user)
    {
        var (link, token) = SignInLink.Make(user.Id, SignInLinkKind.PasswordReset, time.GetUtcNow(), user.LastSignInAt is null ? SetupLinkLifetime : ResetLinkLifetime);
        db.Add(link);
        return new NewLink(token, link.ExpiresAt);
    }

    private async Task<UserResult> ChangeAsync(Guid userId, Func<AppDbContext, Caller, User, Task<UserOutcome>> act, CancellationToken cancellation)
    {
        var caller = await guard.Require(UsersPermissions.Manage, cancellation);
        return await change.RunAsync(caller, userId, (db, user) => act(db, caller, user), cancellation);
    }
}
