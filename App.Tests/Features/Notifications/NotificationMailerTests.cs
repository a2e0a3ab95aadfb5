using System.Text.RegularExpressions;
using BlazorAdmin.Data;
using BlazorAdmin.Data.Keys;
using BlazorAdmin.Features.Mail;
using BlazorAdmin.Features.Notifications;
using BlazorAdmin.Features.Settings;
using BlazorAdmin.Features.Users;
using BlazorAdmin.Security;
using BlazorAdmin.Tests.Features.Settings;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Localization;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace BlazorAdmin.Tests.Features.Notifications;

/// <summary>How people choose to hear of things, and what is mailed to them: once, in their language, not in their quiet hours.</summary>
public sealed partial class NotificationMailerTests(PortalFixture fixture) : IClassFixture<PortalFixture>
{
    [Fact]
    public async Task Mail_AtOnceDigestAndQuiet_EachOnce()
    {
        var person = await PersonAsync("mailed@example.org", (Sent, NotificationMail.AtOnce), ("documents.ready", NotificationMail.Digest));
        await NotifyAsync(person.Id, Sent, "Come to the meeting");
        await NotifyAsync(person.Id, "documents.ready", "report.pdf is ready");
        await NotifyAsync(person.Id, "documents.problem", "Nobody mails this");
        var soon = Later(TimeSpan.FromSeconds(20));

        await MailAsync(soon);
        await MailAsync(soon);

        var first = (await MailsAsync(person.Id)).ShouldHaveSingleItem();
        first.Text.ShouldContain("Come to the meeting");
        first.Text.ShouldNotContain("report.pdf");
        first.Text.ShouldContain("https://portal.example.org/notifications");
        await MailAsync(Later(TimeSpan.FromHours(25)));
        await MailAsync(Later(TimeSpan.FromHours(25)));
        var both = await MailsAsync(person.Id);
        both.Count.ShouldBe(2);
        both[1].Text.ShouldContain("report.pdf is ready");
        both[1].Text.ShouldNotContain("Nobody mails this");
        both[1].Text.ShouldNotContain("Come to the meeting");
    }

    [Fact]
    public async Task Mail_InQuietHours_WaitsButSecurityDoesNot()
    {
        var person = await PersonAsync("quiet@example.org", (Sent, NotificationMail.AtOnce));
        var minute = NotificationClock.MinuteOf(DateTimeOffset.UtcNow, TimeZoneInfo.Utc);
        await HoursAsync(person.Id, (minute + 1380) % 1440, (minute + 120) % 1440);
        await NotifyAsync(person.Id, Sent, "Not at night");
        await NotifyAsync(person.Id, "account.security", "Your password changed");

        await MailAsync(Later(TimeSpan.FromSeconds(20)));
        await MailAsync(Later(TimeSpan.FromSeconds(40)));

        (await MailsAsync(person.Id)).ShouldHaveSingleItem().Text.ShouldSatisfyAllConditions(t => t.ShouldContain("Your password changed"), t => t.ShouldNotContain("Not at night"));
        await HoursAsync(person.Id, null, null);
        await MailAsync(Later(TimeSpan.FromSeconds(60)));
        (await MailsAsync(person.Id)).Last().Text.ShouldContain("Not at night");
    }

    [Fact]
    public async Task Security_NobodyChoseAnything_IsMailedInThePersonsLanguage()
    {
        var person = await fixture.AddUserAsync("unaware@example.org", Roles.Member);
        await fixture.QueryAsync(db => db.Users.Where(u => u.Id == person.Id).ExecuteUpdateAsync(set => set.SetProperty(u => u.Language, "de")));
        await NotifyAsync(person.Id, "account.security", "Passwort");

        await MailAsync(Later(TimeSpan.FromSeconds(20)));

        (await MailsAsync(person.Id)).ShouldHaveSingleItem().Text.ShouldContain("Guten Tag");
    }

    [Fact]
    public async Task Save_KindNotShown_RingsNoBellAndSecurityStays()
    {
        var person = await PersonAsync("deaf@example.org");
        await using var acting = await fixture.ActAsAsync("deaf@example.org");
        var choices = acting.Get<NotificationChoices>();
        var settings = await choices.GetAsync(default);
        await choices.SaveAsync(settings with { Kinds = [.. settings.Kinds.Select(k => k with { InApp = false, Mail = NotificationMail.Never, Fixed = false })] }, default);
        await NotifyAsync(person.Id, Sent, "Unheard");
        await NotifyAsync(person.Id, "account.security", "Heard");

        (await acting.Get<BlazorAdmin.Features.Notifications.Notifications>().CountUnreadAsync()).ShouldBe(1);
        var list = await acting.Get<BlazorAdmin.Features.Notifications.Notifications>().ListAsync(10);
        list.Single(n => n.Title == "Unheard").IsRead.ShouldBeTrue();
        list.Single(n => n.Title == "Heard").IsRead.ShouldBeFalse();
        var after = await choices.GetAsync(default);
        after.Kinds.Single(k => k.Kind == "account.security").ShouldSatisfyAllConditions(k => k.InApp.ShouldBeTrue(), k => k.Mail.ShouldBe(NotificationMail.AtOnce), k => k.Fixed.ShouldBeTrue());
        after.Kinds.Single(k => k.Kind == Sent).InApp.ShouldBeFalse();
        await Should.ThrowAsync<ArgumentOutOfRangeException>(() => choices.SaveAsync(after with { DigestAt = 1440 }, default));
    }

