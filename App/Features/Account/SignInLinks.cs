using System.Collections.Frozen;
using BlazorAdmin.Data;
using BlazorAdmin.Features.Account.Factors;
using BlazorAdmin.Features.Audit;
using BlazorAdmin.Features.Users;
using BlazorAdmin.Live;
using BlazorAdmin.Security;
using Microsoft.AspNetCore.Identity;

namespace BlazorAdmin.Features.Account;

/// <summary>What a valid link is for.</summary>
/// <param name="TakesPassword">False if the organisation signs the person in: no password of the portal is set then.</param>
public sealed record SignInLinkView(Guid UserId, string Email, string Name, SignInLinkKind Kind, bool TakesPassword);

/// <summary>One-time links: looking at one does not use it up, so that mail scanners do no harm; the form's post does.</summary>
public sealed class SignInLinks(
    IDbContextFactory<AppDbContext> databases, SessionClock sessions, IPasswordHasher<User> hasher, OwnerNotices notices, Topic<AccessChanged> changes, TimeProvider time)
{
    /// <summary>Takes the links away that somebody has and did not use, in the context's transaction.</summary>
    internal static Task<int> RemoveUnusedAsync(AppDbContext db, Guid userId, CancellationToken cancellation) =>
        db.Set<SignInLink>().Where(l => l.UserId == userId && l.UsedAt == null).ExecuteDeleteAsync(cancellation);

    /// <summary>Takes the unused links of one kind away, in the context's transaction.</summary>
    internal static Task<int> RemoveUnusedAsync(AppDbContext db, Guid userId, SignInLinkKind kind, CancellationToken cancellation) =>
        db.Set<SignInLink>().Where(l => l.UserId == userId && l.Kind == kind && l.UsedAt == null).ExecuteDeleteAsync(cancellation);

    /// <returns>Null if the link is unknown, used or too old, is no way in, or the account is closed or takes no password.</returns>
    public async Task<SignInLinkView?> FindAsync(string token, CancellationToken cancellation)
    {
        if (token.Length is 0 or > 200) return null;
        var (hash, now) = (SignInLink.HashOf(token), time.GetUtcNow());
        await using var db = await databases.CreateDbContextAsync(cancellation);
        return await (
            from link in db.Set<SignInLink>().AsNoTracking()
            join user in db.Users on link.UserId equals user.Id
            let isElsewhere = db.UserLogins.Any(l => l.UserId == user.Id)
            where link.TokenHash == hash && link.Kind != SignInLinkKind.EmailChange && link.UsedAt == null && link.ExpiresAt > now && user.DeactivatedAt == null
                && (link.Kind == SignInLinkKind.SignIn || !isElsewhere)
            select new SignInLinkView(user.Id, user.Email!, user.DisplayName, link.Kind, !isElsewhere)).SingleOrDefaultAsync(cancellation);
    }

    /// <summary>
    /// Uses the link up, sets the password if one is given, ends the earlier sessions and other links then, and starts a new
    /// session; where the account has a second factor, that is asked for before.
    /// </summary>
    /// <param name="newPassword">Checked by the caller; null keeps the present one, which only <see cref="SignInLinkKind.SignIn"/> allows.</param>
    /// <returns>Null if the link cannot be used.</returns>
    public async Task<SignInResult?> UseAsync(string token, string? newPassword, SignInPlace place, CancellationToken cancellation)
    {
        if (await FindAsync(token, cancellation) is not { } view || (newPassword is null ? view.Kind != SignInLinkKind.SignIn : !view.TakesPassword)) return null;
        if (newPassword is not null && PasswordRules.Check(newPassword, view.Email, view.Name) != PasswordFault.None) return null;
        var (hash, now) = (SignInLink.HashOf(token), time.GetUtcNow());
        await using var db = await databases.CreateDbContextAsync(cancellation);
        await using var transaction = await db.Database.BeginTransactionAsync(cancellation);
        // Written unchanged: it holds the account, so that no sign-in with the old password and no factor slips past.
        if (await db.Users.Where(u => u.Id == view.UserId && u.DeactivatedAt == null)
            .ExecuteUpdateAsync(set => set.SetProperty(u => u.SecurityStamp, u => u.SecurityStamp), cancellation) != 1) return null;
        // Whoever sets the mark has the link; a second post at the same time finds it set.
        if (await db.Set<SignInLink>().Where(l => l.TokenHash == hash && l.Kind != SignInLinkKind.EmailChange && l.UsedAt == null).ExecuteUpdateAsync(set => set.SetProperty(l => l.UsedAt, now), cancellation) != 1) return null;
        var user = await db.Users.SingleAsync(u => u.Id == view.UserId, cancellation);
        var session = user.AuthenticatorSince is null ? sessions.Start(user, remember: false, place.Address, place.UserAgent) : null;
        if (newPassword is not null)
        {
            user.PasswordHash = hasher.HashPassword(user, newPassword);
            user.SecurityStamp = Guid.NewGuid().ToString("N");
            await db.EndSessionsAsync(user.Id, _ => true, SessionEnd.PasswordChanged, now, cancellation);
            await RemoveUnusedAsync(db, user.Id, cancellation);
            await SignInThrottle.UnlockAsync(db, user.NormalizedEmail!, cancellation);
        }

        if (session is not null)
        {
            session.Method = SignInMethod.Link;
            user.LastSignInAt = now;
            db.Add(session);
        }

        var caller = new Caller(user.Id, session?.Id, user.DisplayName, user.TenantId, place.Address, FrozenSet<string>.Empty);
        db.Audit(caller, newPassword is null ? "account.sign_in_link" : "account.sign_in_link_password", "user", user.Id, user.DisplayName, new { codeNeeded = session is null });
        if (newPassword is not null) await notices.TellAsync(db, caller, user.Id, "PasswordByLinkTitle", "IfNotYou", cancellation);
        await db.SaveChangesAsync(cancellation);
        await transaction.CommitAsync(cancellation);
        changes.Publish(new AccessChanged(user.Id));
        return session is not null
            ? new SignInResult(SignInOutcome.Done, session)
            : new SignInResult(SignInOutcome.CodeNeeded) { Pending = PendingSignIn.Of(user, remember: false, SignInMethod.Link, now) };
    }
}
