using System.Net;
using BlazorAdmin.Features.Account;
using BlazorAdmin.Features.Audit;
using BlazorAdmin.Features.Notifications;
using BlazorAdmin.Features.Users;
using BlazorAdmin.Security;
using BlazorAdmin.Tests.Features.Account.Factors;

namespace BlazorAdmin.Tests.Features.Account;

public sealed class SignInLinksTests(PortalFixture fixture) : IClassFixture<PortalFixture>
{
    private static readonly SignInPlace Place = new("192.0.2.8", "tests");

    [Fact]
    public async Task Make_SomebodyWhoSignedInBefore_EndsSoonAFirstLinkAfterDays()
    {
        await using var admin = await fixture.ActAsAsync(PortalFixture.AdminEmail);
        var users = admin.Get<UserAdministration>();
        await fixture.AddUserAsync("in-use@example.org", Roles.Member);
        await using var known = await fixture.ActAsAsync("in-use@example.org");
        var before = DateTimeOffset.UtcNow;

        var first = (await users.CreateAsync(new NewUser("New", "brand-new@example.org", null, []), default)).Link!;
        var reset = (await users.MakePasswordLinkAsync(known.Session.UserId, default)).Link!;

        first.EndsAt.ShouldBeInRange(before + UserAdministration.SetupLinkLifetime, DateTimeOffset.UtcNow + UserAdministration.SetupLinkLifetime);
        reset.EndsAt.ShouldBeInRange(before + UserAdministration.ResetLinkLifetime, DateTimeOffset.UtcNow + UserAdministration.ResetLinkLifetime);
        UserAdministration.ResetLinkLifetime.ShouldBe(TimeSpan.FromMinutes(30));
        (await fixture.QueryAsync(db => db.Set<Notification>().CountAsync(n => n.UserId == known.Session.UserId && n.TitleKey == "LinkMadeTitle"))).ShouldBe(1, "the owner hears of it");
        var used = (await admin.Get<SignInLinks>().UseAsync(first.Token, "four narrow bridges", Place, default))!.Session!.UserId;
        (await users.MakePasswordLinkAsync(used, default)).Link!.EndsAt.ShouldBeLessThan(DateTimeOffset.UtcNow.AddMinutes(31), "who came in by a link has signed in");
    }

    [Fact]
    public async Task Use_NewPassword_TellsTheOwnerAndEndsOtherLinks()
    {
        await using var admin = await fixture.ActAsAsync(PortalFixture.AdminEmail);
        var user = await fixture.AddUserAsync("two-links@example.org", Roles.Member);
        var token = (await admin.Get<UserAdministration>().MakePasswordLinkAsync(user.Id, default)).LinkToken!;
        var other = await AddAsync(user.Id, SignInLinkKind.SignIn);
        var links = admin.Get<SignInLinks>();

        (await links.UseAsync(token, "six copper kettles", Place, default)).ShouldNotBeNull();

        (await links.FindAsync(other, default)).ShouldBeNull();
        (await fixture.QueryAsync(db => db.Set<Notification>().CountAsync(n => n.UserId == user.Id && n.TitleKey == "PasswordByLinkTitle"))).ShouldBe(1);
    }

    [Fact]
    public async Task Use_LinkThatConfirmsAnAddress_SignsNobodyIn()
    {
        await using var admin = await fixture.ActAsAsync(PortalFixture.AdminEmail);
        var user = await fixture.AddUserAsync("moves@example.org", Roles.Member);
        var token = await AddAsync(user.Id, SignInLinkKind.EmailChange);

        (await admin.Get<SignInLinks>().FindAsync(token, default)).ShouldBeNull();
        (await admin.Get<SignInLinks>().UseAsync(token, "six silver kettles", Place, default)).ShouldBeNull();
    }

    [Fact]
    public async Task Page_ManyWrongLinks_DoNotCloseItToTheRightOne()
    {
        await using var admin = await fixture.ActAsAsync(PortalFixture.AdminEmail);
        var user = await fixture.AddUserAsync("patient@example.org", Roles.Member);
        var token = (await admin.Get<UserAdministration>().MakePasswordLinkAsync(user.Id, default)).LinkToken!;
        using var browser = fixture.Browser();

        for (var i = 0; i < 35; i++) (await FactorPerson.TextAsync(await browser.GetAsync($"/account/link?token=wrong{i}"))).ShouldContain("This link");

        (await FactorPerson.TextAsync(await browser.GetAsync($"/account/link?token={token}"))).ShouldContain("patient@example.org");
    }

    [Fact]
    public async Task Page_UsedWhileSignedIn_EndsTheEarlierSignIn()
    {
        await using var admin = await fixture.ActAsAsync(PortalFixture.AdminEmail);
        await fixture.AddUserAsync("earlier@example.org", Roles.Member);
        var user = await fixture.AddUserAsync("later@example.org", Roles.Member);
        var token = (await admin.Get<UserAdministration>().MakePasswordLinkAsync(user.Id, default)).LinkToken!;
        using var browser = await fixture.SignedInAsync("earlier@example.org");
        var copied = browser.SessionCookie!;

        using var answer = await browser.SubmitAsync($"/account/link?token={token}", "link", [("New", "ten marble stairs"), ("Repeat", "ten marble stairs")]);

        answer.StatusCode.ShouldBe(HttpStatusCode.Redirect);
        browser.SessionCookie.ShouldNotBe(copied);
        using var thief = fixture.Browser();
        (await thief.GetAsync("/account", ("Cookie", $"BlazorAdmin={copied}"))).StatusCode.ShouldBe(HttpStatusCode.Redirect);
    }

    private Task<string> AddAsync(Guid user, SignInLinkKind kind) => fixture.QueryAsync(async db =>
    {
        var (link, token) = SignInLink.Make(user, kind, DateTimeOffset.UtcNow, TimeSpan.FromMinutes(10));
        db.Add(link);
        using (AuditScope.EngineOwn()) await db.SaveChangesAsync();
        return token;
    });
}
