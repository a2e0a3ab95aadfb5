using BlazorAdmin.Data;
using BlazorAdmin.Features.Audit;
using BlazorAdmin.Security;

namespace BlazorAdmin.Features.Account.Factors;

/// <summary>
/// "Confirm that it is you": what decides who gets into an account wants a password or passkey of the last minutes, so that
/// an unattended screen is not enough. Where a role demands a second factor and the person has one, the password alone is
/// not enough either: whoever learned it would enrol a factor of their own.
/// </summary>
public sealed class FreshProof(IDbContextFactory<AppDbContext> databases, Guard guard, OwnPassword passwords, RecentProof recent, TimeProvider time)
{
    public static readonly TimeSpan Lifetime = RecentProof.Lifetime;

    /// <summary>True if the caller proved who they are within <see cref="Lifetime"/>.</summary>
    public async Task<bool> IsFreshAsync(CancellationToken cancellation)
    {
        var caller = await guard.RequireSignedIn(cancellation);
        await using var db = await databases.CreateDbContextAsync(cancellation);
        return await IsFreshAsync(db, caller, cancellation);
    }

    /// <summary>The same for a command that has its context. Never true for somebody who looks at the portal as another person.</summary>
    public Task<bool> IsFreshAsync(AppDbContext db, Caller caller, CancellationToken cancellation) => recent.IsFreshAsync(db, caller, cancellation);

    /// <summary>False if the caller's password is not enough to confirm: a role demands a second factor, and this sign-in has not shown the one they have.</summary>
    public async Task<bool> TakesPasswordAsync(CancellationToken cancellation)
    {
        var caller = await guard.RequireSignedIn(cancellation);
        await using var db = await databases.CreateDbContextAsync(cancellation);
        return !await LacksOwnFactorAsync(db, caller, cancellation);
    }

    /// <summary>False for somebody who has no password to confirm with: a proxy signs them in.</summary>
    public async Task<bool> HasPasswordAsync(CancellationToken cancellation)
    {
        var caller = await guard.RequireSignedIn(cancellation);
        await using var db = await databases.CreateDbContextAsync(cancellation);
        return passwords.CanCheck(await db.Users.AsNoTracking().SingleAsync(u => u.Id == caller.PersonId, cancellation));
    }

    /// <summary>Confirms with the password.</summary>
    public async Task<PasswordCheck> ConfirmAsync(string password, CancellationToken cancellation)
    {
        var caller = await guard.RequireChange(cancellation);
        await using var db = await databases.CreateDbContextAsync(cancellation);
        var user = await db.Users.AsNoTracking().SingleAsync(u => u.Id == caller.PersonId, cancellation);
        var check = await passwords.CheckAsync(user, password, caller, cancellation);
        if (check == PasswordCheck.Locked) return check;
        db.Audit(caller, "account.confirm", "user", user.Id, user.DisplayName, check == PasswordCheck.Wrong ? new { reason = "wrong password" } : null,
            outcome: check == PasswordCheck.Right ? AuditOutcome.Done : AuditOutcome.Failed);
        await db.SaveChangesAsync(cancellation);
        if (check == PasswordCheck.Right) await MarkAsync(db, caller, cancellation);
        return check;
    }

    /// <summary>Notes that the caller has just proved who they are.</summary>
    public async Task MarkAsync(AppDbContext db, Caller caller, CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        await db.Set<SignInSession>().Where(s => s.Id == caller.SessionId && s.ImpersonatorId == null).ExecuteUpdateAsync(set => set.SetProperty(s => s.ProvedAt, now), cancellation);
    }

    /// <summary>Notes that the caller's sign-in, however it began, has now shown the second factor <paramref name="method"/>.</summary>
    public static Task<int> StrengthenAsync(AppDbContext db, Caller caller, SignInMethod method, CancellationToken cancellation) =>
        db.Set<SignInSession>().Where(s => s.Id == caller.SessionId && SignInMethods.Weak.Contains(s.Method)).ExecuteUpdateAsync(set => set.SetProperty(s => s.Method, method), cancellation);

    /// <summary>True if the caller's role demands a second factor that they have and this sign-in has not shown.</summary>
    internal Task<bool> LacksOwnFactorAsync(AppDbContext db, Caller caller, CancellationToken cancellation) => recent.LacksOwnFactorAsync(db, caller, cancellation);
}
