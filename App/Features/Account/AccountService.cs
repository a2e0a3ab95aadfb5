using BlazorAdmin.Data;
using BlazorAdmin.Features.Account.Factors;
using BlazorAdmin.Features.Audit;
using BlazorAdmin.Features.Users;
using BlazorAdmin.Live;
using BlazorAdmin.Security;
using BlazorAdmin.Shell;
using Microsoft.AspNetCore.Identity;

namespace BlazorAdmin.Features.Account;

/// <summary>What people set about themselves.</summary>
public sealed record Profile(string Name, string Email, Preferences Preferences);

public enum PasswordChange
{
    Done,
    WrongCurrent,
    Locked,
    Refused,

    /// <summary>A role demands a second factor, and this sign-in has not shown the one that the person has.</summary>
    FactorNeeded,
}

/// <summary>One's own account.</summary>
public sealed class AccountService(
    IDbContextFactory<AppDbContext> databases, Guard guard, IPasswordHasher<User> hasher, OwnPassword passwords, FreshProof proof, OwnerNotices notices, Topic<AccessChanged> changes, TimeProvider time)
{
    public async Task<Profile> GetAsync(CancellationToken cancellation)
    {
        var caller = await guard.RequireSignedIn(cancellation);
        await using var db = await databases.CreateDbContextAsync(cancellation);
        return await db.Users.AsNoTracking().Where(u => u.Id == caller.PersonId)
            .Select(u => new Profile(u.DisplayName, u.Email!, new Preferences(u.Theme ?? Theme.System, u.Density ?? Density.Normal, u.Language, u.TimeZone))).SingleAsync(cancellation);
    }

    /// <summary>Saves everything but the e-mail address, which <see cref="EmailChange"/> changes.</summary>
    public Task SaveAsync(Profile profile, CancellationToken cancellation) => ChangeAsync("account.profile", user =>
    {
        user.DisplayName = profile.Name.Trim();
        user.Language = Languages.Find(profile.Preferences.Language)?.Name;
        user.TimeZone = profile.Preferences.TimeZone is { Length: > 0 } zone && TimeZoneInfo.TryFindSystemTimeZoneById(zone, out _) ? zone : null;
        user.Theme = profile.Preferences.Theme;
        user.Density = profile.Preferences.Density;
    }, cancellation);

    /// <summary>Changes the password, ends every other session and takes back links to the account.</summary>
    /// <param name="currentPassword">May be empty for somebody who has just confirmed who they are (<see cref="FreshProof"/>).</param>
    /// <returns>With <see cref="PasswordChange.Refused"/> also what is wrong with the new password.</returns>
    public async Task<(PasswordChange Result, PasswordFault Fault)> ChangePasswordAsync(string currentPassword, string newPassword, CancellationToken cancellation)
    {
        var caller = await guard.RequireChange(cancellation);
        await using var db = await databases.CreateDbContextAsync(cancellation);
        var user = await db.Users.SingleAsync(u => u.Id == caller.PersonId, cancellation);
        var fault = PasswordRules.Check(newPassword, user.Email, user.DisplayName);
        if (fault != PasswordFault.None) return (PasswordChange.Refused, fault);
        if (await proof.LacksOwnFactorAsync(db, caller, cancellation)) return (PasswordChange.FactorNeeded, PasswordFault.None);
        var check = currentPassword.Length == 0 && await proof.IsFreshAsync(db, caller, cancellation) ? PasswordCheck.Right : await passwords.CheckAsync(user, currentPassword, caller, cancellation);
        if (check == PasswordCheck.Locked) return (PasswordChange.Locked, PasswordFault.None);
        if (check == PasswordCheck.Wrong)
        {
            db.Audit(caller, "account.password", "user", user.Id, user.DisplayName, new { reason = "wrong current password" }, outcome: AuditOutcome.Failed);
            await db.SaveChangesAsync(cancellation);
            return (PasswordChange.WrongCurrent, PasswordFault.None);
        }

        await using var transaction = await db.Database.BeginTransactionAsync(cancellation);
        user.PasswordHash = hasher.HashPassword(user, newPassword);
        user.SecurityStamp = Guid.NewGuid().ToString("N");
        db.Audit(caller, "account.password", "user", user.Id, user.DisplayName);
        await notices.TellAsync(db, caller, user.Id, "PasswordChangedTitle", "IfNotYou", cancellation);
        await db.SaveChangesAsync(cancellation);
        await SignInLinks.RemoveUnusedAsync(db, user.Id, cancellation);
        await db.EndSessionsAsync(user.Id, s => s.Id != caller.SessionId, SessionEnd.PasswordChanged, time.GetUtcNow(), cancellation);
        await transaction.CommitAsync(cancellation);
        changes.Publish(new AccessChanged(user.Id));
        return (PasswordChange.Done, PasswordFault.None);
    }

    private async Task ChangeAsync(string action, Action<User> change, CancellationToken cancellation)
    {
        var caller = await guard.RequireChange(cancellation);
        await using var db = await databases.CreateDbContextAsync(cancellation);
        var user = await db.Users.SingleAsync(u => u.Id == caller.PersonId, cancellation);
        change(user);
        if (!db.ChangeTracker.HasChanges()) return;
        db.Audit(caller, action, "user", user.Id, user.DisplayName);
        await db.KeepActorAsync(user.Id, user.DisplayName, cancellation);
        await db.SaveChangesAsync(cancellation);
        changes.Publish(new AccessChanged(user.Id));
    }
}
