using BlazorAdmin.Data;
using Microsoft.Extensions.Options;

namespace BlazorAdmin.Features.Notifications;

/// <summary>Deletes notifications whose time is over, once an hour.</summary>
public sealed class NotificationCleanUp(IDbContextFactory<AppDbContext> databases, DatabaseState database, IOptionsMonitor<NotificationsOptions> options, TimeProvider time, ILogger<NotificationCleanUp> log)
    : PeriodicService(database, TimeSpan.FromHours(1), time)
{
    private const int Page = 1_000;

    protected override async Task TickAsync(CancellationToken cancellation)
    {
        var deleted = await DeleteAsync(cancellation);
        if (deleted > 0) NotificationsLog.CleanedUp(log, deleted);
    }

    protected override void Report(Exception exception) => NotificationsLog.CleanUpFailed(log, exception);

    internal async Task<int> DeleteAsync(CancellationToken cancellation)
    {
        var oldest = Time.GetUtcNow().AddDays(-options.CurrentValue.RetentionDays);
        await using var db = await databases.CreateDbContextAsync(cancellation);
        var total = 0;
        while (true)
        {
            var ids = await db.Set<Notification>().Where(n => n.CreatedAt < oldest).OrderBy(n => n.CreatedAt).Select(n => n.Id).Take(Page).ToListAsync(cancellation);
            if (ids.Count > 0) total += await db.Set<Notification>().Where(n => ids.Contains(n.Id)).ExecuteDeleteAsync(cancellation);
            if (ids.Count < Page) return total;
        }
    }
}
