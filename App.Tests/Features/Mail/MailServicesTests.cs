using BlazorAdmin.Tests.Features.Settings;
using BlazorAdmin.Features.Account;
using BlazorAdmin.Features.Audit;
using BlazorAdmin.Features.Mail;
using BlazorAdmin.Features.Settings;
using BlazorAdmin.Features.Users;
using BlazorAdmin.Security;

namespace BlazorAdmin.Tests.Features.Mail;

/// <summary>The commands of the Mail tab and the mailed password link, in a running portal whose settings are set as people set them.</summary>
public sealed class MailServicesTests(PortalFixture fixture) : IClassFixture<PortalFixture>
{
    [MailServerFact]
    public async Task PasswordLink_Mailed_HasThePublicAddressAndWorksOnce()
    {
        await using var server = await TestMailServer.StartAsync();
        await using var admin = await ConfiguredAsync(server);
        var user = await fixture.AddUserAsync("forgetful@example.org", Roles.Member);
        var users = admin.Get<UserAdministration>();
        var token = (await users.MakePasswordLinkAsync(user.Id, default)).LinkToken!;

        (await users.MailPasswordLinkAsync(user.Id, token, default)).Outcome.ShouldBe(UserOutcome.Done);

        var mail = await TakenAsync(server, "forgetful@example.org");
        mail.Bodies.ShouldAllBe(body => body.Contains($"https://portal.example.org/account/link?token={token}", StringComparison.Ordinal));
        (await admin.Get<SignInLinks>().UseAsync(token, "five quiet rivers", new SignInPlace(null, null), default)).ShouldNotBeNull();
        (await users.MailPasswordLinkAsync(user.Id, token, default)).Outcome.ShouldBe(UserOutcome.LinkGone, "it was used");
        var row = await RowAsync("users.password_link_mailed", user.Id.ToString());
        $"{row.Detail}{row.Before}{row.After}".ShouldNotContain(token);
        await NeverStoredInTheClearAsync(token);
    }

    [MailServerFact]
    public async Task PasswordLink_OfAnotherPerson_IsNotMailed()
    {
        await using var server = await TestMailServer.StartAsync();
        await using var admin = await ConfiguredAsync(server);
        var (one, other) = (await fixture.AddUserAsync("one@example.org"), await fixture.AddUserAsync("other@example.org"));
        var users = admin.Get<UserAdministration>();
        var token = (await users.MakePasswordLinkAsync(one.Id, default)).LinkToken!;

        (await users.MailPasswordLinkAsync(other.Id, token, default)).Outcome.ShouldBe(UserOutcome.LinkGone);
    }

    [MailServerFact]
    public async Task TestConnection_RightAndWrongPassword_ShowsStepsAndNeverThePassword()
    {
        await using var server = await TestMailServer.StartAsync(MailSecurity.StartTls, "portal", "horse-battery-1");
        await using var admin = await ConfiguredAsync(server, MailSecurity.StartTls);
        await SetAsync(admin, ("Mail:AuthorityFile", server.AuthorityFile), ("Mail:UserName", "portal"), ("Mail:Password", "horse-battery-1"));
        var steps = new List<SmtpStep>();

        (await admin.Get<MailConnection>().TestAsync(steps.Add, default)).ShouldBeTrue();
        steps.Where(s => s.Took is not null).Select(s => s.Stage).ShouldContain(SmtpStage.SignIn);
        await SetAsync(admin, ("Mail:Password", "wrong-battery-2"));
        steps.Clear();
        (await admin.Get<MailConnection>().TestAsync(steps.Add, default)).ShouldBeFalse();

        steps[^1].Failure.ShouldNotBeNull().Code.ShouldBe(535);
        string.Join(' ', steps.Select(s => $"{s.Answer} {s.Failure?.Message}")).ShouldNotContain("battery");
        (await admin.Get<MailConnection>().ReadAsync(default)).ShouldSatisfyAllConditions(v => v.HasPassword.ShouldBeTrue(), v => v.UserName.ShouldBe("portal"));
        (await fixture.QueryAsync(db => db.Set<AuditEntry>().Where(e => e.Action == "mail.test_connection").OrderBy(e => e.Id).Select(e => e.Outcome).ToListAsync())).TakeLast(2).ShouldBe([AuditOutcome.Done, AuditOutcome.Failed]);
        await NeverStoredInTheClearAsync("horse-battery-1");
        await NeverStoredInTheClearAsync("wrong-battery-2");
        await SetAsync(admin, ("Mail:UserName", ""), ("Mail:Password", ""), ("Mail:AuthorityFile", ""));
    }

