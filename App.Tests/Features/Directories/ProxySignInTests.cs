using System.Net;
using System.Net.WebSockets;
using BlazorAdmin.Features.Account;
using BlazorAdmin.Features.Audit;
using BlazorAdmin.Features.Directories;
using BlazorAdmin.Features.Users;
using BlazorAdmin.Security;
using Microsoft.Extensions.DependencyInjection;

namespace BlazorAdmin.Tests.Features.Directories;

/// <summary>Single sign-on, and what the portal believes of a proxy, behind a real nginx.</summary>
public sealed class ProxySignInTests(ProxySite site) : IClassFixture<ProxySite>
{
    private static readonly (string, string) Nobody = ("X-Test-User", "");

    [NginxFact]
    public async Task Open_NamedByTheProxy_IsSignedInOverTlsWithTheRolesOfItsGroups()
    {
        using var browser = site.Browser();

        using var answer = await browser.GetAsync("/account", As("first@example.org"), ("X-Test-Groups", "staff, ops"));

        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        var cookie = answer.Headers.GetValues("Set-Cookie").Single(c => c.StartsWith("__Host-BlazorAdmin=", StringComparison.Ordinal));
        cookie.ShouldSatisfyAllConditions(c => c.ShouldContain("secure", Case.Insensitive), c => c.ShouldContain("httponly", Case.Insensitive), c => c.ShouldContain("samesite=lax", Case.Insensitive));
        answer.Headers.GetValues("Strict-Transport-Security").Single().ShouldBe("max-age=31536000; includeSubDomains");
        var user = await UserAsync("first@example.org");
        (await site.QueryAsync(db => (from link in db.UserRoles join role in db.Roles on link.RoleId equals role.Id where link.UserId == user.Id select role.Name).ToListAsync())).ShouldBe(["Operator"]);
        var session = await site.QueryAsync(db => db.Set<SignInSession>().SingleAsync(s => s.UserId == user.Id));
        // The address is the browser's, which the proxy forwarded, not the proxy's own.
        (session.Method, session.Address).ShouldBe((SignInMethod.Proxy, "127.0.0.1"));
        (session.ProvedAt, user.EmailConfirmed).ShouldBe((DateTimeOffset.UnixEpoch, false), "the proxy's word proves neither that somebody is there nor that mail arrives");
        using var confirm = await browser.GetAsync("/account/confirm", As("first@example.org"));
        (await confirm.Content.ReadAsStringAsync()).ShouldSatisfyAllConditions(t => t.ShouldContain("one-time sign-in"), t => t.ShouldNotContain("current-password"));
        (await site.QueryAsync(db => db.Set<AuditEntry>().Where(e => e.Action == "account.sign_in" && e.SubjectId == user.Id.ToString()).Select(e => e.Address).SingleAsync())).ShouldBe("127.0.0.1");
        using var again = await browser.GetAsync("/account", As("first@example.org"));
        again.StatusCode.ShouldBe(HttpStatusCode.OK);
        (await site.QueryAsync(db => db.Set<SignInSession>().CountAsync(s => s.UserId == user.Id))).ShouldBe(1, "the session goes on");
    }

    [NginxFact]
    public async Task Open_HeadersOfSomebodyElse_AreTakenAway()
    {
        using var direct = new PortalClient(site.Portal.Address);
        direct.Always("X-Forwarded-For", "203.0.113.7");
        using (var answer = await direct.GetAsync("/account", ("X-Remote-User", "spoofed@example.org"), ("X-Remote-Email", "spoofed@example.org"), ("X-Proxy-Secret", "shared-secret-of-the-tests"))) answer.StatusCode.ShouldBe(HttpStatusCode.Redirect, "directly");
        foreach (var way in new[] { ProxyWay.Stranger, ProxyWay.NoSecret })
        {
            using var browser = site.Browser(way);
            using var answer = await browser.GetAsync("/account", As("spoofed@example.org"));
            answer.StatusCode.ShouldBe(HttpStatusCode.Redirect, way.ToString());
            answer.Headers.Location!.OriginalString.ShouldStartWith("/account/login");
        }

        using var through = site.Browser();
        using (var answer = await through.GetAsync("/account", Nobody, ("X-Remote-User", "spoofed@example.org"), ("x-remote-email", "spoofed@example.org"))) answer.StatusCode.ShouldBe(HttpStatusCode.Redirect, "the proxy writes its own");
        (await site.QueryAsync(db => db.Users.AnyAsync(u => u.Email == "spoofed@example.org"))).ShouldBeFalse();
    }

