using System.Net;
using BlazorAdmin.Features.Account;
using BlazorAdmin.Features.Account.Factors;
using BlazorAdmin.Features.Audit;
using BlazorAdmin.Features.Notifications;
using BlazorAdmin.Features.Users;
using BlazorAdmin.Security;
using Microsoft.Extensions.DependencyInjection;

namespace BlazorAdmin.Tests.Features.Account.Factors;

public sealed class FactorSignInTests(PortalFixture fixture) : IClassFixture<PortalFixture>
{
    [Fact]
    public async Task SignIn_RightPassword_IsNoSessionUntilTheCode()
    {
        using var person = await FactorPerson.CreateAsync(fixture, "two-steps@example.org");
        using var browser = fixture.Browser();

        using var first = await browser.TrySignInAsync(person.Email, PortalFixture.Password, "/account/login?returnUrl=%2Fdocuments");

        PathOf(first).ShouldBe("/account/login/code?returnUrl=%2Fdocuments");
        browser.SessionCookie.ShouldBeNull();
        foreach (var path in new[] { "/", "/account", "/account/security", "/documents" }) (await browser.GetAsync(path)).Headers.Location!.OriginalString.ShouldStartWith("/account/login");
        var sessions = await SessionsAsync(person.Email);
        sessions.Count.ShouldBe(1, "the one that set the app up");
        var code = await person.NextCodeAsync();
        using var second = await CodeAsync(browser, code, PathOf(first));
        PathOf(second).ShouldBe("/documents");
        var session = (await SessionsAsync(person.Email)).Single(s => !sessions.Exists(before => before.Id == s.Id));
        session.Method.ShouldBe(SignInMethod.Authenticator);
        (await FactorPerson.TextAsync(await browser.GetAsync("/account/sessions"))).ShouldContain("Password and app");
        using var thief = fixture.Browser();
        await thief.TrySignInAsync(person.Email, PortalFixture.Password);
        (await FactorPerson.TextAsync(await CodeAsync(thief, code))).ShouldContain("This code is wrong, too old, or was used.");
        thief.SessionCookie.ShouldBeNull();
    }

    [Fact]
    public async Task SignIn_RecoveryCode_CountsOnceAndTheOwnerIsTold()
    {
        using var person = await FactorPerson.CreateAsync(fixture, "recovers@example.org");
        using var browser = fixture.Browser();
        await browser.TrySignInAsync(person.Email, PortalFixture.Password);

        using var answer = await CodeAsync(browser, person.RecoveryCodes[3].ToLowerInvariant());

        PathOf(answer).ShouldBe("/");
        (await SessionsAsync(person.Email)).ShouldContain(s => s.Method == SignInMethod.RecoveryCode);
        (await FactorPerson.TextAsync(await browser.GetAsync("/account/security"))).ShouldContain("9 recovery codes left");
        (await NoticesAsync(person.Email)).ShouldContain("CodeUsedTitle");
        using var again = fixture.Browser();
        await again.TrySignInAsync(person.Email, PortalFixture.Password);
        (await FactorPerson.TextAsync(await CodeAsync(again, person.RecoveryCodes[3]))).ShouldContain("This code is wrong");
    }

    [Fact]
    public async Task SignIn_FiveWrongCodes_LockLikeWrongPasswords()
    {
        using var person = await FactorPerson.CreateAsync(fixture, "guessed@example.org");
        using var browser = fixture.Browser();
        await browser.TrySignInAsync(person.Email, PortalFixture.Password);
        for (var i = 0; i < 3; i++) (await FactorPerson.TextAsync(await CodeAsync(browser, person.WrongCode()))).ShouldContain("This code is wrong");
        // The right password again must not bring new guesses.
        await browser.TrySignInAsync(person.Email, PortalFixture.Password);
        for (var i = 0; i < 2; i++) (await FactorPerson.TextAsync(await CodeAsync(browser, person.WrongCode()))).ShouldContain("This code is wrong");

        (await FactorPerson.TextAsync(await CodeAsync(browser, await person.NextCodeAsync()))).ShouldContain("Too many wrong attempts");

        browser.SessionCookie.ShouldBeNull();
        (await FactorPerson.TextAsync(await browser.TrySignInAsync(person.Email, PortalFixture.Password))).ShouldContain("Too many wrong attempts");
        (await NoticesAsync(person.Email)).ShouldContain("CodesGuessedTitle");
        var id = (await fixture.QueryAsync(db => db.Users.SingleAsync(u => u.Email == person.Email))).Id.ToString();
        (await fixture.QueryAsync(db => db.Set<AuditEntry>().CountAsync(e => e.Action == "account.sign_in" && e.Outcome == AuditOutcome.Failed && e.SubjectId == id && e.Detail!.Contains("wrong code")))).ShouldBe(5);
    }

