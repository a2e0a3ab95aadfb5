using BlazorAdmin.Data;
using BlazorAdmin.Live;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace BlazorAdmin.Features.Notifications;

/// <summary>Dates notifications as they are saved and tells open pages once they are committed.</summary>
/// <remarks>The topic is asked for late: it needs the bus, which needs the contexts that this belongs to.</remarks>
public sealed class NotificationInterceptor(TimeProvider time, IServiceProvider services) : SaveChangesInterceptor
{
    public override InterceptionResult<int> SavingChanges(DbContextEventData eventData, InterceptionResult<int> result)
    {
        Announce(eventData.Context);
        return result;
    }

    public override ValueTask<InterceptionResult<int>> SavingChangesAsync(DbContextEventData eventData, InterceptionResult<int> result, CancellationToken cancellationToken = default)
    {
        Announce(eventData.Context);
        return ValueTask.FromResult(result);
    }

    private void Announce(DbContext? context)
    {
        if (context is not AppDbContext db) return;
        foreach (var entry in db.ChangeTracker.Entries<Notification>())
        {
            // Dated already: this save is tried a second time.
            if (entry.State != EntityState.Added || entry.Entity.CreatedAt != default) continue;
            var notification = entry.Entity;
            notification.CreatedAt = time.GetUtcNow();
            db.AfterCommit(() => services.GetRequiredService<Topic<NotificationsChanged>>()
                .Publish(new NotificationsChanged(notification.Id, notification.TenantId, notification.UserId, notification.Role)));
        }
    }
}
