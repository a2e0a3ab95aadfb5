using BlazorAdmin.Data;
using BlazorAdmin.Features.Account;
using BlazorAdmin.Features.Account.Factors;
using BlazorAdmin.Features.Audit;
using BlazorAdmin.Features.Users;
using BlazorAdmin.Live;
using BlazorAdmin.Security;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;

namespace BlazorAdmin.Features.Directories;

/// <summary>What administrators see of single sign-on and do with it.</summary>
public sealed class SingleSignOnService(
    IDbContextFactory<AppDbContext> databases, Guard guard, AccountFactory accounts, RecentProof proof, OwnerNotices notices, IOptionsMonitor<SingleSignOnOptions> options, IOptionsMonitor<SecurityOptions> security, Topic<AccessChanged> changes)
{
    public async Task<SingleSignOnView> ReadAsync(CancellationToken cancellation)
    {
        await guard.Require(UsersPermissions.Read, cancellation);
        var o = options.CurrentValue;
        await using var db = await databases.CreateDbContextAsync(cancellation);
        return new SingleSignOnView(
            o.Enabled, o.UserHeader, o.Secret is { Length: > 0 }, security.CurrentValue.KnownProxies, o.CreateAccounts, o.GroupRoles,
            await db.UserLogins.CountAsync(l => l.LoginProvider == ExternalSource.Proxy, cancellation));
    }

    /// <summary>Links an account that was there before to the name by which the proxy knows the person. Its own password stays valid. It wants a fresh proof, and the owner is told.</summary>
    public async Task<UserResult> LinkAsync(string email, string name, CancellationToken cancellation)
    {
        var caller = await guard.Require(UsersPermissions.Manage, cancellation);
        var (account, key) = (accounts.Normalize(email), name.Trim().ToLowerInvariant());
        if (key.Length is 0 or > 200 || key.Any(char.IsControl)) return new UserResult(UserOutcome.NameMissing);
        await using var db = await databases.CreateDbContextAsync(cancellation);
        if (!await proof.IsFreshAsync(db, caller, cancellation)) return new UserResult(UserOutcome.ProofNeeded);
        var user = await db.Users.AsNoTracking().SingleOrDefaultAsync(u => u.NormalizedEmail == account && u.TenantId == caller.TenantId, cancellation);
        if (user is null || await db.UserLogins.AnyAsync(l => l.LoginProvider == ExternalSource.Proxy && (l.ProviderKey == key || l.UserId == user.Id), cancellation)) return new UserResult(UserOutcome.NotFound);
        if (!caller.Covers(await UserRights.OfUserAsync(db, user.Id, cancellation))) return new UserResult(UserOutcome.BeyondOwnRights, user.Id);
        db.Add(new IdentityUserLogin<Guid> { UserId = user.Id, LoginProvider = ExternalSource.Proxy, ProviderKey = key, ProviderDisplayName = ExternalSource.Proxy });
        db.Audit(caller, "directory.link_proxy", "user", user.Id, user.DisplayName, new { name = key });
        await notices.TellAsync(db, caller, user.Id, "SignInLinkedTitle", "SignInLinkedBody", cancellation, caller.Name);
        await db.SaveChangesAsync(cancellation);
        changes.Publish(new AccessChanged(user.Id));
        return new UserResult(UserOutcome.Done, user.Id);
    }
}