    [Fact]
    public async Task SignIn_WrongCodesFromManyAddresses_CloseTheAccountToCodesAndTheOwnerIsTold()
    {
        using var person = await FactorPerson.CreateAsync(fixture, "spread-guesses@example.org");
        var user = await fixture.QueryAsync(db => db.Users.AsNoTracking().SingleAsync(u => u.Email == person.Email));
        await using var scope = fixture.Services.CreateAsyncScope();
        var codes = scope.ServiceProvider.GetRequiredService<CodeSignIn>();
        var pending = PendingSignIn.Of(user, remember: false, SignInMethod.Password, DateTimeOffset.UtcNow);
        for (var i = 1; i <= 10; i++)
            (await codes.CompleteAsync(pending, person.WrongCode(), new SignInPlace($"198.51.100.{i}", "tests"), default)).Outcome.ShouldBe(SignInOutcome.Wrong);

        (await codes.CompleteAsync(pending, await person.NextCodeAsync(), new SignInPlace("198.51.100.11", "tests"), default)).Outcome.ShouldBe(SignInOutcome.Locked);

        (await NoticesAsync(person.Email)).ShouldContain("CodesGuessedTitle");
        await using var admin = await fixture.ActAsAsync(PortalFixture.AdminEmail);
        (await admin.Get<UserAdministration>().UnlockAsync(user.Id, default)).Outcome.ShouldBe(UserOutcome.Done);
        (await codes.CompleteAsync(pending, await person.NextCodeAsync(), new SignInPlace("198.51.100.11", "tests"), default)).Outcome.ShouldBe(SignInOutcome.Done);
    }

    [Fact]
    public async Task SignIn_RightCodes_DoNotUseUpTheAttempts()
    {
        using var person = await FactorPerson.CreateAsync(fixture, "often@example.org");
        for (var i = 0; i < 7; i++)
        {
            using var browser = fixture.Browser();
            await browser.TrySignInAsync(person.Email, PortalFixture.Password);
            PathOf(await CodeAsync(browser, await person.NextCodeAsync())).ShouldBe("/");
        }

        // Nor do those that were given up after the password.
        for (var i = 0; i < 7; i++)
        {
            using var browser = fixture.Browser();
            PathOf(await browser.TrySignInAsync(person.Email, PortalFixture.Password)).ShouldBe("/account/login/code");
        }
    }

    [Fact]
    public async Task SignIn_WrongPassword_AnswersAsWithoutAFactor()
    {
        using var person = await FactorPerson.CreateAsync(fixture, "hidden@example.org");
        await fixture.AddUserAsync("plain@example.org", Roles.Member);
        using var browser = fixture.Browser();

        using var known = await browser.TrySignInAsync(person.Email, "not the password");
        using var plain = await browser.TrySignInAsync("plain@example.org", "not the password");

        known.StatusCode.ShouldBe(plain.StatusCode);
        known.Headers.Contains("Set-Cookie").ShouldBe(plain.Headers.Contains("Set-Cookie"));
        (await FactorPerson.TextAsync(known)).ShouldContain("E-mail or password is wrong.");
    }

    [Fact]
    public async Task Code_PasswordChangedMeanwhile_StartsAgain()
    {
        using var person = await FactorPerson.CreateAsync(fixture, "changed-meanwhile@example.org");
        using var browser = fixture.Browser();
        await browser.TrySignInAsync(person.Email, PortalFixture.Password);
        using var changed = await person.Browser.SubmitAsync("/account/password", "password",
            [("Current", PortalFixture.Password), ("New", "nine yellow umbrellas"), ("Repeat", "nine yellow umbrellas")]);

        (await FactorPerson.TextAsync(await CodeAsync(browser, await person.NextCodeAsync()))).ShouldContain("This sign-in took too long or is over.");
        browser.SessionCookie.ShouldBeNull();
    }

    [Fact]
    public async Task Code_WithoutAFirstStep_AsksToStartAgain()
    {
        using var browser = fixture.Browser();

        (await FactorPerson.TextAsync(await browser.GetAsync("/account/login/code"))).ShouldContain("Start again with e-mail and password");
        (await browser.GetAsync("/account/login/code", ("Cookie", $"{PendingSignInCookie.Name}=CfDJ8forged"))).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Link_AccountWithFactor_AsksForTheCode()
    {
        using var person = await FactorPerson.CreateAsync(fixture, "linked@example.org");
        await using var admin = await fixture.ActAsAsync(PortalFixture.AdminEmail);
        var id = await fixture.QueryAsync(db => db.Users.Where(u => u.Email == person.Email).Select(u => u.Id).SingleAsync());
        var link = await admin.Get<UserAdministration>().MakePasswordLinkAsync(id, default);
        using var browser = fixture.Browser();

        using var answer = await browser.SubmitAsync($"/account/link?token={link.LinkToken}", "link", [("New", "seven tall lanterns"), ("Repeat", "seven tall lanterns")]);

        PathOf(answer).ShouldBe("/account/login/code");
        browser.SessionCookie.ShouldBeNull();
        PathOf(await CodeAsync(browser, await person.NextCodeAsync())).ShouldBe("/");
        browser.SessionCookie.ShouldNotBeNull();
    }

    private static Task<HttpResponseMessage> CodeAsync(PortalClient browser, string code, string path = "/account/login/code") => browser.SubmitAsync(path, "code", [("Code", code)]);

    private string PathOf(HttpResponseMessage answer)
    {
        answer.StatusCode.ShouldBe(HttpStatusCode.Redirect);
        return new Uri(fixture.Portal.Address, answer.Headers.Location!).PathAndQuery;
    }

    private Task<List<SignInSession>> SessionsAsync(string email) => fixture.QueryAsync(db => db.Set<SignInSession>().AsNoTracking()
        .Where(s => s.EndedAt == null && db.Users.Any(u => u.Id == s.UserId && u.Email == email)).ToListAsync());

    private Task<List<string?>> NoticesAsync(string email) => fixture.QueryAsync(db => db.Set<Notification>()
        .Where(n => n.Kind == "account.security" && db.Users.Any(u => u.Id == n.UserId && u.Email == email)).Select(n => n.TitleKey).ToListAsync());
}
