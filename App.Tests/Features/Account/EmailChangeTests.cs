using System.Net;
using BlazorAdmin.Features.Account;
using BlazorAdmin.Features.Audit;
using BlazorAdmin.Features.Notifications;
using BlazorAdmin.Features.Users;
using BlazorAdmin.Security;
using BlazorAdmin.Tests.Features.Account.Factors;
using BlazorAdmin.Tests.Features.Mail;

namespace BlazorAdmin.Tests.Features.Account;

/// <summary>An account moves to another address: asked for by its owner, or by an administrator.</summary>
[Collection(MailedAccountsCollection.Name)]
public sealed class EmailChangeTests(MailedAccounts mailed)
{
    private static readonly SignInPlace Place = new("192.0.2.8", "tests");

    private PortalFixture Portal => mailed.Portal;

    [MailServerFact]
    public async Task Change_AskedForAndConfirmed_MovesTheAccountAndTellsTheOldAddress()
    {
        var user = await Portal.AddUserAsync("mover@example.org", Roles.Member);
        using var browser = await Portal.SignedInAsync("mover@example.org");
        var other = await AddLinkAsync(user.Id);

        (await FactorPerson.TextAsync(await browser.SubmitAsync("/account/email", "email", [("Email", "moved@example.org")]))).ShouldContain("on its way to moved@example.org");

        (await mailed.MailAsync("mover@example.org", "a new e-mail address was asked for")).ShouldContain("moved@example.org");
        var path = MailedAccounts.PathIn(await mailed.MailAsync("moved@example.org", "Confirm address"));
        using var stranger = Portal.Browser();
        (await FactorPerson.TextAsync(await stranger.GetAsync(path))).ShouldContain("moved@example.org");
        (await AddressOfAsync(user.Id)).ShouldBe("mover@example.org", "looking at the link, as scanners do, changes nothing");

        (await FactorPerson.TextAsync(await stranger.SubmitAsync(path, "confirm-email", []))).ShouldContain("uses moved@example.org from now on");

        (await AddressOfAsync(user.Id)).ShouldBe("moved@example.org");
        await mailed.MailAsync("mover@example.org", "e-mail address changed");
        (await browser.GetAsync("/account")).StatusCode.ShouldBe(HttpStatusCode.OK, "sign-ins stay");
        stranger.SessionCookie.ShouldBeNull("a confirming link signs nobody in");
        (await FactorPerson.TextAsync(await stranger.GetAsync(path))).ShouldContain("This link was used");
        (await FactorPerson.TextAsync(await stranger.GetAsync($"/account/link?token={other}"))).ShouldContain("This link was used", customMessage: "other links end");
        using var again = Portal.Browser();
        await again.SignInAsync("moved@example.org", PortalFixture.Password);
        (await Portal.QueryAsync(db => db.Set<AuditEntry>().CountAsync(e => e.SubjectId == user.Id.ToString() && (e.Action == "account.email" || e.Action == "account.email_asked")))).ShouldBe(2);
    }

