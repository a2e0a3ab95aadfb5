using BlazorAdmin.Data;
using BlazorAdmin.Features.Account.Factors;
using BlazorAdmin.Features.Audit;
using BlazorAdmin.Features.Directories;
using BlazorAdmin.Features.Users;
using BlazorAdmin.Live;
using BlazorAdmin.Security;
using BlazorAdmin.Shell;
using Microsoft.AspNetCore.Identity;

namespace BlazorAdmin.Features.Account;

/// <summary>What people set about themselves.</summary>
/// <param name="Topics">What they say they know about.</param>
public sealed record Profile(string Name, string Email, OwnPreferences Preferences, IReadOnlyList<string> Topics)
{
    /// <summary>With what the person's roles begin; holds where they chose nothing.</summary>
    public OwnPreferences OfRoles { get; init; } = OwnPreferences.None;

    public Guid Id { get; init; }

    /// <summary>Hash of the picture; null: none.</summary>
    public string? Picture { get; init; }
}

public enum PasswordChange
{
    Done,
    WrongCurrent,
    Locked,
    Refused,

    /// <summary>A role demands a second factor, and this sign-in has not shown the one that the person has.</summary>
    FactorNeeded,

    /// <summary>The organisation signs the person in, and the account gets no password of its own.</summary>
    SetElsewhere,
}

/// <summary>One's own account.</summary>
public sealed class AccountService(
    IDbContextFactory<AppDbContext> databases, Guard guard, IPasswordHasher<User> hasher, OwnPassword passwords, FreshProof proof, OwnerNotices notices, Topic<AccessChanged> changes, TimeProvider time)
{
    public async Task<Profile> GetAsync(CancellationToken cancellation)
    {
        var caller = await guard.RequireSignedIn(cancellation);
        await using var db = await databases.CreateDbContextAsync(cancellation);
        var topics = await db.Set<UserTopic>().Where(t => t.UserId == caller.PersonId).OrderBy(t => t.Topic).Select(t => t.Topic).ToListAsync(cancellation);
        var user = await db.Users.AsNoTracking().SingleAsync(u => u.Id == caller.PersonId, cancellation);
        return new Profile(user.DisplayName, user.Email!, new OwnPreferences(user.Theme, user.Density, user.Language, user.TimeZone), topics)
        {
            Id = user.Id, OfRoles = await RolePreferences.OfAsync(db, user.Id, cancellation), Picture = caller.Picture,
        };
    }

    /// <summary>Saves everything but the e-mail address, which <see cref="EmailChange"/> changes.</summary>
    public Task SaveAsync(Profile profile, CancellationToken cancellation) => ChangeAsync("account.profile", async (db, user) =>
    {
        var before = await db.Set<UserTopic>().Where(t => t.UserId == user.Id).ToListAsync(cancellation);
        db.RemoveRange(before.Where(t => !profile.Topics.Contains(t.Topic)));
        db.AddRange(profile.Topics.Except(before.Select(t => t.Topic)).Select(topic => new UserTopic { UserId = user.Id, Topic = topic }));
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
        // Linked to a proxy only, an account keeps the password that it had, and its owner can replace that.
        if ((user.DirectoryName is not null || user.PasswordHash is null) && await ExternalSource.VouchesForAsync(db, user.Id, cancellation)) return (PasswordChange.SetElsewhere, PasswordFault.None);
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

    private async Task ChangeAsync(string action, Func<AppDbContext, User, Task> change, CancellationToken cancellation)
    {
        var caller = await guard.RequireChange(cancellation);
        await using var db = await databases.CreateDbContextAsync(cancellation);
        var user = await db.Users.SingleAsync(u => u.Id == caller.PersonId, cancellation);
        await change(db, user);
        if (!db.ChangeTracker.HasChanges()) return;
        db.Audit(caller, action, "user", user.Id, user.DisplayName);
        await db.KeepActorAsync(user.Id, user.DisplayName, cancellation);
        await db.SaveChangesAsync(cancellation);
        changes.Publish(new AccessChanged(user.Id));
    }
}
