using BlazorAdmin.Data;
using BlazorAdmin.Features.Audit;
using BlazorAdmin.Live;
using BlazorAdmin.Security;
using Microsoft.Extensions.Localization;

namespace BlazorAdmin.Features.Notifications;

/// <summary>A person's notifications, and messages from person to person. Slices add theirs with <c>db.Notify(...)</c>.</summary>
public sealed class Notifications(IDbContextFactory<AppDbContext> databases, Guard guard, Topic<NotificationsChanged> topic, IStringLocalizerFactory localizers, TimeProvider time)
{
    /// <summary>Counting stops here; more are shown as "99+".</summary>
    public const int CountLimit = 100;

    /// <summary>How many the person has not read, at most <see cref="CountLimit"/>.</summary>
    public async Task<int> CountUnreadAsync(CancellationToken cancellation = default)
    {
        var caller = await guard.RequireSignedIn(cancellation);
        if (caller.ImpersonatorId is not null) return 0;
        await using var db = await databases.CreateDbContextAsync(cancellation);
        var found = await NotificationQueries.Visible(db, caller.TenantId, caller.PersonId, CountLimit, unreadOnly: true).CountAsync(cancellation);
        return Math.Min(found, CountLimit);
    }

    /// <summary>The names of the person's roles: whom a message to a role concerns.</summary>
    public async Task<IReadOnlySet<string>> RolesAsync(CancellationToken cancellation = default)
    {
        var caller = await guard.RequireSignedIn(cancellation);
        await using var db = await databases.CreateDbContextAsync(cancellation);
        var names = await (from link in db.UserRoles join role in db.Roles on link.RoleId equals role.Id where link.UserId == caller.PersonId select role.Name).ToListAsync(cancellation);
        return names.OfType<string>().ToHashSet();
    }

    /// <summary>The person's notifications, newest first.</summary>
    /// <param name="before">Only older than this id; null from the newest.</param>
    public async Task<IReadOnlyList<NotificationItem>> ListAsync(int limit, long? before = null, bool unreadOnly = false, CancellationToken cancellation = default)
    {
        var caller = await guard.RequireSignedIn(cancellation);
        // Letters are for who they are written to, also while somebody looks as them.
        if (caller.ImpersonatorId is not null) return [];
        var me = caller.PersonId;
        await using var db = await databases.CreateDbContextAsync(cancellation);
        var rows = await NotificationQueries.Visible(db, caller.TenantId, me, limit, before, unreadOnly).OrderByDescending(n => n.Id).Take(limit)
            .Select(n => new
            {
                Notification = n,
                Sender = db.Users.Where(u => u.Id == n.SenderId).Select(u => u.DisplayName).FirstOrDefault(),
                IsRead = db.Set<NotificationRead>().Any(r => r.UserId == me && r.NotificationId == n.Id) || db.Set<NotificationPreference>().Any(p => p.UserId == me && p.Kind == n.Kind && !p.InApp),
            }).ToListAsync(cancellation);
        return [.. rows.Select(row =>
        {
            var n = row.Notification;
            var (title, body) = NotificationText.Read(n, localizers);
            return new NotificationItem(n.Id, n.Kind, n.Level, title, body, n.Url, row.Sender, n is { UserId: null, Role: null }, n.Role, n.CreatedAt, row.IsRead);
        })];
    }

    /// <summary>Marks one as read; one that is not the person's, or read already, changes nothing.</summary>
    public async Task MarkReadAsync(long id, CancellationToken cancellation = default)
    {
        var caller = await guard.RequireChange(cancellation);
        await using var db = await databases.CreateDbContextAsync(cancellation);
        await MarkAsync(db, caller, await NotificationQueries.Visible(db, caller.TenantId, caller.PersonId, 1, id + 1, unreadOnly: true).Where(n => n.Id == id).Select(n => n.Id).ToListAsync(cancellation), cancellation);
    }