    [Fact]
    public void Kinds_ThatAreSent_AreRegistered()
    {
        var registered = fixture.Services.GetServices<NotificationKind>().Select(k => k.Name).ToHashSet();
        var sent = Directory.EnumerateFiles(Path.Combine(Repository.Root, "App"), "*.cs", SearchOption.AllDirectories).Where(file => !file.Contains("/obj/", StringComparison.Ordinal))
            .SelectMany(file => Kind().Matches(File.ReadAllText(file)).Select(m => m.Groups[1].Value)).Distinct().ToList();

        sent.Count.ShouldBeGreaterThan(5);
        sent.Except(registered).ShouldBeEmpty("register these with portal.NotificationKind, so that people can choose how to hear of them");
    }

    private const string Sent = "messages.sent";

    private static DateTimeOffset Later(TimeSpan by) => DateTimeOffset.UtcNow + by;

    private async Task<User> PersonAsync(string email, params (string Kind, NotificationMail Mail)[] chosen)
    {
        var person = await fixture.AddUserAsync(email, Roles.Member);
        await using var db = await fixture.Services.GetRequiredService<IDbContextFactory<AppDbContext>>().CreateDbContextAsync();
        db.AddRange(chosen.Select(c => new NotificationPreference { UserId = person.Id, Kind = c.Kind, InApp = true, Mail = c.Mail }));
        db.Add(new NotificationHours { UserId = person.Id, DigestAt = (NotificationClock.MinuteOf(DateTimeOffset.UtcNow, TimeZoneInfo.Utc) + 720) % 1440, MailedUntil = DateTimeOffset.UtcNow });
        await db.SaveChangesAsync();
        return person;
    }

    private Task<int> HoursAsync(Guid person, int? from, int? until) => fixture.QueryAsync(db =>
        db.Set<NotificationHours>().Where(h => h.UserId == person).ExecuteUpdateAsync(set => set.SetProperty(h => h.QuietFrom, from).SetProperty(h => h.QuietUntil, until)));

    private async Task NotifyAsync(Guid person, string kind, string title)
    {
        await using var db = await fixture.Services.GetRequiredService<IDbContextFactory<AppDbContext>>().CreateDbContextAsync();
        db.Notify(Caller.Portal, Audience.Person(person), kind, NotificationLevel.Info, NotificationText.Plain(title));
        await db.SaveChangesAsync();
    }

    /// <summary>As a node would whose clock stands at <paramref name="now"/>.</summary>
    private async Task MailAsync(DateTimeOffset now)
    {
        await using var admin = await fixture.ActAsAsync(PortalFixture.AdminEmail);
        var outbox = fixture.Services.GetRequiredService<MailOutbox>();
        if (!outbox.CanSendLinks)
        {
            // A server that takes no mail: what is written waits, which is all that is looked at.
            (await admin.Get<SettingsService>().ApplyAsync([new SettingEdit("Mail:Host", "127.0.0.1"), new SettingEdit("Mail:Port", "9"), new SettingEdit("Mail:From", "portal@example.org"), new SettingEdit("Security:PublicUrl", "https://portal.example.org")], "tests")).IsDone.ShouldBeTrue();
            await Eventually.Holds(() => outbox.CanSendLinks, because: "mail is set up");
        }

        using var mailer = new NotificationMailer(
            fixture.Services.GetRequiredService<IDbContextFactory<AppDbContext>>(), fixture.Services.GetRequiredService<IDatabaseDialect>(), fixture.Services.GetRequiredService<DatabaseState>(), outbox,
            fixture.Services.GetServices<NotificationKind>(), fixture.Services.GetRequiredService<IStringLocalizerFactory>(), new FixedClock(now), NullLogger<NotificationMailer>.Instance);
        await mailer.MailAsync(default);
    }

    private async Task<List<MailContent>> MailsAsync(Guid person)
    {
        var secrets = fixture.Services.GetRequiredService<SecretBox>();
        var bodies = await fixture.QueryAsync(db => db.Set<MailMessage>().Where(m => m.UserId == person && m.Template == "notifications.digest").OrderBy(m => m.CreatedAt).ThenBy(m => m.Id).Select(m => m.Body!).ToListAsync());
        return [.. bodies.Select(body => MailContent.Open(secrets, body)!)];
    }

    private sealed class FixedClock(DateTimeOffset now) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => now;
    }

    [GeneratedRegex("""Audience\.\w+\([^"]*?\), "([a-z_]+\.[a-z_]+)",""")]
    private static partial Regex Kind();
}
