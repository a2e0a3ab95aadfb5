using BlazorAdmin.Tests.Features.Settings;
using System.Net;
using BlazorAdmin.Features.Account.Factors;
using BlazorAdmin.Features.Audit;
using BlazorAdmin.Features.Notifications;
using BlazorAdmin.Features.Settings;
using BlazorAdmin.Features.Users;
using BlazorAdmin.Security;

namespace BlazorAdmin.Tests.Features.Account.Factors;

public sealed class AuthenticatorPagesTests(PortalFixture fixture) : IClassFixture<PortalFixture>
{
    [Fact]
    public async Task SetUp_WithCode_ShowsTenCodesOnceAndStoresNothingReadable()
    {
        using var person = await FactorPerson.CreateAsync(fixture, "sets-up@example.org");

        person.RecoveryCodes.Count.ShouldBe(10);
        var page = await FactorPerson.TextAsync(await person.Browser.GetAsync("/account/security"));
        page.ShouldContain("On since");
        foreach (var code in person.RecoveryCodes) page.ShouldNotContain(code);
        var rows = await RowsAsync("account.authenticator_on", "sets-up");
        rows.Count.ShouldBe(1);
        var written = string.Join('\n', rows.Select(r => r.Before + r.After + r.Detail));
        written.ShouldNotContain(Base32.Encode(person.Seed));
        person.RecoveryCodes.ShouldAllBe(code => !written.Contains(code));
    }

    [Fact]
    public async Task SetUp_OtherSignInsWithThePasswordAlone_EndAndThisOneCountsAsBoth()
    {
        await fixture.AddUserAsync("cleans-up@example.org", Roles.Member);
        using var weak = await fixture.SignedInAsync("cleans-up@example.org");
        await using var strong = await fixture.ActAsAsync("cleans-up@example.org");
        await fixture.QueryAsync(db => db.Set<SignInSession>().Where(s => s.Id == strong.Session.Id).ExecuteUpdateAsync(set => set.SetProperty(s => s.Method, SignInMethod.Passkey)));

        using var person = await FactorPerson.SetUpAsync(fixture, "cleans-up@example.org", await fixture.SignedInAsync("cleans-up@example.org"));

        (await weak.GetAsync("/account")).StatusCode.ShouldBe(HttpStatusCode.Redirect);
        (await person.Browser.GetAsync("/account")).StatusCode.ShouldBe(HttpStatusCode.OK);
        var left = await fixture.QueryAsync(db => db.Set<SignInSession>().Where(s => s.UserId == strong.Session.UserId && s.EndedAt == null).Select(s => s.Method).ToListAsync());
        left.ShouldBe([SignInMethod.Passkey, SignInMethod.Authenticator], ignoreOrder: true);
    }

    [Fact]
    public async Task SetUp_WrongCode_KeepsTheSeedAndTurnsNothingOn()
    {
        await fixture.AddUserAsync("mistypes@example.org", Roles.Member);
        using var browser = await fixture.SignedInAsync("mistypes@example.org");
        var page = await FactorPerson.TextAsync(await browser.GetAsync("/account/security/authenticator"));
        var ticket = System.Text.RegularExpressions.Regex.Match(page, "name=\"Ticket\" value=\"([^\"]+)\"").Groups[1].Value;

        var answer = await FactorPerson.TextAsync(await browser.SubmitAsync("/account/security/authenticator", "authenticator", [("Ticket", ticket), ("Code", "no code")]));

        answer.ShouldContain("This code does not fit");
        answer.ShouldContain(ticket);
        (await fixture.QueryAsync(db => db.Users.Where(u => u.Email == "mistypes@example.org").Select(u => u.AuthenticatorSince).SingleAsync())).ShouldBeNull();
    }

    [Fact]
    public async Task SetUp_TicketOfSomebodyElse_IsRefused()
    {
        await fixture.AddUserAsync("lends@example.org", Roles.Member);
        await fixture.AddUserAsync("borrows@example.org", Roles.Member);
        await using var lender = await fixture.ActAsAsync("lends@example.org");
        await using var borrower = await fixture.ActAsAsync("borrows@example.org");
        var enrolment = (await lender.Get<AuthenticatorService>().BeginAsync(default))!;
        var code = Totp.CodeAt(Base32.Decode(enrolment.Seed.Replace(" ", "", StringComparison.Ordinal)), Totp.StepOf(DateTimeOffset.UtcNow));

        (await borrower.Get<AuthenticatorService>().ConfirmAsync(enrolment.Ticket, code, default)).Outcome.ShouldBe(FactorOutcome.Expired);
        (await borrower.Get<AuthenticatorService>().ConfirmAsync("rubbish", code, default)).Outcome.ShouldBe(FactorOutcome.Expired);
    }

