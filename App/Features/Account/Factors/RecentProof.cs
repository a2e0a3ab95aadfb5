using BlazorAdmin.Data;
using BlazorAdmin.Security;

namespace BlazorAdmin.Features.Account.Factors;

/// <summary>Whether somebody proved who they are within the last minutes: what commands ask that give power away, take protection from others or open doors.</summary>
public sealed class RecentProof(FactorRule rule, TimeProvider time)
{
    public static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(5);

    /// <summary>Never true for somebody who looks at the portal as another person; the portal itself need not prove anything.</summary>
    public async Task<bool> IsFreshAsync(AppDbContext db, Caller caller, CancellationToken cancellation)
    {
        if (caller.IsPortal) return true;
        var oldest = time.GetUtcNow() - Lifetime;
        var proved = await db.Set<SignInSession>().AnyAsync(s => s.Id == caller.SessionId && s.EndedAt == null && s.ProvedAt > oldest && s.ImpersonatorId == null, cancellation);
        return proved && !await LacksOwnFactorAsync(db, caller, cancellation);
    }

    /// <summary>True if the caller's role demands a second factor that they have and this sign-in has not shown.</summary>
    internal async Task<bool> LacksOwnFactorAsync(AppDbContext db, Caller caller, CancellationToken cancellation) =>
        await db.Set<SignInSession>().AnyAsync(s => s.Id == caller.SessionId && SignInMethods.Weak.Contains(s.Method), cancellation)
        && await db.Users.AnyAsync(u => u.Id == caller.PersonId && (u.AuthenticatorSince != null || db.UserPasskeys.Any(p => p.UserId == u.Id)), cancellation)
        && await rule.IsRequiredAsync(db, caller.PersonId, cancellation);
}
