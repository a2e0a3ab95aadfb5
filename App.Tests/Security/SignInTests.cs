using System.Net;
using BlazorAdmin.Features.Audit;
using BlazorAdmin.Security;
using Microsoft.Extensions.DependencyInjection;

namespace BlazorAdmin.Tests.Security;

public sealed class SignInTests(PortalFixture fixture) : IClassFixture<PortalFixture>
{
    [Fact]
    public async Task SignIn_RightPassword_LeadsToTheLocalReturnUrl()
    {
        using var browser = fixture.Browser();

        using var answer = await browser.TrySignInAsync(PortalFixture.AdminEmail, PortalFixture.Password, "/account/login?returnUrl=%2Fabout%3Fa%3D1");

        answer.StatusCode.ShouldBe(HttpStatusCode.Redirect);
        new Uri(fixture.Portal.Address, answer.Headers.Location!).PathAndQuery.ShouldBe("/about?a=1");
        (await fixture.QueryAsync(db => db.Set<SignInSession>().CountAsync(s => s.EndedAt == null))).ShouldBeGreaterThan(0);
    }

    [Fact]
    public async Task SignIn_Cookie_IsHttpOnlyAndSameSiteAndSmall()
    {
        using var browser = fixture.Browser();

        using var answer = await browser.TrySignInAsync(PortalFixture.AdminEmail, PortalFixture.Password);

        var cookie = answer.Headers.GetValues("Set-Cookie").Single(c => c.StartsWith("BlazorAdmin=", StringComparison.Ordinal));
        cookie.ShouldContain("httponly", Case.Insensitive);
        cookie.ShouldContain("samesite=lax", Case.Insensitive);
        cookie.ShouldNotContain("expires", Case.Insensitive);
        cookie.Length.ShouldBeLessThan(2000);
    }

    [Fact]
    public async Task SignOut_CopiedCookie_IsDeadEverywhere()
    {
        using var browser = await fixture.SignedInAsync();
        var copied = browser.SessionCookie!;
        (await browser.GetAsync("/account")).StatusCode.ShouldBe(HttpStatusCode.OK);

        using var answer = await browser.SignOutAsync();

        answer.StatusCode.ShouldBe(HttpStatusCode.Redirect);
        answer.Headers.GetValues("Clear-Site-Data").ShouldNotBeEmpty();
        foreach (var path in new[] { "/", "/account", "/account/sessions", "/admin/users", "/admin/audit", "/admin/audit/export?format=csv", "/about" })
        {
            using var thief = fixture.Browser();
            using var stolen = await thief.GetAsync(path, ("Cookie", $"BlazorAdmin={copied}"));
            stolen.StatusCode.ShouldBe(HttpStatusCode.Redirect, path);
            stolen.Headers.Location!.OriginalString.ShouldStartWith("/account/login");
            using var probe = await thief.GetAsync(path, ("Cookie", $"BlazorAdmin={copied}"), ("Accept", "application/json"));
            probe.StatusCode.ShouldBe(HttpStatusCode.Unauthorized, path);
        }
    }

