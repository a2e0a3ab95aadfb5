using System.Net;
using BlazorAdmin.Data;
using BlazorAdmin.Features.Account;
using BlazorAdmin.Features.Settings;
using Microsoft.Extensions.DependencyInjection;

namespace BlazorAdmin.Tests.Security;

public sealed class SetupTests
{
    [Fact]
    public async Task Setup_EmptyDatabase_MakesOneAdministratorByOneCode()
    {
        await using var portal = await RunningPortal.StartAsync();
        using var browser = new PortalClient(portal.Address);
        await using var db = await portal.Services.GetRequiredService<IDbContextFactory<AppDbContext>>().CreateDbContextAsync();
        // The announcer stores its code first; a later one replaces it, as after a restart.
        await Eventually.Holds(() => db.Set<SystemValue>().AnyAsync(v => v.Key.StartsWith("Setup.Code.")), because: "the code is announced");
        var code = await portal.Services.GetRequiredService<SetupCode>().IssueAsync(db, CancellationToken.None);

        (await browser.GetAsync("/admin/users")).Headers.Location!.OriginalString.ShouldBe("/setup");
        (await browser.GetAsync("/account/login")).Headers.Location!.OriginalString.ShouldBe("/setup");
        (await browser.GetAsync("/health/ready", ("Accept", "application/json"))).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await Submit(browser, "AAAA-AAAA-AAAA-AAAA", "first@example.org")).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await Submit(browser, code, "first@example.org", "short")).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await db.Users.CountAsync()).ShouldBe(0);

        // Two posts at once, each with its own browser: one administrator.
        using var second = new PortalClient(portal.Address);
        await Task.WhenAll(Submit(browser, code, "first@example.org"), Submit(second, code, "second@example.org"));

        (await db.Users.CountAsync()).ShouldBe(1);
        (await db.Set<SystemValue>().AnyAsync(v => v.Key.StartsWith("Setup.Code."))).ShouldBeFalse();
        new Uri(portal.Address, (await browser.GetAsync("/setup")).Headers.Location!).AbsolutePath.ShouldBe("/");
        (browser.SessionCookie is not null ^ second.SessionCookie is not null).ShouldBeTrue();
    }

    [Fact]
    public async Task Bootstrap_BadPassword_StopsTheStart() =>
        (await Should.ThrowAsync<InvalidOperationException>(() => RunningPortal.StartAsync("--Bootstrap:AdminEmail=a@example.org", "--Bootstrap:AdminPassword=short"))).Message.ShouldContain("ended with 1");

    private static Task<HttpResponseMessage> Submit(PortalClient browser, string code, string email, string password = PortalFixture.Password) =>
        browser.SubmitAsync("/setup", "setup", [("Code", code), ("Name", "Ada"), ("Email", email), ("Password", password)]);
}