    [MailServerFact]
    public async Task TestMail_Sent_ReachesTheCallerAndTheLog()
    {
        await using var server = await TestMailServer.StartAsync();
        await using var admin = await ConfiguredAsync(server);

        var id = (await admin.Get<MailConnection>().SendTestMailAsync(default)).ShouldNotBeNull();

        (await TakenAsync(server, PortalFixture.AdminEmail)).Headers.ShouldContain("Subject: Test mail of");
        await Eventually.Holds(async () => (await admin.Get<MailJournal>().GetAsync(id, default))!.Row.State == MailState.Sent);
        var details = (await admin.Get<MailJournal>().GetAsync(id, default)).ShouldNotBeNull();
        (details.Person, details.HasContent, details.Row.Attempts).ShouldBe(("Ada Lovelace", false, 1));
        details.JobId.ShouldNotBeNull();
        (await admin.Get<MailJournal>().ResendAsync(id, default)).ShouldBe(ResendOutcome.AlreadySent);
    }

    [MailServerFact]
    public async Task Refused_SendAgain_NeedsTheSuppressionGone()
    {
        await using var server = await TestMailServer.StartAsync();
        await using var admin = await ConfiguredAsync(server);
        var gone = await fixture.AddUserAsync("gone@example.org");
        var users = admin.Get<UserAdministration>();
        var token = (await users.MakePasswordLinkAsync(gone.Id, default)).LinkToken!;
        await users.MailPasswordLinkAsync(gone.Id, token, default);
        var journal = admin.Get<MailJournal>();
        var query = MailJournal.Defaults.WithSearch("GONE@example").WithFilter("state", "failed");
        await Eventually.Holds(async () => (await journal.ListAsync(query, default)).Rows.Count == 1);
        var row = (await journal.ListAsync(query, default)).Rows[0];

        (await users.MailPasswordLinkAsync(gone.Id, token, default)).Outcome.ShouldBe(UserOutcome.MailRefused);
        (await journal.ResendAsync(row.Id, default)).ShouldBe(ResendOutcome.Suppressed);
        var suppressed = (await journal.SuppressedAsync(MailJournal.Defaults.WithSearch("gone"), default)).Rows.ShouldHaveSingleItem();
        (await journal.UnsuppressAsync(suppressed.Id, default)).ShouldBeTrue();
        (await journal.UnsuppressAsync(suppressed.Id, default)).ShouldBeFalse();
        (await journal.ResendAsync(row.Id, default)).ShouldBe(ResendOutcome.Done);

        await Eventually.Holds(async () => (await journal.GetAsync(row.Id, default))!.Row is { State: MailState.Failed, Attempts: 2 }, because: "the server refuses it again");
        (await fixture.QueryAsync(db => db.Set<AuditEntry>().CountAsync(e => e.Action == "mail.resend" && e.SubjectId == row.Id.ToString()))).ShouldBe(1);
        (await fixture.QueryAsync(db => db.Set<AuditEntry>().CountAsync(e => e.Action == "mail.unsuppress" && e.SubjectName == "gone@example.org"))).ShouldBe(1);
    }