    /// <summary>Marks everything that is there now as read.</summary>
    public async Task MarkAllReadAsync(CancellationToken cancellation = default)
    {
        var caller = await guard.RequireChange(cancellation);
        const int page = 500;
        while (true)
        {
            await using var db = await databases.CreateDbContextAsync(cancellation);
            var unread = await NotificationQueries.Visible(db, caller.TenantId, caller.PersonId, page, unreadOnly: true).Select(n => n.Id).ToListAsync(cancellation);
            await MarkAsync(db, caller, unread, cancellation);
            if (unread.Count < page) return;
        }
    }

    /// <summary>Sends a notification in a transaction of its own; a command that has one uses <c>db.Notify</c>.</summary>
    public async Task NotifyAsync(Caller caller, Audience audience, string kind, NotificationLevel level, NotificationText text, string? url = null, CancellationToken cancellation = default)
    {
        await using var db = await databases.CreateDbContextAsync(cancellation);
        db.Notify(caller, audience, kind, level, text, url);
        await db.SaveChangesAsync(cancellation);
    }

    /// <summary>The roles that a message can be sent to.</summary>
    /// <exception cref="ForbiddenException">Without <see cref="NotificationsPermissions.Send"/>.</exception>
    public async Task<IReadOnlyList<string>> AudienceRolesAsync(CancellationToken cancellation = default)
    {
        var caller = await guard.Require(NotificationsPermissions.Send, cancellation);
        await using var db = await databases.CreateDbContextAsync(cancellation);
        return await db.Roles.Where(r => r.TenantId == caller.TenantId && r.Name != null).OrderBy(r => r.Name).Select(r => r.Name!).ToListAsync(cancellation);
    }

    /// <summary>A message from the signed-in person.</summary>
    /// <exception cref="ForbiddenException">Without <see cref="NotificationsPermissions.Send"/>.</exception>
    public async Task SendMessageAsync(Audience audience, NotificationLevel level, string title, string? body, CancellationToken cancellation = default)
    {
        var caller = await guard.Require(NotificationsPermissions.Send, cancellation);
        await using var db = await databases.CreateDbContextAsync(cancellation);
        var message = db.Notify(caller, audience, "messages.sent", level, NotificationText.Plain(title.Trim(), string.IsNullOrWhiteSpace(body) ? null : body.Trim()));
        message.SenderId = caller.UserId;
        db.Audit(caller, "messages.send", "message", subjectName: title.Trim(), detail: new { audience.UserId, audience.Role, Everybody = audience == Audience.Everybody, body });
        await db.SaveChangesAsync(cancellation);
    }

    private async Task MarkAsync(AppDbContext db, Caller caller, List<long> ids, CancellationToken cancellation)
    {
        if (ids.Count == 0) return;
        var now = time.GetUtcNow();
        db.AddRange(ids.Select(id => new NotificationRead { NotificationId = id, UserId = caller.PersonId, ReadAt = now }));
        try
        {
            await db.SaveChangesAsync(cancellation);
        }
        catch (DbUpdateException)
        {
            // Read in another window at the same moment, or deleted meanwhile: one by one, what is left.
            await MarkSinglyAsync(caller, ids, now, cancellation);
        }

        topic.Publish(new NotificationsChanged(null, caller.TenantId, caller.PersonId, null));
    }

    private async Task MarkSinglyAsync(Caller caller, List<long> ids, DateTimeOffset now, CancellationToken cancellation)
    {
        foreach (var id in ids)
        {
            await using var db = await databases.CreateDbContextAsync(cancellation);
            if (!await db.Set<Notification>().AnyAsync(n => n.Id == id, cancellation)
                || await db.Set<NotificationRead>().AnyAsync(r => r.NotificationId == id && r.UserId == caller.PersonId, cancellation)) continue;
            db.Add(new NotificationRead { NotificationId = id, UserId = caller.PersonId, ReadAt = now });
            await db.SaveChangesAsync(cancellation);
        }
    }
}
