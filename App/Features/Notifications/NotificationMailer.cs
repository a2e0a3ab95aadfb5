using System.Globalization;
using BlazorAdmin.Data;
using BlazorAdmin.Features.Mail;
using BlazorAdmin.Features.Settings;
using BlazorAdmin.Features.Users;
using BlazorAdmin.Security;
using BlazorAdmin.Shell;
using Microsoft.Extensions.Localization;

namespace BlazorAdmin.Features.Notifications;

/// <summary>
/// Mails notifications to those who want it: at once outside quiet hours, or with the daily mail. Mail and mark commit together, under
/// a lock of all nodes: after a crash nothing is mailed twice and nothing is forgotten.
/// </summary>
public sealed class NotificationMailer(
    IDbContextFactory<AppDbContext> databases, IDatabaseDialect dialect, DatabaseState database, MailOutbox outbox, IEnumerable<NotificationKind> kinds, IStringLocalizerFactory localizers,
    TimeProvider time, ILogger<NotificationMailer> log) : BackgroundService
{
    /// <summary>Most notifications in one mail; the portal has the rest.</summary>
    public const int Most = 50;

    private const int People = 500;
    private const string Lock = "blazoradmin.notifications.mail";

    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(30);

    // A notification is dated as it is saved and seen once it is committed: until then the mark must not pass it.
    private static readonly TimeSpan Settling = TimeSpan.FromSeconds(10);

    // What waited while there was no mail server is no news after a while.
    private static readonly TimeSpan OldestAtOnce = TimeSpan.FromHours(24);
    private static readonly TimeSpan OldestDigest = TimeSpan.FromDays(3);

    private readonly List<string> _security = [.. kinds.Where(k => k.IsSecurity).Select(k => k.Name)];

    internal static string MarkOf(Guid userId) => $"Notifications.AtOnce.{userId:N}";

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            await database.WhenReady(stoppingToken);
            using var timer = new PeriodicTimer(Interval, time);
            do await TickAsync(stoppingToken);
            while (await timer.WaitForNextTickAsync(stoppingToken));
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            return; // the next start goes on
        }
    }

    private async Task TickAsync(CancellationToken cancellation)
    {
        try
        {
            await MailAsync(cancellation);
        }
        catch (Exception exception) when (!cancellation.IsCancellationRequested)
        {
            NotificationsLog.MailFailed(log, exception);
        }
    }

    /// <returns>How many mails were written.</returns>
    internal async Task<int> MailAsync(CancellationToken cancellation)
    {
        if (!outbox.CanSendLinks) return 0;
        await using var holder = await databases.CreateDbContextAsync(cancellation);
        await holder.Database.OpenConnectionAsync(cancellation);
        await using var held = await dialect.LockAsync(holder.Database.GetDbConnection(), Lock, cancellation);
        var (written, last) = (0, Guid.Empty);
        while (await PeopleAsync(holder, last, cancellation) is { Count: > 0 } people)
        {
            foreach (var person in people) written += await MailAsync(person, cancellation);
            last = people[^1];
        }

        return written;
    }

    // Those who asked for mail, and those about whose account something happened.
    private Task<List<Guid>> PeopleAsync(AppDbContext db, Guid after, CancellationToken cancellation)
    {
        var since = time.GetUtcNow() - OldestAtOnce;
        return db.Users.Where(u => u.DeactivatedAt == null && u.Email != null && u.Id > after)
            .Where(u => db.Set<NotificationPreference>().Any(p => p.UserId == u.Id && p.Mail != NotificationMail.Never)
                || db.Set<Notification>().Any(n => n.UserId == u.Id && n.CreatedAt > since && _security.Contains(n.Kind)))
            .OrderBy(u => u.Id).Select(u => u.Id).Take(People).ToListAsync(cancellation);
    }

    private async Task<int> MailAsync(Guid userId, CancellationToken cancellation)
    {
        await using var db = await databases.CreateDbContextAsync(cancellation);
        var now = time.GetUtcNow() - Settling;
        var user = await db.Users.AsNoTracking().SingleAsync(u => u.Id == userId, cancellation);
        var preferences = new OwnPreferences(user.Theme, user.Density, user.Language, user.TimeZone).Over(await RolePreferences.OfAsync(db, userId, cancellation));
        var zone = preferences.TimeZone is { } name && TimeZoneInfo.TryFindSystemTimeZoneById(name, out var found) ? found : TimeZoneInfo.Utc;
        var chosen = await db.Set<NotificationPreference>().AsNoTracking().Where(p => p.UserId == userId).ToListAsync(cancellation);
        var hours = await db.Set<NotificationHours>().FindAsync([userId], cancellation);
        if (hours is null) db.Add(hours = new NotificationHours { UserId = userId, DigestAt = NotificationChoices.UsualDigest, MailedUntil = now - OldestDigest });
        var mark = await db.Set<SystemValue>().FindAsync([MarkOf(userId)], cancellation);
        if (mark is null) db.Add(mark = new SystemValue { Key = MarkOf(userId), ChangedAt = now - OldestAtOnce });

        var written = 0;
        var quiet = NotificationClock.IsQuiet(hours.QuietFrom, hours.QuietUntil, NotificationClock.MinuteOf(now, zone));
        var atOnce = Kinds(NotificationMail.AtOnce);
        // What concerns the account waits for no morning; the rest of the night comes after it, so the mark stays.
        var due = await NewAsync(db, user, Later(Read(mark.Value) ?? mark.ChangedAt, now - OldestAtOnce), now, quiet ? _security : [.. atOnce, .. _security], cancellation);
        due = [.. due.Where(n => !_security.Contains(n.Kind) || n.Id > LastNightly(mark.Value))];
        if (due.Count > 0) written += await WriteAsync(db, user, preferences, due, digest: false, cancellation);
        if (!quiet) (mark.Value, mark.ChangedAt) = (null, Later(mark.ChangedAt, now));
        else if (due.Count > 0) mark.Value = string.Create(CultureInfo.InvariantCulture, $"{due.Max(n => n.Id)} {(Read(mark.Value) ?? mark.ChangedAt):O}");

        var last = NotificationClock.LastDigest(now, zone, hours.DigestAt);
        if (last > hours.MailedUntil)
        {
            var daily = await NewAsync(db, user, Later(hours.MailedUntil, now - OldestDigest), last, Kinds(NotificationMail.Digest), cancellation);
            if (daily.Count > 0) written += await WriteAsync(db, user, preferences, daily, digest: true, cancellation);
            hours.MailedUntil = last;
        }

        await db.SaveChangesAsync(cancellation);
        return written;

        List<string> Kinds(NotificationMail mail) => [.. chosen.Where(p => p.Mail == mail && !_security.Contains(p.Kind)).Select(p => p.Kind)];
    }

    // The mark of a night: the last notification that was mailed in spite of it, and until when everything was mailed before it.
    private static long LastNightly(string? mark) => mark is null ? 0 : long.Parse(mark.Split(' ')[0], CultureInfo.InvariantCulture);

    private static DateTimeOffset? Read(string? mark) => mark is null ? null : DateTimeOffset.Parse(mark.Split(' ')[1], CultureInfo.InvariantCulture);

    private static DateTimeOffset Later(DateTimeOffset one, DateTimeOffset other) => one > other ? one : other;

    private static async Task<IReadOnlyList<Notification>> NewAsync(AppDbContext db, User user, DateTimeOffset after, DateTimeOffset until, List<string> kinds, CancellationToken cancellation) => kinds.Count == 0
        ? []
        : await NotificationQueries.Visible(db, user.TenantId, user.Id, 5 * Most).Where(n => n.CreatedAt > after && n.CreatedAt <= until && kinds.Contains(n.Kind))
            .Where(n => !db.Set<NotificationRead>().Any(r => r.UserId == user.Id && r.NotificationId == n.Id)).OrderBy(n => n.Id).Take(Most).ToListAsync(cancellation);

    private async Task<int> WriteAsync(AppDbContext db, User user, OwnPreferences preferences, IReadOnlyList<Notification> due, bool digest, CancellationToken cancellation)
    {
        var before = (CultureInfo.CurrentCulture, CultureInfo.CurrentUICulture);
        if (Languages.Find(preferences.Language) is { } culture) CultureInfo.CurrentCulture = CultureInfo.CurrentUICulture = culture;
        List<IReadOnlyDictionary<string, string>> rows;
        try
        {
            rows = [.. due.Select(n => NotificationText.Read(n, localizers)).Select(text => (IReadOnlyDictionary<string, string>)new Dictionary<string, string> { ["title"] = text.Title, ["body"] = text.Body ?? "" })];
        }
        finally
        {
            (CultureInfo.CurrentCulture, CultureInfo.CurrentUICulture) = before;
        }

        var model = new MailModel().With("count", due.Count.ToString(CultureInfo.InvariantCulture)).With("daily", digest).With("items", rows).With("link", outbox.LinkTo("notifications"));
        await outbox.SendAsync(db, Caller.Portal with { TenantId = user.TenantId }, MailTemplates.NotificationDigest, model, new MailRecipient(user.Email!, user.DisplayName, preferences.Language, user.Id), cancellation);
        return 1;
    }
}