    [Fact]
    public async Task Template_SavedRestoredAndSavedByTwo_KeepsEveryVersion()
    {
        await using var admin = await fixture.ActAsAsync(PortalFixture.AdminEmail);
        var templates = admin.Get<MailTemplateService>();
        const string Key = "feedback.reply";
        var delivered = (await templates.OpenAsync(Key, "de", default)).ShouldNotBeNull().Current.Parts;
        var own = delivered with { Subject = "Antwort von {{author}}" };

        (await templates.SaveAsync(Key, "de", delivered with { Html = "<p>\n{{nobody}}</p>" }, 0, null, default)).ShouldSatisfyAllConditions(
            r => r.Outcome.ShouldBe(SaveTemplateOutcome.Wrong), r => r.Problems.ShouldHaveSingleItem().ShouldBe(new MailTemplateProblem(MailPart.Html, 2, MailTemplateFault.Unknown, "nobody")));
        (await templates.SaveAsync(Key, "de", delivered, 0, null, default)).Outcome.ShouldBe(SaveTemplateOutcome.Unchanged);
        (await templates.SaveAsync(Key, "de", own, 0, " shorter ", default)).ShouldSatisfyAllConditions(r => r.Outcome.ShouldBe(SaveTemplateOutcome.Done), r => r.Version.ShouldBe(1));
        (await templates.SaveAsync(Key, "de", delivered with { Subject = "late" }, 0, null, default)).Outcome.ShouldBe(SaveTemplateOutcome.Conflict);
        (await templates.SaveAsync(Key, "de", delivered, 1, null, default)).Version.ShouldBe(2);
        (await templates.SaveAsync("no.such", "de", delivered, 0, null, default)).Outcome.ShouldBe(SaveTemplateOutcome.NotFound);

        var view = (await templates.OpenAsync(Key, "de", default))!;
        view.Versions.Select(v => v.Version).ShouldBe([2, 1, 0]);
        (view.Versions[1].Note, view.Versions[1].Author, view.Versions[1].Parts.Subject).ShouldBe(("shorter", "Ada Lovelace", "Antwort von {{author}}"));
        (await templates.ListAsync(default)).Single(r => r.Template.Key == Key).Languages.Select(l => (l.Language, l.Version)).ShouldBe([("en", 0), ("de", 2)]);
        (await fixture.QueryAsync(db => db.Set<AuditEntry>().CountAsync(e => e.Action == "mail.template" && e.SubjectId == Key))).ShouldBe(2);
    }

    [Fact]
    public async Task Settings_Wrong_AreRefusedWithTheRemedy()
    {
        await using var admin = await fixture.ActAsAsync(PortalFixture.AdminEmail);
        var settings = admin.Get<SettingsService>();
        (await settings.SetAsync("Mail:Host", "smtp://mail")).Issues.ShouldHaveSingleItem().ToString().ShouldContain("mail.example.org");
        (await settings.SetAsync("Mail:From", "x@example.org\r\nBcc: y@example.org")).Issues.ShouldHaveSingleItem().ToString().ShouldContain("one plain address");
        (await settings.SetAsync("Mail:FromName", "Portal\r\nX: 1")).Issues.ShouldHaveSingleItem().ToString().ShouldContain("line breaks");
        (await settings.SetAsync("Mail:Security", "Maybe")).IsDone.ShouldBeFalse();
    }

    private async Task<ActingScope> ConfiguredAsync(TestMailServer server, MailSecurity security = MailSecurity.None)
    {
        var admin = await fixture.ActAsAsync(PortalFixture.AdminEmail);
        await SetAsync(admin, ("Mail:Host", "localhost"), ("Mail:Port", server.Port.ToString(System.Globalization.CultureInfo.InvariantCulture)), ("Mail:Security", security.ToString()),
            ("Mail:From", "portal@example.org"), ("Security:PublicUrl", "https://portal.example.org/"));
        return admin;
    }

    private static async Task SetAsync(ActingScope admin, params (string Key, string Value)[] values)
    {
        foreach (var (key, value) in values) (await admin.Get<SettingsService>().SetAsync(key, value)).Issues.ShouldAllBe(i => i.Fault == SettingFault.NothingToDo);
    }

    private static async Task<TakenMail> TakenAsync(TestMailServer server, string to)
    {
        TakenMail? taken = null;
        await Eventually.Holds(() => (taken = server.Taken.FirstOrDefault(m => m.To.Contains(to))) is not null, because: $"the server has the mail to {to}");
        return taken!;
    }

    private Task<AuditEntry> RowAsync(string action, string subject) => fixture.QueryAsync(db => db.Set<AuditEntry>().SingleAsync(e => e.Action == action && e.SubjectId == subject));

    private async Task NeverStoredInTheClearAsync(string secret)
    {
        (await fixture.QueryAsync(db => db.Set<MailMessage>().AnyAsync(m => m.Subject.Contains(secret) || m.Body!.Contains(secret) || m.Answer!.Contains(secret)))).ShouldBeFalse();
        (await fixture.QueryAsync(db => db.Set<AuditEntry>().AnyAsync(e => e.Detail!.Contains(secret) || e.Before!.Contains(secret) || e.After!.Contains(secret)))).ShouldBeFalse();
        (await fixture.QueryAsync(db => db.Set<SettingOverride>().AnyAsync(s => s.Value!.Contains(secret)))).ShouldBeFalse();
        (await fixture.QueryAsync(db => db.Set<BlazorAdmin.Features.Jobs.Job>().AnyAsync(j => j.Arguments.Contains(secret)))).ShouldBeFalse();
    }
}
