using System.Net;
using System.Text;
using BlazorAdmin.Security;
using BlazorAdmin.Security.Http;
using Microsoft.Extensions.DependencyInjection;

namespace BlazorAdmin.Tests.Security;

public sealed class ResponseTests(PortalFixture fixture) : IClassFixture<PortalFixture>
{
    [Theory]
    [InlineData("/account/login", false, 200)]
    [InlineData("/css/tokens.css", false, 200)]
    [InlineData("/health/live", false, 200)]
    [InlineData("/health", false, 302)]
    [InlineData("/health", true, 200)]
    [InlineData("/nothing-here", true, 404)]
    [InlineData("/account", true, 200)]
    [InlineData("/", true, 200)]
    [InlineData("/admin/users", false, 302)]
    [InlineData("/admin/audit/export?format=csv", true, 200)]
    [InlineData("/admin/audit/export?format=exe", true, 400)]
    [InlineData("/_blazor/negotiate", false, 401)]
    public async Task Response_OfEveryKind_CarriesTheSecurityHeaders(string path, bool signedIn, int status)
    {
        using var browser = signedIn ? await fixture.SignedInAsync() : fixture.Browser();

        using var answer = await browser.GetAsync(path);

        ((int)answer.StatusCode).ShouldBe(status);
        var policy = answer.Headers.GetValues("Content-Security-Policy").Single();
        foreach (var part in new[] { "default-src 'self'", "script-src 'self'", "object-src 'none'", "base-uri 'self'", "frame-ancestors 'none'", "form-action 'self'", "report-uri /security/csp-report" })
            policy.ShouldContain(part);
        policy.ShouldContain($"connect-src 'self' ws://{fixture.Portal.Address.Authority};");
        answer.Headers.GetValues("X-Content-Type-Options").Single().ShouldBe("nosniff");
        answer.Headers.GetValues("Referrer-Policy").Single().ShouldBe("same-origin");
        answer.Headers.GetValues("Cross-Origin-Opener-Policy").Single().ShouldBe("same-origin");
        answer.Headers.GetValues("Cross-Origin-Resource-Policy").Single().ShouldBe("same-origin");
        answer.Headers.Contains("Permissions-Policy").ShouldBeTrue();
        answer.Headers.Contains("Server").ShouldBeFalse();
        answer.Headers.Contains("X-Powered-By").ShouldBeFalse();
        answer.Headers.Contains("Strict-Transport-Security").ShouldBeFalse("plain http");
        if (signedIn) answer.Headers.CacheControl!.NoStore.ShouldBeTrue();
    }

    [Theory]
    [InlineData("/.git/config")]
    [InlineData("/appsettings.json")]
    [InlineData("/swagger")]
    [InlineData("/admin/users")]
    [InlineData("/documents")]
    [InlineData("/about")]
    public async Task Anonymous_ScriptOrProbe_Gets401(string path)
    {
        using var browser = fixture.Browser();

        using var answer = await browser.GetAsync(path, ("Accept", "*/*"));

        answer.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task Trace_IsRefused()
    {
        using var browser = fixture.Browser();

        using var answer = await browser.SendAsync(HttpMethod.Trace, "/account/login", null);

        ((int)answer.StatusCode).ShouldBeInRange(400, 499);
    }

    [Theory]
    [InlineData("http://evil.example")]
    [InlineData("null")]
    [InlineData("http://127.0.0.1:1")]
    [InlineData("not an origin")]
    [InlineData(null)]
    public async Task Circuit_ForeignOrMissingOrigin_IsRefused(string? origin)
    {
        using var browser = await fixture.SignedInAsync();

        using var negotiate = await Negotiate(browser, origin);
        using var socket = origin is null
            ? await browser.GetAsync("/_blazor?id=1", Upgrade)
            : await browser.GetAsync("/_blazor?id=1", [.. Upgrade, ("Origin", origin)]);

        negotiate.StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        ((int)socket.StatusCode).ShouldBeOneOf(403, 404);
    }

    [Fact]
    public async Task Circuit_OwnOrigin_NeedsSignIn()
    {
        var origin = fixture.Portal.Address.GetLeftPart(UriPartial.Authority);
        using var stranger = fixture.Browser();
        using var browser = await fixture.SignedInAsync();

        (await Negotiate(stranger, origin)).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        (await Negotiate(browser, origin)).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task CspReport_Received_IsCounted()
    {
        var reports = fixture.Services.GetRequiredService<CspReports>();
        var before = reports.Count;
        using var browser = fixture.Browser();

        using var answer = await browser.SendAsync(HttpMethod.Post, SecurityHeaders.ReportPath,
            new StringContent("""{"csp-report":{"document-uri":"http://x/","violated-directive":"script-src","blocked-uri":"inline\r\nfake line"}}""", Encoding.UTF8, "application/csp-report"));

        answer.StatusCode.ShouldBe(HttpStatusCode.NoContent);
        reports.Count.ShouldBe(before + 1);
    }

    [Fact]
    public async Task CspReport_HalfAPairOfSurrogates_IsTakenAsUnreadable()
    {
        using var browser = fixture.Browser();

        using var answer = await browser.SendAsync(HttpMethod.Post, SecurityHeaders.ReportPath,
            new StringContent("{\"csp-report\":{\"document-uri\":\"http://x/\\ud83d\"}}", Encoding.UTF8, "application/csp-report"));

        answer.StatusCode.ShouldBe(HttpStatusCode.NoContent);
    }

    [Fact]
    public async Task ForwardedFor_FromAStranger_DoesNotReachTheSession()
    {
        await fixture.AddUserAsync("forwarded@example.org", Roles.Member);
        using var browser = fixture.Browser();
        using var page = await browser.GetAsync("/account/login", ("X-Forwarded-For", "203.0.113.9"));
        await browser.SignInAsync("forwarded@example.org", PortalFixture.Password);

        (await fixture.QueryAsync(db => db.Set<SignInSession>().AnyAsync(s => s.Address == "203.0.113.9"))).ShouldBeFalse();
    }

    [Fact]
    public async Task NotFound_SignedIn_ShowsThePortalsOwnPage()
    {
        using var browser = await fixture.SignedInAsync();

        using var answer = await browser.GetAsync("/nothing-here");

        answer.StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await answer.Content.ReadAsStringAsync()).ShouldContain("_framework/blazor.web");
    }

    [Fact]
    public async Task Setup_AfterSetUp_LeadsAway()
    {
        using var browser = fixture.Browser();

        using var answer = await browser.GetAsync("/setup");

        answer.Headers.Location!.OriginalString.ShouldBe("/");
    }

    private static readonly (string, string)[] Upgrade =
        [("Connection", "Upgrade"), ("Upgrade", "websocket"), ("Sec-WebSocket-Version", "13"), ("Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ==")];

    private static Task<HttpResponseMessage> Negotiate(PortalClient browser, string? origin) =>
        browser.SendAsync(HttpMethod.Post, "/_blazor/negotiate?negotiateVersion=1", new ByteArrayContent([]), origin is null ? [] : [("Origin", origin)]);
}
