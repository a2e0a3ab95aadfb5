using BlazorAdmin.Data;
using BlazorAdmin.Features.Account.Factors;
using BlazorAdmin.Features.Settings;

namespace BlazorAdmin.Security;

/// <summary>Hourly: forgets failure counters whose window is over, answers of passkeys that nobody can bring again, and sessions and links that ended long ago.</summary>
public sealed class SignInCleaner(IDbContextFactory<AppDbContext> databases, SignInThrottle throttle, DatabaseState database, TimeProvider time, ILogger<SignInCleaner> log)
    : PeriodicService(database, TimeSpan.FromHours(1), time)
{
    private static readonly TimeSpan Keep = TimeSpan.FromDays(90);

    protected override async Task TickAsync(CancellationToken cancellation)
    {
        await throttle.CleanAsync(cancellation);
        var oldest = Time.GetUtcNow() - Keep;
        await using var db = await databases.CreateDbContextAsync(cancellation);
        await db.Set<SignInSession>().Where(s => s.ExpiresAt < oldest).ExecuteDeleteAsync(cancellation);
        var day = Time.GetUtcNow().AddDays(-1);
        await db.Set<SystemValue>().Where(v => v.Key.StartsWith(PasskeyCeremonies.UsedPrefix) && v.ChangedAt < day).ExecuteDeleteAsync(cancellation);
        await db.Set<SignInLink>().Where(l => l.ExpiresAt < oldest).ExecuteDeleteAsync(cancellation);
    }

    protected override void Report(Exception exception) => SecurityLog.CleaningFailed(log, exception);
}
