using BlazorAdmin.Data;

namespace BlazorAdmin.Features.Notifications;

/// <summary>
/// Which notifications a person may see. Each of the three ways to be meant is read by its own index, newest first; one OR
/// over them would read everybody's.
/// </summary>
internal static class NotificationQueries
{
    /// <param name="limit">At most so many of each way, so at least so many in all if there are.</param>
    /// <param name="before">Only older than this id; null from the newest.</param>
    public static IQueryable<Notification> Visible(AppDbContext db, Guid tenant, Guid user, int limit, long? before = null, bool unreadOnly = false)
    {
        var below = before ?? long.MaxValue;
        var all = db.Set<Notification>().AsNoTracking().Where(n => n.TenantId == tenant && n.Id < below);
        if (unreadOnly) all = all.Where(n => !db.Set<NotificationRead>().Any(r => r.UserId == user && r.NotificationId == n.Id))
            .Where(n => !db.Set<NotificationPreference>().Any(p => p.UserId == user && p.Kind == n.Kind && !p.InApp));
        // What was said to everybody before somebody came is not news to them.
        var since = db.Users.Where(u => u.Id == user).Select(u => u.CreatedAt);
        var roles = from link in db.UserRoles join role in db.Roles on link.RoleId equals role.Id where link.UserId == user select role.Name;
        var personal = all.Where(n => n.UserId == user);
        var ofRole = all.Where(n => n.UserId == null && n.Role != null && roles.Contains(n.Role) && since.Any(s => n.CreatedAt >= s));
        var toEverybody = all.Where(n => n.UserId == null && n.Role == null && since.Any(s => n.CreatedAt >= s));
        return Newest(personal).Concat(Newest(ofRole)).Concat(Newest(toEverybody));

        IQueryable<Notification> Newest(IQueryable<Notification> some) => some.OrderByDescending(n => n.Id).Take(limit);
    }
}