    [Fact]
    public async Task SetUpAndNewCodes_ManyAtOnce_LeaveOneSet()
    {
        await fixture.AddUserAsync("clicks-twice@example.org", Roles.Member);
        await using var person = await fixture.ActAsAsync("clicks-twice@example.org");
        var service = person.Get<AuthenticatorService>();
        var enrolment = (await service.BeginAsync(default))!;
        var code = Totp.CodeAt(Base32.Decode(enrolment.Seed.Replace(" ", "", StringComparison.Ordinal)), Totp.StepOf(DateTimeOffset.UtcNow));

        var set = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => service.ConfirmAsync(enrolment.Ticket, code, default)));
        set.Count(answer => answer.Outcome == FactorOutcome.Done).ShouldBe(1);
        (await service.GetAsync(default)).CodesLeft.ShouldBe(RecoveryCodes.Count);

        var renewed = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => service.RenewCodesAsync(default)));
        renewed.ShouldAllBe(answer => answer.Outcome == FactorOutcome.Done);
        (await service.GetAsync(default)).CodesLeft.ShouldBe(RecoveryCodes.Count);
    }

    [Fact]
    public async Task Changes_ProofTooOld_AskForThePasswordFirst()
    {
        using var person = await FactorPerson.CreateAsync(fixture, "old-proof@example.org");
        var browser = person.Browser;
        await AgeProofAsync(person.Email);

        foreach (var what in new[] { "codes", "off" }) PathOf(await Do(browser, what)).ShouldBe("/account/confirm?returnUrl=%2Faccount%2Fsecurity%3Fconfirmed%3Dtrue");
        PathOf(await browser.GetAsync("/account/security/authenticator")).ShouldStartWith("/account/confirm?returnUrl=%2Faccount%2Fsecurity%2Fauthenticator");
        (await FactorPerson.TextAsync(await browser.SubmitAsync("/account/confirm?returnUrl=%2Faccount%2Fsecurity", "confirm", [("Password", "not the password")]))).ShouldContain("The current password is wrong");
        PathOf(await Do(browser, "off")).ShouldStartWith("/account/confirm");
        PathOf(await browser.SubmitAsync("/account/confirm?returnUrl=%2F%2Fevil.example", "confirm", [("Password", PortalFixture.Password)])).ShouldBe("/");

        (await FactorPerson.TextAsync(await Do(browser, "off"))).ShouldContain("The authenticator app is off");
        (await RowsAsync("account.confirm", "old-proof")).Select(r => r.Outcome).ShouldBe([AuditOutcome.Failed, AuditOutcome.Done], ignoreOrder: true);
        (await RowsAsync("account.authenticator_off", "old-proof")).Count.ShouldBe(1);
        using var again = fixture.Browser();
        await again.SignInAsync(person.Email, PortalFixture.Password);
    }

    [Fact]
    public async Task Confirm_FiveWrongPasswords_Lock()
    {
        await fixture.AddUserAsync("confirms@example.org", Roles.Member);
        using var browser = await fixture.SignedInAsync("confirms@example.org");
        for (var i = 0; i < 5; i++) await browser.SubmitAsync("/account/confirm", "confirm", [("Password", "not the password")]);

        (await FactorPerson.TextAsync(await browser.SubmitAsync("/account/confirm", "confirm", [("Password", PortalFixture.Password)]))).ShouldContain("Too many wrong attempts");
    }

    [Fact]
    public async Task NewCodes_Made_EndTheOldOnes()
    {
        using var person = await FactorPerson.CreateAsync(fixture, "renews@example.org");

        var codes = FactorPerson.CodesOf(await FactorPerson.TextAsync(await Do(person.Browser, "codes")));

        codes.Count.ShouldBe(10);
        codes.Intersect(person.RecoveryCodes).ShouldBeEmpty();
        (await RowsAsync("account.recovery_codes", "renews")).Count.ShouldBe(1);
        using var browser = fixture.Browser();
        await browser.TrySignInAsync(person.Email, PortalFixture.Password);
        (await FactorPerson.TextAsync(await browser.SubmitAsync("/account/login/code", "code", [("Code", person.RecoveryCodes[0])]))).ShouldContain("This code is wrong");
        PathOf(await browser.SubmitAsync("/account/login/code", "code", [("Code", codes[0])])).ShouldBe("/");
    }

    [Fact]
    public async Task PasswordChange_JustConfirmed_NeedsNoCurrentPassword()
    {
        await fixture.AddUserAsync("fresh@example.org", Roles.Member);
        using var browser = await fixture.SignedInAsync("fresh@example.org");
        await AgeProofAsync("fresh@example.org");
        (string, string)[] form = [("Current", ""), ("New", "eleven quiet harbours"), ("Repeat", "eleven quiet harbours")];

        (await FactorPerson.TextAsync(await browser.SubmitAsync("/account/password", "password", form))).ShouldContain("The current password is wrong");
        await browser.SubmitAsync("/account/confirm", "confirm", [("Password", PortalFixture.Password)]);

        (await FactorPerson.TextAsync(await browser.SubmitAsync("/account/password", "password", form))).ShouldContain("The password is changed");
    }

    [Fact]
    public async Task RemoveFactor_ByAdministrator_IsAuditedAndTold()
    {
        using var person = await FactorPerson.CreateAsync(fixture, "lost-it@example.org");
        var id = await fixture.QueryAsync(db => db.Users.Where(u => u.Email == person.Email).Select(u => u.Id).SingleAsync());
        await using var admin = await fixture.ActAsAsync(PortalFixture.AdminEmail);
        (await admin.Get<UserDirectory>().GetAsync(id, default))!.HasFactor.ShouldBeTrue();

        (await admin.Get<UserAdministration>().RemoveFactorAsync(id, default)).Outcome.ShouldBe(UserOutcome.Done);

        (await admin.Get<UserDirectory>().GetAsync(id, default))!.HasFactor.ShouldBeFalse();
        (await admin.Get<UserAdministration>().RemoveFactorAsync(admin.Session.UserId, default)).Outcome.ShouldBe(UserOutcome.OwnAccount);
        (await RowsAsync("users.factor_removed", "lost-it")).Count.ShouldBe(1);
        (await fixture.QueryAsync(db => db.Set<Notification>().CountAsync(n => n.UserId == id && n.TitleKey == "FactorRemovedTitle"))).ShouldBe(1);
        using var browser = fixture.Browser();
        await browser.SignInAsync(person.Email, PortalFixture.Password);
    }

    [Fact]
    public async Task RequiredByRole_PersonWithout_IsLedToSetUpAndThenGoesOn()
    {
        await fixture.AddUserAsync("must-have@example.org", Roles.Auditor);
        await fixture.AddUserAsync("need-not@example.org", Roles.Operator);
        using var browser = await fixture.SignedInAsync("must-have@example.org");
        (await browser.GetAsync("/admin/audit")).StatusCode.ShouldBe(HttpStatusCode.OK);
        await using var admin = await fixture.ActAsAsync(PortalFixture.AdminEmail);
        (await admin.Get<SettingsService>().SetAsync("Security:RequireSecondFactorFor:0", Roles.Auditor)).IsDone.ShouldBeTrue();
        try
        {
            await Eventually.Holds(async () => (await browser.GetAsync("/admin/audit")).StatusCode == HttpStatusCode.Redirect, because: "the rule reaches the open sign-in");
            foreach (var path in new[] { "/", "/admin/audit", "/documents" }) PathOf(await browser.GetAsync(path)).ShouldBe("/account/security");
            (await browser.GetAsync("/admin/audit/export?format=csv", ("Accept", "text/csv"))).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
            (await FactorPerson.TextAsync(await browser.GetAsync("/account/security"))).ShouldContain("Your role demands a second factor.");
            using var other = await fixture.SignedInAsync("need-not@example.org");
            (await other.GetAsync("/admin/jobs")).StatusCode.ShouldBe(HttpStatusCode.OK);

            using var person = await FactorPerson.SetUpAsync(fixture, "must-have@example.org", browser);

            (await browser.GetAsync("/admin/audit")).StatusCode.ShouldBe(HttpStatusCode.OK);
            (await FactorPerson.TextAsync(await Do(browser, "off"))).ShouldContain("so this one stays");
        }
        finally
        {
            await admin.Get<SettingsService>().RemoveAsync("Security:RequireSecondFactorFor:0");
        }
    }

    private static Task<HttpResponseMessage> Do(PortalClient browser, string what) => browser.SubmitAsync("/account/security", "security", [("Do", what)]);

    private string PathOf(HttpResponseMessage answer)
    {
        answer.StatusCode.ShouldBe(HttpStatusCode.Redirect);
        return new Uri(fixture.Portal.Address, answer.Headers.Location!).PathAndQuery;
    }

    private Task<int> AgeProofAsync(string email) => fixture.QueryAsync(db => db.Set<SignInSession>().Where(s => db.Users.Any(u => u.Id == s.UserId && u.Email == email))
        .ExecuteUpdateAsync(set => set.SetProperty(s => s.ProvedAt, DateTimeOffset.UtcNow.AddMinutes(-6))));

    private Task<List<AuditEntry>> RowsAsync(string action, string person) => fixture.QueryAsync(async db =>
    {
        var id = (await db.Users.SingleAsync(u => u.Email == $"{person}@example.org")).Id.ToString();
        return await db.Set<AuditEntry>().AsNoTracking().Where(e => e.Action == action && e.SubjectId == id).ToListAsync();
    });
}