    [NginxFact]
    public async Task StrangersForwardedHeaders_AreNotBelieved()
    {
        using var browser = site.Browser(ProxyWay.Stranger);
        browser.Always("X-Forwarded-Proto", "https");

        await browser.SignInAsync(PortalFixture.AdminEmail, PortalFixture.Password);

        browser.Cookies.GetAllCookies().ShouldAllBe(c => !c.Secure);
        (await site.QueryAsync(db => db.Set<SignInSession>().AnyAsync(s => s.Address == "127.0.0.3"))).ShouldBeTrue("its own address is all that is known");
    }

    [NginxFact]
    public async Task Open_AnotherName_EndsTheFirstSessionAndStartsAnother()
    {
        using var browser = site.Browser();
        (await browser.GetAsync("/account", As("one@example.org"))).StatusCode.ShouldBe(HttpStatusCode.OK);

        using var answer = await browser.GetAsync("/account", As("two@example.org"));

        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        (await answer.Content.ReadAsStringAsync()).ShouldSatisfyAllConditions(t => t.ShouldContain("two@example.org"), t => t.ShouldNotContain("one@example.org"));
        var (one, two) = (await UserAsync("one@example.org"), await UserAsync("two@example.org"));
        (await site.QueryAsync(db => db.Set<SignInSession>().Where(s => s.UserId == one.Id).Select(s => s.EndReason).SingleAsync())).ShouldBe(SessionEnd.Revoked);
        (await site.QueryAsync(db => db.Set<SignInSession>().CountAsync(s => s.UserId == two.Id && s.EndedAt == null))).ShouldBe(1);
        (await site.QueryAsync(db => db.Set<AuditEntry>().CountAsync(e => e.Action == "account.proxy_end" && e.SubjectId == one.Id.ToString()))).ShouldBe(1);
    }

    [NginxFact]
    public async Task Circuit_AnotherOrNoName_IsRefused()
    {
        using var browser = site.Browser();
        (await browser.GetAsync("/account", As("circuit@example.org"))).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await NegotiateAsync(browser, "circuit@example.org")).ShouldBe(HttpStatusCode.OK);
        await ConnectAsync(browser, "circuit@example.org");

        (await NegotiateAsync(browser, "other@example.org")).ShouldBe(HttpStatusCode.Unauthorized);

