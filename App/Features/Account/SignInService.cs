using System.Collections.Frozen;
using BlazorAdmin.Data;
using BlazorAdmin.Features.Account.Factors;
using BlazorAdmin.Features.Audit;
using BlazorAdmin.Features.Jobs;
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

    /// <summary>So far it is right; a code of the authenticator app comes next.</summary>
    CodeNeeded,

    /// <summary>The code came too late, or the account changed meanwhile.</summary>
    Expired,

    /// <summary>It did not work, and the organisation's directory does not answer: nobody is told whether it would have been asked.</summary>
    Unavailable,
}

/// <param name="Session">The session whose cookie is to be written, if the outcome is <see cref="SignInOutcome.Done"/>.</param>
public sealed record SignInResult(SignInOutcome Outcome, SignInSession? Session = null)
{
    /// <summary>What the page that asks for the code must bring back, if the outcome is <see cref="SignInOutcome.CodeNeeded"/>.</summary>
    public PendingSignIn? Pending { get; init; }
}

/// <summary>Where a request comes from.</summary>
public sealed record SignInPlace(string? Address, string? UserAgent)
{
    public static SignInPlace Of(HttpContext http) => new(Security.Http.ClientAddress.Of(http), http.Request.Headers.UserAgent.ToString());
}

/// <summary>Checks passwords and starts sessions. Open to anonymous callers; nothing else of the account slice is.</summary>
public sealed class SignInService(
    IDbContextFactory<AppDbContext> databases, SignInThrottle throttle, SlowLane slowLane, SessionClock sessions, AccountFactory accounts, IPasswordHasher<User> hasher,
    IExternalPasswords externals, TimeProvider time, ILogger<SignInService> log)
{
    internal const int LongestInput = 1024;

    public async Task<SignInResult> SignInAsync(string email, string password, bool remember, SignInPlace place, CancellationToken cancellation)
    {
        // A NUL is no letter of a name, and PostgreSQL keeps none.
        if (email.Length > LongestInput || password.Length > LongestInput || email.Contains('\0')) return new SignInResult(SignInOutcome.Wrong);
        var (account, address) = (accounts.Normalize(email), place.Address ?? "unknown");
        var verdict = await throttle.BeginAsync(account, address, cancellation);
        await using var db = await databases.CreateDbContextAsync(cancellation);
        if (verdict.Locked)
        {
            if (verdict.JustLocked) await RecordFailureAsync(db, null, email, place, "address locked", cancellation);
            return new SignInResult(SignInOutcome.Locked);
        }

        var user = await db.Users.AsNoTracking().SingleOrDefaultAsync(u => u.NormalizedEmail == account, cancellation);
        if (verdict.Slow && !await IsFamiliarAsync(db, user, place, cancellation) && !await slowLane.WaitAsync(cancellation))
            return new SignInResult(SignInOutcome.Locked);
        // An unknown account costs the same as a known one, so that the time does not tell them apart.
        var check = hasher.VerifyHashedPassword(user ?? slowLane.Nobody, user?.PasswordHash ?? slowLane.NobodysHash, password);
        var external = externals.Concerns(user) ? await externals.SignInAsync(email.Trim(), password, cancellation) : null;
        if (external is { User: { } known }) user = known;
        var isRight = external is null ? user?.PasswordHash is not null && check != PasswordVerificationResult.Failed : external is { Outcome: ExternalOutcome.Right, User: not null };
        if (user is null || user.DeactivatedAt is not null || !isRight)
        {
            var reason = external?.Reason ?? (user is null ? "unknown account" : user.DeactivatedAt is not null ? "deactivated account" : "wrong password");
            return await RefuseAsync(db, user, email, account, external?.Outcome, verdict.JustLocked, reason, place, cancellation);
        }

        var method = external is null ? SignInMethod.Password : externals.Method;
        if (user.AuthenticatorSince is not null)
        {
            // Taken back, not cleared: typing the right password again must not bring new guesses at the code.
            await throttle.TakeBackAsync(account, address, cancellation);
            return new SignInResult(SignInOutcome.CodeNeeded) { Pending = PendingSignIn.Of(user, remember, method, time.GetUtcNow()) };
        }

        await throttle.SucceedAsync(account, address, cancellation);
        var renewed = external is null && check == PasswordVerificationResult.SuccessRehashNeeded ? hasher.HashPassword(user, password) : null;
        if (await StartAsync(db, user, remember, place, "account.sign_in", method, renewed, cancellation) is { } session) return new SignInResult(SignInOutcome.Done, session);
        await RecordFailureAsync(db, user, email, place, "account changed meanwhile", cancellation);
        return new SignInResult(SignInOutcome.Wrong);
    }

    /// <summary>Starts the session of somebody whose identity another way has proved (set-up, one-time link).</summary>
    /// <returns>Null if the account was closed, or its password or second factor changed, since <paramref name="user"/> was read.</returns>
    public Task<SignInSession?> StartAsync(User user, SignInPlace place, string action, CancellationToken cancellation) =>
        StartAsync(user, remember: false, place, action, SignInMethod.Password, cancellation);

    /// <summary>The same, for a way that has its own name.</summary>
    public async Task<SignInSession?> StartAsync(User user, bool remember, SignInPlace place, string action, SignInMethod method, CancellationToken cancellation)
    {
        await using var db = await databases.CreateDbContextAsync(cancellation);
        return await StartAsync(db, user, remember, place, action, method, null, cancellation);
    }

    private async Task<SignInSession?> StartAsync(AppDbContext db, User user, bool remember, SignInPlace place, string action, SignInMethod method, string? renewedHash, CancellationToken cancellation)
    {
        var session = sessions.Start(user, remember, place.Address, place.UserAgent);
        session.Method = method;
        // A proxy names its person without them: whoever sits at an open browser would have such a proof again and again.
        if (method == SignInMethod.Proxy) session.ProvedAt = DateTimeOffset.UnixEpoch;
        var now = time.GetUtcNow();
        await using var transaction = await db.Database.BeginTransactionAsync(cancellation);
        // First, since it holds the account until the commit: a change that comes later waits and then sees, and ends, this session.
        var current = await db.Users
            .Where(u => u.Id == user.Id && u.DeactivatedAt == null && u.SecurityStamp == user.SecurityStamp && u.AuthenticatorSince == user.AuthenticatorSince)
            .ExecuteUpdateAsync(set => set.SetProperty(u => u.LastSignInAt, now).SetProperty(u => u.PasswordHash, u => renewedHash ?? u.PasswordHash), cancellation);
        if (current == 0) return null;
        db.Add(session);
        db.Audit(new Caller(user.Id, session.Id, user.DisplayName, user.TenantId, place.Address, FrozenSet<string>.Empty), action, "user", user.Id, user.DisplayName, new { method = method.ToString() });
        await db.KeepActorAsync(user.Id, user.DisplayName, cancellation);
        await db.SaveChangesAsync(cancellation);
        await transaction.CommitAsync(cancellation);
        return session;
    }

    private async Task<SignInResult> RefuseAsync(
        AppDbContext db, User? user, string email, string account, ExternalOutcome? external, bool justLocked, string reason, SignInPlace place, CancellationToken cancellation)
    {
        var address = place.Address ?? "unknown";
        // Nobody looked at the password, so it was no guess; who keeps trying everything is stopped all the same.
        if (external == ExternalOutcome.Unavailable) await throttle.TakeBackAccountAsync(account, address, cancellation);
        else if (justLocked)
        {
            AccountLog.Locked(log, address);
            // For an account that does not exist too: the time of the answer must not tell. What was typed is not kept: people type their password into the wrong field.
            db.Enqueue(new LockoutNotice(user?.NormalizedEmail, address, time.GetUtcNow()), Caller.Portal, time.GetUtcNow());
        }

        await RecordFailureAsync(db, user, email, place, justLocked && external != ExternalOutcome.Unavailable ? reason + "; locked" : reason, cancellation);
        return new SignInResult(externals.IsDown ? SignInOutcome.Unavailable : SignInOutcome.Wrong);
    }

    // From where somebody signed in before, the real owner is not slowed down by an attack from elsewhere.
    internal static async Task<bool> IsFamiliarAsync(AppDbContext db, User? user, SignInPlace place, CancellationToken cancellation) =>
        user is not null && await db.Set<SignInSession>().AnyAsync(s => s.UserId == user.Id && s.ImpersonatorId == null && s.Address == place.Address, cancellation);

    internal static async Task RecordFailureAsync(AppDbContext db, User? user, string email, SignInPlace place, string reason, CancellationToken cancellation)
    {
        // Only what looks like an address is kept: people type their password into the wrong field.
        var name = user?.DisplayName ?? (EmailRule.IsValid(email) ? email.Trim() : null);
        db.Audit(Caller.Portal with { Address = place.Address }, "account.sign_in", "user", user?.Id, name, new { reason }, outcome: AuditOutcome.Failed);
        await db.SaveChangesAsync(cancellation);
    }
}
