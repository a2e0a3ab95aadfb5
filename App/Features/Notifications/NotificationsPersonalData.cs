using BlazorAdmin.Data;
using BlazorAdmin.Features.Account.PersonalData;
using BlazorAdmin.Features.Settings;

namespace BlazorAdmin.Features.Notifications;

/// <summary>Messages to somebody, what they read and how they want to hear of things. Messages that they wrote stay, without the writer.</summary>
public sealed class NotificationsPersonalData : IPersonalData
{
    public string Name => "notifications";

    public IReadOnlyCollection<Type> Entities { get; } = [typeof(Notification), typeof(NotificationRead), typeof(NotificationPreference), typeof(NotificationHours)];

    public async Task<int> CountAsync(AppDbContext db, Guid userId, CancellationToken cancellation)
    {
        var tenant = await db.TenantOfAsync(userId, cancellation);
        return await db.Set<Notification>().CountAsync(n => n.TenantId == tenant && n.UserId == userId, cancellation);
    }

    public async Task ExportAsync(AppDbContext db, Guid userId, PersonalArchive archive, CancellationToken cancellation)
    {
        var tenant = await db.TenantOfAsync(userId, cancellation);
        await archive.WriteAsync(Name, db.Set<Notification>().AsNoTracking().Where(n => n.TenantId == tenant && (n.UserId == userId || n.SenderId == userId)).OrderBy(n => n.Id)
            .Select(n => new { n.CreatedAt, n.Kind, n.Title, n.Body, n.Url, WrittenByYou = n.SenderId == userId, ReadAt = db.Set<NotificationRead>().Where(r => r.NotificationId == n.Id && r.UserId == userId).Select(r => (DateTimeOffset?)r.ReadAt).FirstOrDefault() })
            .AsAsyncEnumerable(), cancellation);
        await archive.WriteAsync("notification-preferences", db.Set<NotificationPreference>().AsNoTracking().Where(p => p.UserId == userId).Select(p => new { p.Kind, p.InApp, p.Mail }).AsAsyncEnumerable(), cancellation);
        await archive.WriteAsync("notification-hours", db.Set<NotificationHours>().AsNoTracking().Where(h => h.UserId == userId).Select(h => new { h.QuietFrom, h.QuietUntil, h.DigestAt }).AsAsyncEnumerable(), cancellation);
    }

    public async Task EraseAsync(AppDbContext db, PersonalErasure erasure, CancellationToken cancellation)
    {
        var (id, tenant) = (erasure.UserId, erasure.Caller.TenantId);
        await db.Set<NotificationRead>().Where(r => r.UserId == id).ExecuteDeleteAsync(cancellation);
        await db.Set<Notification>().Where(n => n.TenantId == tenant && n.UserId == id).OrderBy(n => n.Id).InPartsAsync(part => part.ExecuteDeleteAsync(cancellation));
        await db.Set<NotificationPreference>().Where(p => p.UserId == id).ExecuteDeleteAsync(cancellation);
        await db.Set<NotificationHours>().Where(h => h.UserId == id).ExecuteDeleteAsync(cancellation);
        if (await db.Set<SystemValue>().FindAsync([NotificationMailer.MarkOf(id)], cancellation) is { } mark) db.Remove(mark);
        await db.Set<Notification>().Where(n => n.TenantId == tenant && n.SenderId == id).OrderBy(n => n.Id).InPartsAsync(part => part.ExecuteUpdateAsync(set => set.SetProperty(n => n.SenderId, (Guid?)null), cancellation));
    }
}