    [Fact]
    public async Task SignIn_WhileSignedIn_MakesANewSessionAndEndsTheOld()
    {
        using var browser = await fixture.SignedInAsync();
        var first = browser.SessionCookie!;

        using var answer = await browser.SubmitAsync("/account", "login", [("Email", PortalFixture.AdminEmail), ("Password", PortalFixture.Password)], "/account/login");

        browser.SessionCookie.ShouldNotBe(first);
        using var thief = fixture.Browser();
        (await thief.GetAsync("/account", ("Cookie", $"BlazorAdmin={first}"))).StatusCode.ShouldBe(HttpStatusCode.Redirect);
        (await browser.GetAsync("/account")).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task SignIn_FiveWrongPasswords_LocksThePairButNotTheColleague()
    {
        await fixture.AddUserAsync("locked@example.org", Roles.Member);
        await fixture.AddUserAsync("colleague@example.org", Roles.Member);
        using var browser = fixture.Browser();
        for (var attempt = 0; attempt < 5; attempt++)
            (await Text(await browser.TrySignInAsync("locked@example.org", "wrong password"))).ShouldContain("is wrong");

        var withWrong = await Text(await browser.TrySignInAsync("locked@example.org", "wrong password"));
        using var right = await browser.TrySignInAsync("locked@example.org", PortalFixture.Password);

        right.StatusCode.ShouldBe(HttpStatusCode.OK);
        (await Text(right)).ShouldBe(withWrong);
        withWrong.ShouldContain("Too many wrong attempts");
        using var colleague = await fixture.SignedInAsync("colleague@example.org");
        colleague.SessionCookie.ShouldNotBeNull();
        var locked = await fixture.QueryAsync(db => db.Users.Where(u => u.Email == "locked@example.org").Select(u => u.Id.ToString()).SingleAsync());
        (await fixture.QueryAsync(db => db.Set<AuditEntry>().CountAsync(e => e.Action == "account.sign_in" && e.Outcome == AuditOutcome.Failed && e.SubjectId == locked))).ShouldBe(5);
    }

    [Fact]
    public async Task SignIn_UnknownAndClosedAccount_AnswerLikeAWrongPassword()
    {
        var closed = await fixture.AddUserAsync("closed@example.org", Roles.Member);
        await fixture.AddUserAsync("open@example.org", Roles.Member);
        await fixture.QueryAsync(db => db.Users.Where(u => u.Id == closed.Id).ExecuteUpdateAsync(set => set.SetProperty(u => u.DeactivatedAt, DateTimeOffset.UtcNow)));
        using var browser = fixture.Browser();

        var known = await Text(await browser.TrySignInAsync("open@example.org", "wrong password"));
        var unknown = await Text(await browser.TrySignInAsync("nobody@example.org", "wrong password"));
        var inactive = await Text(await browser.TrySignInAsync("closed@example.org", PortalFixture.Password));

        unknown.Replace("nobody@", "open@", StringComparison.Ordinal).ShouldBe(known);
        inactive.Replace("closed@", "open@", StringComparison.Ordinal).ShouldBe(known);
    }

    [Fact]
    public async Task SignIn_PasswordTypedAsAccount_IsNotRecorded()
    {
        using var browser = fixture.Browser();

        await browser.TrySignInAsync("my secret words", "x");

        (await fixture.QueryAsync(db => db.Set<AuditEntry>().AnyAsync(e => e.SubjectName!.Contains("secret") || e.Detail!.Contains("secret")))).ShouldBeFalse();
    }

    [Fact]
    public async Task Request_SessionExpired_IsRefused()
    {
        using var browser = await fixture.SignedInAsync();
        await fixture.QueryAsync(db => db.Set<SignInSession>().ExecuteUpdateAsync(set => set.SetProperty(s => s.ExpiresAt, DateTimeOffset.UtcNow.AddMinutes(-1))));

        await Eventually.Holds(async () => (await browser.GetAsync("/account")).StatusCode == HttpStatusCode.Redirect, because: "the session is over");
    }

    [Fact]
    public async Task Active_Told_MovesTheIdleEndButNotTheLast()
    {
        using var browser = await fixture.SignedInAsync();
        var session = await fixture.QueryAsync(db => db.Set<SignInSession>().OrderByDescending(s => s.CreatedAt).FirstAsync());
        await fixture.QueryAsync(db => db.Set<SignInSession>().Where(s => s.Id == session.Id)
            .ExecuteUpdateAsync(set => set.SetProperty(s => s.LastSeenAt, DateTimeOffset.UtcNow.AddHours(-3)).SetProperty(s => s.ExpiresAt, DateTimeOffset.UtcNow.AddHours(1))));

        (await browser.GetAsync("/account/active", ("Accept", "*/*"))).StatusCode.ShouldBe(HttpStatusCode.NoContent);

        var moved = await fixture.QueryAsync(db => db.Set<SignInSession>().SingleAsync(s => s.Id == session.Id));
        moved.LastSeenAt.ShouldBeGreaterThan(DateTimeOffset.UtcNow.AddMinutes(-5));
        moved.ExpiresAt.ShouldBeGreaterThan(DateTimeOffset.UtcNow.AddHours(7));
        moved.EndsAt.ShouldBe(session.EndsAt);
        using var stranger = fixture.Browser();
        (await stranger.GetAsync("/account/active", ("Accept", "*/*"))).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task Form_WithoutToken_IsRefusedWithAReadablePage()
    {
        using var browser = await fixture.SignedInAsync();

        using var answer = await browser.SendAsync(HttpMethod.Post, "/account/logout", new FormUrlEncodedContent([]));

        answer.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await answer.Content.ReadAsStringAsync()).ShouldContain("This form is out of date");
        (await browser.GetAsync("/account")).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task PasswordChange_OtherSessions_End()
    {
        await fixture.AddUserAsync("changer@example.org", Roles.Member);
        using var here = await fixture.SignedInAsync("changer@example.org");
        using var there = await fixture.SignedInAsync("changer@example.org");

        using var wrong = await here.SubmitAsync("/account/password", "password", [("Current", "not it at all"), ("New", "a brand new sentence"), ("Repeat", "a brand new sentence")]);
        (await Text(wrong)).ShouldContain("The current password is wrong");
        using var answer = await here.SubmitAsync("/account/password", "password", [("Current", PortalFixture.Password), ("New", "a brand new sentence"), ("Repeat", "a brand new sentence")]);

        (await Text(answer)).ShouldContain("The password is changed");
        (await here.GetAsync("/account")).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await there.GetAsync("/account")).StatusCode.ShouldBe(HttpStatusCode.Redirect);
        using var again = fixture.Browser();
        await again.SignInAsync("changer@example.org", "a brand new sentence");
    }

    [Fact]
    public async Task Sessions_EndOthers_LeavesThisOne()
    {
        await fixture.AddUserAsync("several@example.org", Roles.Member);
        using var here = await fixture.SignedInAsync("several@example.org");
        using var there = await fixture.SignedInAsync("several@example.org");

        using var answer = await here.SubmitAsync("/account/sessions", "sessions", [("End", "others")]);

        (await Text(answer)).ShouldContain("Sign-ins ended: 1");
        (await there.GetAsync("/account")).StatusCode.ShouldBe(HttpStatusCode.Redirect);
        (await here.GetAsync("/account")).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Profile_Saved_IsShownAndRenamesTheAuditActor()
    {
        var user = await fixture.AddUserAsync("profile@example.org", Roles.Member);
        using var browser = await fixture.SignedInAsync("profile@example.org");

        using var answer = await browser.SubmitAsync("/account", "profile",
            [("Name", "Grace Hopper"), ("Language", "de"), ("TimeZone", "Europe/Berlin"), ("Theme", "Dark"), ("Density", "Compact")]);

        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        var saved = await fixture.QueryAsync(db => db.Users.SingleAsync(u => u.Id == user.Id));
        (saved.DisplayName, saved.Language, saved.TimeZone).ShouldBe(("Grace Hopper", "de", "Europe/Berlin"));
        (await fixture.QueryAsync(db => db.Set<AuditActor>().SingleAsync(a => a.Id == user.Id))).Name.ShouldBe("Grace Hopper");
        (await Text(await browser.GetAsync("/account/password"))).ShouldContain("Passwort ändern");
    }

    // The antiforgery token and the renderer's state differ from page to page.
    private static async Task<string> Text(HttpResponseMessage response)
    {
        using (response)
        {
            var html = System.Net.WebUtility.HtmlDecode(await response.Content.ReadAsStringAsync());
            return System.Text.RegularExpressions.Regex.Replace(html, "value=\"CfDJ8[^\"]*\"|<!--Blazor-Server-Component-State:[^>]*-->", "");
        }
    }
}
