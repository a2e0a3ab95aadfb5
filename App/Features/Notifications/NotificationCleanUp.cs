using BlazorAdmin.Data;
using Microsoft.Extensions.Options;

namespace BlazorAdmin.Features.Notifications;

/// <summary>Deletes notifications whose time is over, once an hour, on every node: a second one finds nothing left.</summary>
public sealed class NotificationCleanUp(IDbContextFactory<AppDbContext> databases, DatabaseState database, IOptionsMonitor<NotificationsOptions> options, TimeProvider time, ILogger<NotificationCleanUp> log) : BackgroundService
{
    private const int Page = 1_000;

    private static readonly TimeSpan Interval = TimeSpan.FromHours(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            await database.WhenReady(stoppingToken);
            using var timer = new PeriodicTimer(Interval, time);
            do
            {
                await TickAsync(stoppingToken);
            }
            while (await timer.WaitForNextTickAsync(stoppingToken));
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            NotificationsLog.CleanUpStopped(log);
        }
    }

    private async Task TickAsync(CancellationToken cancellation)
    {
        try
        {
            var deleted = await DeleteAsync(cancellation);
            if (deleted > 0) NotificationsLog.CleanedUp(log, deleted);
        }
        catch (Exception exception) when (!cancellation.IsCancellationRequested)
        {
            NotificationsLog.CleanUpFailed(log, exception);
        }
    }

    internal async Task<int> DeleteAsync(CancellationToken cancellation)
    {
        var oldest = time.GetUtcNow().AddDays(-options.CurrentValue.RetentionDays);
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