        var user = await UserAsync("circuit@example.org");
        (await site.QueryAsync(db => db.Set<SignInSession>().AnyAsync(s => s.UserId == user.Id && s.EndedAt == null))).ShouldBeFalse();
        (await site.QueryAsync(db => db.Users.AnyAsync(u => u.Email == "other@example.org"))).ShouldBeFalse("a circuit starts no sign-in");
    }

    [NginxFact]
    public async Task Local_AdministratorWithAPassword_GetsInBesideTheProxyAndStays()
    {
        using var browser = site.Browser();
        browser.Always("X-Test-User", "somebody@example.org");

        using (var answer = await browser.TrySignInAsync(PortalFixture.AdminEmail, PortalFixture.Password, "/account/login?local=1")) answer.StatusCode.ShouldBe(HttpStatusCode.Redirect);

        (await (await browser.GetAsync("/account")).Content.ReadAsStringAsync()).ShouldContain(PortalFixture.AdminEmail);
        (await site.QueryAsync(db => db.Users.AnyAsync(u => u.Email == "somebody@example.org"))).ShouldBeFalse();
    }

    [NginxFact]
    public async Task SignOut_OfTheProxysPerson_StaysSignedOutAndOffersTheOrganisations()
    {
        using var browser = site.Browser();
        browser.Always("X-Test-User", "leaver@example.org");
        (await browser.GetAsync("/account")).StatusCode.ShouldBe(HttpStatusCode.OK);

        using var answer = await browser.SignOutAsync();

        answer.Headers.Location!.OriginalString.ShouldBe("/account/login?local=1&reason=signedout");
        using var page = await browser.GetAsync(answer.Headers.Location!.OriginalString);
        (await page.Content.ReadAsStringAsync()).ShouldSatisfyAllConditions(t => t.ShouldContain("You are signed out"), t => t.ShouldContain("https://id.example.org/logout"), t => t.ShouldContain("Continue as leaver@example.org"));
        var user = await UserAsync("leaver@example.org");
        (await site.QueryAsync(db => db.Set<SignInSession>().AnyAsync(s => s.UserId == user.Id && s.EndedAt == null))).ShouldBeFalse();
    }

    [NginxFact]
    public async Task Login_ForeignReturnUrl_LeadsToTheStartPage()
    {
        foreach (var target in new[] { "//evil.example.org", "https://evil.example.org", "/\\evil.example.org", "/%2Fevil.example.org" })
        {
            using var browser = site.Browser();
            using var answer = await browser.GetAsync($"/account/login?returnUrl={Uri.EscapeDataString(target)}", As("returning@example.org"));
            answer.StatusCode.ShouldBe(HttpStatusCode.Redirect, target);
            new Uri(site.AddressOf(ProxyWay.Trusted), answer.Headers.Location!).PathAndQuery.ShouldBe("/", target);
        }
    }

    [NginxFact]
    public async Task Open_NameWithTheMailOfALocalAccount_IsToldAndAuditedOnce()
    {
        using var browser = site.Browser();
        for (var i = 0; i < 3; i++)
        {
            using var answer = await browser.GetAsync("/account/login", As("ada-elsewhere"), ("X-Test-Email", PortalFixture.AdminEmail));
            answer.StatusCode.ShouldBe(HttpStatusCode.OK);
            (await answer.Content.ReadAsStringAsync()).ShouldContain("ada-elsewhere");
        }

        (await site.QueryAsync(db => db.Set<AuditEntry>().CountAsync(e => e.Action == "account.sign_in" && e.Outcome == AuditOutcome.Failed && e.Detail!.Contains("ada-elsewhere")))).ShouldBe(1);
        (await site.QueryAsync(db => db.UserLogins.AnyAsync(l => l.ProviderKey == "ada-elsewhere"))).ShouldBeFalse();
    }

    [NginxFact]
    public async Task Link_ByAnAdministrator_TheNameOpensTheAccount()
    {
        using (var before = site.Browser())
        using (var answer = await before.GetAsync("/account", As("ada"), ("X-Test-Email", PortalFixture.AdminEmail))) answer.StatusCode.ShouldBe(HttpStatusCode.Redirect);
        await using var scope = site.Portal.Services.CreateAsyncScope();
        var session = (await scope.ServiceProvider.GetRequiredService<SignInService>().SignInAsync(PortalFixture.AdminEmail, PortalFixture.Password, remember: false, new SignInPlace("192.0.2.1", "tests"), default)).Session.ShouldNotBeNull();
        scope.ServiceProvider.GetRequiredService<CurrentCaller>().Use(PortalFixture.PrincipalOf(session), session.Address);
        var service = scope.ServiceProvider.GetRequiredService<SingleSignOnService>();

        (await service.LinkAsync(PortalFixture.AdminEmail, " Ada ", default)).Outcome.ShouldBe(UserOutcome.Done);

        (await service.LinkAsync(PortalFixture.AdminEmail, "another", default)).Outcome.ShouldBe(UserOutcome.NotFound, "linked once");
        (await service.ReadAsync(default)).ShouldSatisfyAllConditions(v => v.Enabled.ShouldBeTrue(), v => v.HasSecret.ShouldBeTrue(), v => v.Proxies.ShouldBe(["127.0.0.2"]));
        using var browser = site.Browser();
        using var page = await browser.GetAsync("/account", As("ADA"));
        (await page.Content.ReadAsStringAsync()).ShouldContain(PortalFixture.AdminEmail);
        (await site.QueryAsync(db => db.UserRoles.AnyAsync(r => r.UserId == session.UserId))).ShouldBeTrue("its own roles stay");
    }

    private static (string, string) As(string name) => ("X-Test-User", name);

    private Task<User> UserAsync(string email) => site.QueryAsync(db => db.Users.SingleAsync(u => u.Email == email));

    private async Task<HttpStatusCode> NegotiateAsync(PortalClient browser, string name)
    {
        using var answer = await browser.SendAsync(HttpMethod.Post, "/_blazor/negotiate?negotiateVersion=1", null, As(name), ("Origin", site.AddressOf(ProxyWay.Trusted).GetLeftPart(UriPartial.Authority)), ("Accept", "*/*"));
        return answer.StatusCode;
    }

    private async Task ConnectAsync(PortalClient browser, string name)
    {
        using var socket = new ClientWebSocket();
        socket.Options.SetRequestHeader("X-Test-User", name);
        socket.Options.SetRequestHeader("Origin", site.AddressOf(ProxyWay.Trusted).GetLeftPart(UriPartial.Authority));
        socket.Options.SetRequestHeader("Cookie", $"__Host-BlazorAdmin={browser.SessionCookie}");
        using var invoker = new HttpMessageInvoker(site.Way());
        using var patience = new CancellationTokenSource(Eventually.DefaultTimeout);
        await socket.ConnectAsync(new UriBuilder(site.AddressOf(ProxyWay.Trusted)) { Scheme = "wss", Path = "/_blazor" }.Uri, invoker, patience.Token);
        socket.State.ShouldBe(WebSocketState.Open);
    }
}
