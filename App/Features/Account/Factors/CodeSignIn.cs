using System.Globalization;
using BlazorAdmin.Data;
using BlazorAdmin.Security;

namespace BlazorAdmin.Features.Account.Factors;

/// <summary>The second step of a sign-in: a code of the app, or a recovery code. Open to anonymous callers who have passed the first.</summary>
public sealed class CodeSignIn(
    IDbContextFactory<AppDbContext> databases, SignInService signIns, SignInThrottle throttle, SlowLane slowLane, SecondFactor factor, OwnerNotices notices, TimeProvider time, ILogger<CodeSignIn> log)
{
    /// <returns>With <see cref="SignInOutcome.Expired"/> the sign-in must begin anew.</returns>
    public async Task<SignInResult> CompleteAsync(PendingSignIn pending, string code, SignInPlace place, CancellationToken cancellation)
    {
        await using var db = await databases.CreateDbContextAsync(cancellation);
        var user = await db.Users.AsNoTracking()
            .SingleOrDefaultAsync(u => u.Id == pending.UserId && u.DeactivatedAt == null && u.SecurityStamp == pending.Stamp && u.AuthenticatorSince != null, cancellation);
        if (user is null || pending.ExpiresAt <= time.GetUtcNow()) return new SignInResult(SignInOutcome.Expired);
        var (account, address) = (user.NormalizedEmail!, place.Address ?? "unknown");
        var verdict = await throttle.BeginCodeAsync(account, address, cancellation);
        if (verdict.Locked)
        {
            if (verdict.JustLocked) await SignInService.RecordFailureAsync(db, user, user.Email!, place, "address locked", cancellation);
            return new SignInResult(SignInOutcome.Locked);
        }

        if (verdict.Slow && !await SignInService.IsFamiliarAsync(db, user, place, cancellation) && !await slowLane.WaitAsync(cancellation)) return new SignInResult(SignInOutcome.Locked);
        if (code.Length > SignInService.LongestInput || await factor.UseAsync(db, user.Id, code, cancellation) is not { } method)
        {
            if (verdict.JustLocked)
            {
                AccountLog.Locked(log, address);
                // Whoever comes this far knows the password.
                await notices.TellAsync(db, Caller.Portal with { TenantId = user.TenantId }, user.Id, "CodesGuessedTitle", "CodesGuessedBody", cancellation, address);
            }

            await SignInService.RecordFailureAsync(db, user, user.Email!, place, verdict.JustLocked ? "wrong code; locked" : "wrong code", cancellation);
            return new SignInResult(SignInOutcome.Wrong);
        }

        await throttle.SucceedCodeAsync(account, address, cancellation);
        if (await signIns.StartAsync(user, pending.Remember, place, "account.sign_in", method, cancellation) is not { } session) return new SignInResult(SignInOutcome.Expired);
        if (method == SignInMethod.RecoveryCode) await TellAsync(db, user.TenantId, user.Id, cancellation);
        return new SignInResult(SignInOutcome.Done, session);
    }

    private async Task TellAsync(AppDbContext db, Guid tenant, Guid userId, CancellationToken cancellation)
    {
        var left = await RecoveryCodes.LeftAsync(db, userId, cancellation);
        await notices.TellAsync(db, Caller.Portal with { TenantId = tenant }, userId, "CodeUsedTitle", "CodeUsedBody", cancellation, left.ToString(CultureInfo.InvariantCulture));
        await db.SaveChangesAsync(cancellation);
    }
}
