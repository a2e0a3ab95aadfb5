using BlazorAdmin.Data;
using BlazorAdmin.Features.Audit;
using BlazorAdmin.Security;

namespace BlazorAdmin.Features.Users;

/// <summary>Sign-ins now and in the last 24 hours.</summary>
public sealed record SignInSummary(int People, int Sessions, int SignIns, int Failures);

public sealed class SignInStatistics(IDbContextFactory<AppDbContext> databases, Guard guard, TimeProvider time)
{
    public async Task<SignInSummary> SummaryAsync(CancellationToken cancellation)
    {
        var caller = await guard.Require(UsersPermissions.Read, cancellation);
        var now = time.GetUtcNow();
        var dayAgo = now.AddDays(-1);
        await using var db = await databases.CreateDbContextAsync(cancellation);
        var open = db.Set<SignInSession>().Where(s => s.TenantId == caller.TenantId && s.EndedAt == null && s.ExpiresAt > now && s.ImpersonatorId == null);
        return new SignInSummary(
            await open.Select(s => s.UserId).Distinct().CountAsync(cancellation),
            await open.CountAsync(cancellation),
            await db.Set<SignInSession>().CountAsync(s => s.TenantId == caller.TenantId && s.CreatedAt > dayAgo && s.ImpersonatorId == null, cancellation),
            await db.Set<AuditEntry>().CountAsync(e => e.TenantId == caller.TenantId && e.Action == "account.sign_in" && e.Outcome == AuditOutcome.Failed && e.At > dayAgo, cancellation));
    }
}
