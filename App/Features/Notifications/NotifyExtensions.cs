using BlazorAdmin.Data;
using BlazorAdmin.Security;

namespace BlazorAdmin.Features.Notifications;

public static class NotifyExtensions
{
    /// <summary>
    /// Adds a notification to <paramref name="db"/>: it exists exactly if the caller's own changes commit with it, and shows
    /// in open pages at once. Kept for people who are away.
    /// </summary>
    /// <param name="db">The context that the command saves.</param>
    /// <param name="caller">Who causes it; the notification belongs to their tenant.</param>
    /// <param name="audience">Whom it is for.</param>
    /// <param name="kind"><c>slice.event</c>, for instance <c>documents.ready</c>.</param>
    /// <param name="level">How it is marked.</param>
    /// <param name="text">What it says.</param>
    /// <param name="url">Local path of what it is about.</param>
    /// <returns>The notification; its id is known after saving.</returns>
    public static Notification Notify(this AppDbContext db, Caller caller, Audience audience, string kind, NotificationLevel level, NotificationText text, string? url = null)
    {
        if (url is not null && LocalUrl.Clean(url) != url) throw new ArgumentException("Only a path of the portal can be linked.", nameof(url));
        var notification = new Notification
        {
            TenantId = caller.TenantId,
            UserId = audience.UserId,
            Role = audience.Role,
            Kind = kind,
            Level = level,
            Title = "",
            Url = url,
        };
        text.WriteTo(notification);
        db.Add(notification);
        return notification;
    }
}
