using System.Collections.Frozen;
using BlazorAdmin.Data;
using BlazorAdmin.Features.Audit;
using BlazorAdmin.Features.Users;
using BlazorAdmin.Security;
using Microsoft.AspNetCore.Identity;

namespace BlazorAdmin.Features.Account;

public enum SignInOutcome
{
    Done,

    /// <summary>Unknown account, wrong password, closed account: nobody is told which.</summary>
    Wrong,

    /// <summary>Too many wrong passwords; the password was not looked at.</summary>
    Locked,
}

/// <summary>Where a request comes from.</summary>
public sealed record SignInPlace(string? Address, string? UserAgent)
{
    public static SignInPlace Of(HttpContext http) => new(Security.Http.ClientAddress.Of(http), http.Request.Headers.UserAgent.ToString());
}

/// <summary>Checks passwords and starts sessions. Open to anonymous callers; nothing else of the account slice is.</summary>
public sealed class SignInService(
    IDbContextFactory<AppDbContext> databases, SignInThrottle throttle, SlowLane slowLane, SessionClock sessions, AccountFactory accounts, IPasswordHasher<User> hasher,
    TimeProvider time, ILogger<SignInService> log)
{
    private const int LongestInput = 1024;

    /// <returns>The session whose cookie is to be written, if the outcome is <see cref="SignInOutcome.Done"/>.</returns>
    public async Task<(SignInOutcome Outcome, SignInSession? Session)> SignInAsync(string email, string password, bool remember, SignInPlace place, CancellationToken cancellation)
    {
        if (email.Length > LongestInput || password.Length > LongestInput) return (SignInOutcome.Wrong, null);
        var (account, address) = (accounts.Normalize(email), place.Address ?? "unknown");
        var verdict = await throttle.BeginAsync(account, address, cancellation);
        await using var db = await databases.CreateDbContextAsync(cancellation);
        if (verdict.Locked)
        {
            if (verdict.JustLocked) await RecordFailureAsync(db, null, email, place, "address locked", cancellation);
            return (SignInOutcome.Locked, null);
        }

        var user = await db.Users.AsNoTracking().SingleOrDefaultAsync(u => u.NormalizedEmail == account, cancellation);
        if (verdict.Slow && !await IsFamiliarAsync(db, user, place, cancellation) && !await slowLane.WaitAsync(cancellation))
            return (SignInOutcome.Locked, null);
        // An unknown account costs the same as a known one, so that the time does not tell them apart.
        var check = hasher.VerifyHashedPassword(user ?? slowLane.Nobody, user?.PasswordHash ?? slowLane.NobodysHash, password);
        if (user is null || user.PasswordHash is null || user.DeactivatedAt is not null || check == PasswordVerificationResult.Failed)
        {
            var reason = user is null ? "unknown account" : user.DeactivatedAt is not null ? "deactivated account" : "wrong password";
            if (verdict.JustLocked) AccountLog.Locked(log, address);
            await RecordFailureAsync(db, user, email, place, verdict.JustLocked ? reason + "; locked" : reason, cancellation);
            return (SignInOutcome.Wrong, null);
        }

        await throttle.SucceedAsync(account, address, cancellation);
        var renewed = check == PasswordVerificationResult.SuccessRehashNeeded ? hasher.HashPassword(user, password) : null;
        return (SignInOutcome.Done, await StartAsync(db, user, remember, place, "account.sign_in", renewed, cancellation));
    }

    /// <summary>Starts the session of somebody whose identity another way has proved (set-up, one-time link).</summary>
    public async Task<SignInSession> StartAsync(User user, SignInPlace place, string action, CancellationToken cancellation)
    {
        await using var db = await databases.CreateDbContextAsync(cancellation);
        return await StartAsync(db, user, remember: false, place, action, null, cancellation);
    }

    private async Task<SignInSession> StartAsync(AppDbContext db, User user, bool remember, SignInPlace place, string action, string? renewedHash, CancellationToken cancellation)
    {
        var session = sessions.Start(user, remember, place.Address, place.UserAgent);
        var now = time.GetUtcNow();
        await using var transaction = await db.Database.BeginTransactionAsync(cancellation);
        db.Add(session);
        db.Audit(new Caller(user.Id, session.Id, user.DisplayName, user.TenantId, place.Address, FrozenSet<string>.Empty), action, "user", user.Id, user.DisplayName);
        await db.KeepActorAsync(user.Id, user.DisplayName, cancellation);
        await db.SaveChangesAsync(cancellation);
        await db.Users.Where(u => u.Id == user.Id)
            .ExecuteUpdateAsync(set => set.SetProperty(u => u.LastSignInAt, now).SetProperty(u => u.PasswordHash, u => renewedHash ?? u.PasswordHash), cancellation);
        await transaction.CommitAsync(cancellation);
        return session;
    }

    // From where somebody signed in before, the real owner is not slowed down by an attack from elsewhere.
    private static async Task<bool> IsFamiliarAsync(AppDbContext db, User? user, SignInPlace place, CancellationToken cancellation) =>
        user is not null && await db.Set<SignInSession>().AnyAsync(s => s.UserId == user.Id && s.Address == place.Address, cancellation);

    private static async Task RecordFailureAsync(AppDbContext db, User? user, string email, SignInPlace place, string reason, CancellationToken cancellation)
    {
        // Only what looks like an address is kept: people type their password into the wrong field.
        var name = user?.DisplayName ?? (EmailRule.IsValid(email) ? email.Trim() : null);
        db.Audit(Caller.Portal with { Address = place.Address }, "account.sign_in", "user", user?.Id, name, new { reason }, outcome: AuditOutcome.Failed);
        await db.SaveChangesAsync(cancellation);
    }
}