    [MailServerFact]
    public async Task Ask_WithoutAFreshProof_LeadsToConfirmAndBack()
    {
        await Portal.AddUserAsync("stale@example.org", Roles.Member);
        using var browser = await Portal.SignedInAsync("stale@example.org");
        await MakeStaleAsync("stale@example.org");

        using var page = await browser.GetAsync("/account/email");
        page.Headers.Location!.ToString().ShouldContain("/account/confirm?returnUrl=%2Faccount%2Femail");
        using var confirmed = await browser.SubmitAsync("/account/confirm?returnUrl=%2Faccount%2Femail", "confirm", [("Password", PortalFixture.Password)]);

        confirmed.Headers.Location!.ToString().ShouldEndWith("/account/email");
        (await browser.GetAsync("/account/email")).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [MailServerFact]
    public async Task Ask_AddressOfAnother_AnswersAlikeAndTellsItsOwner()
    {
        var owner = await Portal.AddUserAsync("owner@example.org", Roles.Member);
        var asker = await Portal.AddUserAsync("asker@example.org", Roles.Member);
        await using var scope = await Portal.ActAsAsync("asker@example.org");
        var emails = scope.Get<EmailChange>();

        (await emails.AskAsync("owner@example.org", default)).ShouldBe(EmailOutcome.Done);

        (await emails.GetAsync(default)).Awaited.ShouldBe("owner@example.org", "as with an address that is free");
        await mailed.MailAsync("owner@example.org", "Somebody wants to use your e-mail address");
        mailed.BodiesTo("owner@example.org").ShouldAllBe(body => !body.Contains("token="));
        (await Portal.QueryAsync(db => db.Set<Notification>().CountAsync(n => n.UserId == owner.Id && n.TitleKey == "EmailWantedTitle"))).ShouldBe(1);
        (await AddressOfAsync(asker.Id)).ShouldBe("asker@example.org");
    }

    [MailServerFact]
    public async Task Ask_WrongSameOrTooOften_SaysWhy()
    {
        await Portal.AddUserAsync("fickle@example.org", Roles.Member);
        await using var scope = await Portal.ActAsAsync("fickle@example.org");
        var emails = scope.Get<EmailChange>();

        (await emails.AskAsync("no address", default)).ShouldBe(EmailOutcome.EmailInvalid);
        (await emails.AskAsync("x@example.org\r\nBcc: y@example.org", default)).ShouldBe(EmailOutcome.EmailInvalid);
        (await emails.AskAsync("fickle@example.org", default)).ShouldBe(EmailOutcome.Unchanged);
        for (var i = 0; i < 5; i++) (await emails.AskAsync($"fickle{i}@example.org", default)).ShouldBe(EmailOutcome.Done);
        (await emails.AskAsync("fickle6@example.org", default)).ShouldBe(EmailOutcome.TooMany);
        (await Portal.QueryAsync(db => db.Set<SignInLink>().CountAsync(l => l.UserId == scope.Session.UserId && l.UsedAt == null))).ShouldBe(1, "each ends the one before");
    }

    [MailServerFact]
    public async Task Confirm_AddressTakenMeanwhile_ChangesNothing()
    {
        var user = await Portal.AddUserAsync("slow@example.org", Roles.Member);
        await using var scope = await Portal.ActAsAsync("slow@example.org");
        await scope.Get<EmailChange>().AskAsync("wanted@example.org", default);
        var token = MailedAccounts.TokenIn(await mailed.MailAsync("wanted@example.org", "Confirm address"));
        await Portal.AddUserAsync("wanted@example.org", Roles.Member);

        (await scope.Get<EmailChange>().ConfirmAsync(token, Place, default)).ShouldBe(EmailConfirmation.Taken);

        (await AddressOfAsync(user.Id)).ShouldBe("slow@example.org");
    }

    [MailServerFact]
    public async Task Administrator_ChangesTheAddress_OldOneIsToldAndTheNewOneAsked()
    {
        var user = await Portal.AddUserAsync("typo@example.org", Roles.Member);
        await using var admin = await Portal.ActAsAsync(PortalFixture.AdminEmail);
        var addresses = admin.Get<UserAddress>();

        (await addresses.ChangeAsync(user.Id, "no address", default)).Outcome.ShouldBe(UserOutcome.EmailInvalid);
        (await addresses.ChangeAsync(user.Id, PortalFixture.AdminEmail, default)).Outcome.ShouldBe(UserOutcome.EmailTaken);
        (await addresses.ChangeAsync(user.Id, "right@example.org", default)).Outcome.ShouldBe(UserOutcome.Done);

        (await mailed.MailAsync("typo@example.org", "e-mail address changed")).ShouldContain("Ada Lovelace");
        (await Portal.QueryAsync(db => db.Users.Where(u => u.Id == user.Id).Select(u => new { u.Email, u.EmailConfirmed }).SingleAsync())).ShouldBe(new { Email = (string?)"right@example.org", EmailConfirmed = false });
        var token = MailedAccounts.TokenIn(await mailed.MailAsync("right@example.org", "Confirm address"));
        (await admin.Get<EmailChange>().ConfirmAsync(token, Place, default)).ShouldBe(EmailConfirmation.Done);
        (await Portal.QueryAsync(db => db.Users.Where(u => u.Id == user.Id).Select(u => u.EmailConfirmed).SingleAsync())).ShouldBeTrue();
        (await Portal.QueryAsync(db => db.Set<AuditEntry>().CountAsync(e => e.Action == "users.email" && e.SubjectId == user.Id.ToString()))).ShouldBe(1);
    }

    [MailServerFact]
    public async Task PasswordChanged_ByTheOwner_IsMailed()
    {
        await Portal.AddUserAsync("careful@example.org", Roles.Member);
        using var browser = await Portal.SignedInAsync("careful@example.org");

        (await FactorPerson.TextAsync(await browser.SubmitAsync("/account/password", "password", [("Current", PortalFixture.Password), ("New", "eleven paper lanterns"), ("Repeat", "eleven paper lanterns")]))).ShouldContain("is changed");

        (await mailed.MailAsync("careful@example.org", "password changed")).ShouldNotContain("http");
    }

    private Task<string?> AddressOfAsync(Guid id) => Portal.QueryAsync(db => db.Users.Where(u => u.Id == id).Select(u => u.Email).SingleAsync());

    private Task MakeStaleAsync(string email) => Portal.QueryAsync(db => db.Set<SignInSession>().Where(s => db.Users.Any(u => u.Id == s.UserId && u.Email == email))
        .ExecuteUpdateAsync(set => set.SetProperty(s => s.ProvedAt, DateTimeOffset.UtcNow.AddMinutes(-6))));

    private Task<string> AddLinkAsync(Guid user) => Portal.QueryAsync(async db =>
    {
        var (link, token) = SignInLink.Make(user, SignInLinkKind.PasswordReset, DateTimeOffset.UtcNow, TimeSpan.FromMinutes(10));
        db.Add(link);
        using (AuditScope.EngineOwn()) await db.SaveChangesAsync();
        return token;
    });
}
