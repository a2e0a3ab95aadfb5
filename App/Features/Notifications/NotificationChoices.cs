using BlazorAdmin.Data;
using BlazorAdmin.Features.Audit;
using BlazorAdmin.Features.Mail;
using BlazorAdmin.Security;
using Microsoft.Extensions.Localization;

namespace BlazorAdmin.Features.Notifications;

/// <summary>How somebody hears of one kind.</summary>
/// <param name="Fixed">Always shown and mailed at once.</param>
public sealed record KindChoice(string Kind, string Title, bool InApp, NotificationMail Mail, bool Fixed);

/// <summary>How somebody hears of things.</summary>
/// <param name="QuietFrom">Minutes after midnight in the person's time zone; null with <paramref name="QuietUntil"/>: no quiet hours.</param>
/// <param name="DigestAt">Likewise, when the daily mail goes.</param>
public sealed record NotificationSettings(IReadOnlyList<KindChoice> Kinds, int? QuietFrom, int? QuietUntil, int DigestAt)
{
    /// <summary>False: no mail server or no public address is configured, so that nothing is mailed for now.</summary>
    public bool CanMail { get; init; }
}

/// <summary>What people choose for themselves; without a choice everything is shown and only what concerns security is mailed.</summary>
public sealed class NotificationChoices(
    IDbContextFactory<AppDbContext> databases, Guard guard, IEnumerable<NotificationKind> kinds, IStringLocalizerFactory localizers, MailOutbox outbox, TimeProvider time)
{
    public const int UsualDigest = 7 * 60;
    private const int Day = 24 * 60;

    public async Task<NotificationSettings> GetAsync(CancellationToken cancellation)
    {
        var caller = await guard.RequireSignedIn(cancellation);
        await using var db = await databases.CreateDbContextAsync(cancellation);
        var chosen = await db.Set<NotificationPreference>().AsNoTracking().Where(p => p.UserId == caller.PersonId).ToDictionaryAsync(p => p.Kind, cancellation);
        var hours = await db.Set<NotificationHours>().AsNoTracking().SingleOrDefaultAsync(h => h.UserId == caller.PersonId, cancellation);
        return new NotificationSettings(
            [.. kinds.Select(kind => new KindChoice(kind.Name, localizers.Create(kind.Texts)[kind.TitleKey],
                kind.IsSecurity || (chosen.GetValueOrDefault(kind.Name)?.InApp ?? true),
                kind.IsSecurity ? NotificationMail.AtOnce : chosen.GetValueOrDefault(kind.Name)?.Mail ?? NotificationMail.Never, kind.IsSecurity)).OrderBy(k => k.Title, StringComparer.CurrentCulture)],
            hours?.QuietFrom, hours?.QuietUntil, hours?.DigestAt ?? UsualDigest) { CanMail = outbox.CanSendLinks };
    }

    /// <summary>Keeps the choices of the kinds that are known; those about security stay as they are.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A time is no minute of a day.</exception>
    public async Task SaveAsync(NotificationSettings settings, CancellationToken cancellation)
    {
        var caller = await guard.RequireChange(cancellation);
        foreach (var minute in new[] { settings.QuietFrom ?? 0, settings.QuietUntil ?? 0, settings.DigestAt })
            if (minute is < 0 or >= Day) throw new ArgumentOutOfRangeException(nameof(settings), minute, "A day has 1,440 minutes.");
        await using var db = await databases.CreateDbContextAsync(cancellation);
        var before = await db.Set<NotificationPreference>().Where(p => p.UserId == caller.PersonId).ToDictionaryAsync(p => p.Kind, cancellation);
        foreach (var kind in kinds.Where(k => !k.IsSecurity))
        {
            if (settings.Kinds.FirstOrDefault(c => c.Kind == kind.Name) is not { } choice) continue;
            if (!before.TryGetValue(kind.Name, out var row))
            {
                if (choice is { InApp: true, Mail: NotificationMail.Never }) continue;
                db.Add(row = new NotificationPreference { UserId = caller.PersonId, Kind = kind.Name });
            }

            (row.InApp, row.Mail) = (choice.InApp, choice.Mail);
        }

        var hours = await db.Set<NotificationHours>().FindAsync([caller.PersonId], cancellation);
        // What came before somebody asked for mail is not mailed.
        if (hours is null) db.Add(hours = new NotificationHours { UserId = caller.PersonId, MailedUntil = time.GetUtcNow() });
        (hours.QuietFrom, hours.QuietUntil, hours.DigestAt) = settings is { QuietFrom: not null, QuietUntil: not null } ? (settings.QuietFrom, settings.QuietUntil, settings.DigestAt) : (null, null, settings.DigestAt);
        db.Audit(caller, "account.notifications", "user", caller.PersonId, detail: new { chosen = settings.Kinds.Where(k => !k.Fixed).Select(k => new { k.Kind, k.InApp, mail = k.Mail.ToString() }) });
        await db.SaveChangesAsync(cancellation);
    }
}
