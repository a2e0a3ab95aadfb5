using BlazorAdmin.Tests.Features.Settings;
using System.Net;
using System.Text.Json;
using BlazorAdmin.Features.Account.Factors;
using BlazorAdmin.Features.Audit;
using BlazorAdmin.Features.Notifications;
using BlazorAdmin.Features.Settings;
using BlazorAdmin.Security;
using Microsoft.AspNetCore.Http;

namespace BlazorAdmin.Tests.Features.Account.Factors;

public sealed class PasskeyTests(PortalFixture fixture) : IClassFixture<PortalFixture>
{
    private string Origin => $"http://localhost:{fixture.Portal.Address.Port}";

    [Fact]
    public async Task Passkey_Added_SignsInAsBothFactors()
    {
        using var person = await FactorPerson.SetUpAsync(fixture, "passes@example.org", await OpenAsync("passes@example.org"));
        using var device = new SoftDevice();

        (await AddAsync(person.Browser, device, "Blue key")).ShouldContain("The passkey is added.");

        using var browser = Browser();
        using var answer = await SignInAsync(browser, device);
        PathOf(answer).ShouldBe("/");
        browser.SessionCookie.ShouldNotBeNull();
        (await FactorPerson.TextAsync(await browser.GetAsync("/account/security"))).ShouldContain("Blue key");
        var methods = await MethodsAsync("passes@example.org");
        methods.ShouldBe([SignInMethod.Authenticator, SignInMethod.Passkey], ignoreOrder: true, "the one that set the app up, and the sign-in");
        (await RowsAsync("account.passkey_added", "passes")).ShouldBe(1);
        (await fixture.QueryAsync(db => db.Set<Notification>().CountAsync(n => n.TitleKey == "PasskeyAddedTitle" && n.Arguments!.Contains("Blue key")))).ShouldBe(1);
    }

    [Fact]
    public async Task Answer_BroughtAgain_CountsOnce()
    {
        using var owner = await OpenAsync("replayed@example.org");
        // Some devices do not count: then only the portal can tell a copy.
        using var device = new SoftDevice { Counts = false };
        await AddAsync(owner, device);
        using var first = Browser();
        using var second = Browser();
        var (options, state) = await BeginAsync(first, "/account/login", "/account/login/passkey");
        (string, string)[] answer = [("State", state), ("Answer", device.Show(options, Origin))];

        var answers = await Task.WhenAll(first.SubmitAsync("/account/login", "passkey", answer), second.SubmitAsync("/account/login", "passkey", answer));

        answers.Count(a => a.StatusCode == HttpStatusCode.Redirect).ShouldBe(1);
        foreach (var written in new[] { state, state + "\n", $"{state[..9]} {state[9..]}" })
            (await FactorPerson.TextAsync(await Browser().SubmitAsync("/account/login", "passkey", [("State", written), answer[1]]))).ShouldContain("The passkey was not accepted");
    }

    [Fact]
    public async Task SignIn_WrongOriginLockedDeviceOldCounterOrClosedAccount_IsRefused()
    {
        using var owner = await OpenAsync("picky@example.org");
        using var device = new SoftDevice();
        await AddAsync(owner, device);
        using var browser = Browser();

        await RefusedAsync(browser, device, "https://evil.example");
        await RefusedAsync(browser, device, $"http://127.0.0.1:{fixture.Portal.Address.Port}");
        await RefusedAsync(browser, device, "http://localhost:1");
        device.Verified = false;
        await RefusedAsync(browser, device, Origin);
        device.Verified = true;
        PathOf(await SignInAsync(Browser(), device)).ShouldBe("/");
        device.Counter = 0;
        await RefusedAsync(browser, device, Origin, "a copy that counts from the start");
        device.Counter = 100;
        using var stranger = new SoftDevice();
        await RefusedAsync(browser, stranger, Origin);
        await fixture.QueryAsync(db => db.Users.Where(u => u.Email == "picky@example.org").ExecuteUpdateAsync(set => set.SetProperty(u => u.DeactivatedAt, DateTimeOffset.UtcNow)));
        await RefusedAsync(browser, device, Origin);
        browser.SessionCookie.ShouldBeNull();
    }

    [Fact]
    public async Task Add_ElevenTimes_KeepsTen()
    {
        using var owner = await OpenAsync("collects@example.org");
        for (var i = 0; i < PasskeyRules.Most; i++)
        {
            using var device = new SoftDevice();
            (await AddAsync(owner, device, $"Key {i}")).ShouldContain("The passkey is added.");
        }

        using var answer = await owner.SubmitAsync("/account/security", null, [], "/account/security/passkey");

        (await answer.Content.ReadAsStringAsync()).ShouldContain("/account/security");
        (await FactorPerson.TextAsync(await owner.GetAsync("/account/security"))).ShouldContain("There are ten passkeys");
    }

    [Fact]
    public async Task Remove_LastWayIn_IsRefused()
    {
        using var owner = await OpenAsync("only-key@example.org");
        using var device = new SoftDevice();
        await AddAsync(owner, device);
        await fixture.QueryAsync(db => db.Users.Where(u => u.Email == "only-key@example.org").ExecuteUpdateAsync(set => set.SetProperty(u => u.PasswordHash, (string?)null)));

        (await RemoveAsync(owner, device)).ShouldContain("This is the only way into your account");

        using var second = new SoftDevice();
        await AddAsync(owner, second);
        (await RemoveAsync(owner, device)).ShouldContain("The passkey is removed.");
        (await RowsAsync("account.passkey_removed", "only-key")).ShouldBe(1);
        using var browser = Browser();
        await RefusedAsync(browser, device, Origin);
        PathOf(await SignInAsync(browser, second)).ShouldBe("/");
    }

    [Fact]
    public async Task RequiredByRole_PasswordSignInOfSomebodyWithAPasskey_WantsThePasskey()
    {
        using var owner = await OpenAsync("auditing@example.org", Roles.Auditor);
        using var device = new SoftDevice();
        await AddAsync(owner, device);
        await using var admin = await fixture.ActAsAsync(PortalFixture.AdminEmail);
        (await admin.Get<SettingsService>().SetAsync("Security:RequireSecondFactorFor:0", Roles.Auditor)).IsDone.ShouldBeTrue();
        try
        {
            using var browser = Browser();
            await browser.SignInAsync("auditing@example.org", PortalFixture.Password);
            await Eventually.Holds(async () => (await browser.GetAsync("/admin/audit")).StatusCode == HttpStatusCode.Redirect, because: "the password alone is not enough");
            (await FactorPerson.TextAsync(await browser.GetAsync("/account/security"))).ShouldContain("/account/confirm?returnUrl=");
            var (options, state) = await BeginAsync(browser, "/account/confirm", "/account/confirm/passkey");
            PathOf(await browser.SubmitAsync("/account/confirm", "confirm-passkey", [("State", state), ("Answer", device.Show(options, Origin))])).ShouldBe("/");

            (await browser.GetAsync("/admin/audit")).StatusCode.ShouldBe(HttpStatusCode.OK);
            (await RemoveAsync(browser, device)).ShouldContain("this passkey is the only one");
        }
        finally
        {
            await admin.Get<SettingsService>().RemoveAsync("Security:RequireSecondFactorFor:0");
        }
    }

    [Fact]
    public async Task RequiredByRole_PasswordAlone_EnrolsNoFactorBesideThePasskey()
    {
        using var owner = await OpenAsync("robbed@example.org", Roles.Auditor);
        using var device = new SoftDevice();
        await AddAsync(owner, device);
        (await MethodsAsync("robbed@example.org")).ShouldBe([SignInMethod.Passkey], "who added a passkey has shown it");
        await using var admin = await fixture.ActAsAsync(PortalFixture.AdminEmail);
        (await admin.Get<SettingsService>().SetAsync("Security:RequireSecondFactorFor:0", Roles.Auditor)).IsDone.ShouldBeTrue();
        try
        {
            using var thief = Browser();
            await thief.SignInAsync("robbed@example.org", PortalFixture.Password);
            await Eventually.Holds(async () => (await thief.GetAsync("/account/security/authenticator")).StatusCode == HttpStatusCode.Redirect, because: "the password is of now, but it is not enough");
            (await (await thief.SubmitAsync("/account/security", null, [], "/account/security/passkey")).Content.ReadAsStringAsync()).ShouldContain("/account/confirm");
            PathOf(await thief.SubmitAsync("/account/security", "passkeys", [("Remove", device.Id)])).ShouldStartWith("/account/confirm");
            var page = await FactorPerson.TextAsync(await thief.GetAsync("/account/confirm"));
            page.ShouldContain("confirm with your passkey");
            page.ShouldNotContain("type=\"password\"");
            await thief.SubmitAsync("/account/confirm", "confirm", [("Password", PortalFixture.Password)]);
            PathOf(await thief.GetAsync("/account/security/authenticator")).ShouldStartWith("/account/confirm");
            (await owner.GetAsync("/account/security/authenticator")).StatusCode.ShouldBe(HttpStatusCode.OK, "who showed the passkey goes on");

            var (options, state) = await BeginAsync(thief, "/account/confirm", "/account/confirm/passkey");
            PathOf(await thief.SubmitAsync("/account/confirm", "confirm-passkey", [("State", state), ("Answer", device.Show(options, Origin))])).ShouldBe("/");
            (await thief.GetAsync("/account/security/authenticator")).StatusCode.ShouldBe(HttpStatusCode.OK);
        }
        finally
        {
            await admin.Get<SettingsService>().RemoveAsync("Security:RequireSecondFactorFor:0");
        }
    }

    [Fact]
    public async Task Changes_ProofTooOld_AskToConfirmWhichThePasskeyDoes()
    {
        using var owner = await OpenAsync("renames@example.org");
        using var device = new SoftDevice();
        await AddAsync(owner, device);
        await fixture.QueryAsync(db => db.Set<SignInSession>().Where(s => db.Users.Any(u => u.Id == s.UserId && u.Email == "renames@example.org"))
            .ExecuteUpdateAsync(set => set.SetProperty(s => s.ProvedAt, DateTimeOffset.UtcNow.AddMinutes(-6))));
        using var stranger = await OpenAsync("stranger@example.org");
        using var other = new SoftDevice();
        await AddAsync(stranger, other);

        (await (await owner.SubmitAsync("/account/security", null, [], "/account/security/passkey")).Content.ReadAsStringAsync()).ShouldContain("/account/confirm");
        PathOf(await owner.SubmitAsync("/account/security", "passkeys", [("Remove", device.Id)])).ShouldStartWith("/account/confirm");
        (await FactorPerson.TextAsync(await stranger.SubmitAsync("/account/security", "passkeys", [("Remove", device.Id)]))).ShouldContain("This passkey is gone already");
        await stranger.SubmitAsync("/account/security", "passkeys", [($"Name.{device.Id}", "Mine now")]);
        (await FactorPerson.TextAsync(await owner.SubmitAsync("/account/security", "passkeys", [($"Name.{device.Id}", " ")]))).ShouldContain("Name: use 1 to 100 characters");
        (await FactorPerson.TextAsync(await owner.SubmitAsync("/account/security", "passkeys", [($"Name.{device.Id}", "Green key")]))).ShouldContain("Green key");
        var (options, state) = await BeginAsync(owner, "/account/confirm", "/account/confirm/passkey");
        PathOf(await owner.SubmitAsync("/account/confirm?returnUrl=%2Faccount%2Fsecurity", "confirm-passkey", [("State", state), ("Answer", device.Show(options, Origin))])).ShouldBe("/account/security");

        (await RemoveAsync(owner, device)).ShouldContain("The passkey is removed.");
    }

    [Fact]
    public async Task Begin_WithoutFormToken_IsRefused()
    {
        using var browser = Browser();
        foreach (var path in new[] { "/account/login/passkey", "/account/security/passkey", "/account/confirm/passkey" })
            (await browser.SendAsync(HttpMethod.Post, path, new FormUrlEncodedContent([]))).StatusCode.ShouldNotBe(HttpStatusCode.OK, path);
    }

    [Theory]
    [InlineData("https://portal.example.org", "portal.example.org", null, true)]
    [InlineData("https://portal.example.org:8443", "portal.example.org:8443", null, true)]
    [InlineData("https://portal.example.org", "portal.example.org", "example.org", true)]
    [InlineData("https://portal.example.org", "portal.example.org", "other.org", false)]
    [InlineData("https://portal.badexample.org", "portal.badexample.org", "example.org", false)]
    [InlineData("https://portal.example.org:8443", "portal.example.org", null, false)]
    [InlineData("https://evil.example", "portal.example.org", null, false)]
    [InlineData("http://portal.example.org", "portal.example.org", null, false)]
    [InlineData("http://localhost:5000", "localhost:5000", null, true)]
    [InlineData("null", "localhost", null, false)]
    public void Origin_ComparedWithThePortal_IsOursOrNot(string origin, string host, string? domain, bool expected)
    {
        var request = new DefaultHttpContext().Request;
        request.Host = new HostString(host);

        PasskeyRules.IsOurs(origin, request, domain).ShouldBe(expected);
    }

    private PortalClient Browser() => new(new Uri(Origin));

    private async Task<PortalClient> OpenAsync(string email, string role = Roles.Member)
    {
        await fixture.AddUserAsync(email, role);
        var browser = Browser();
        await browser.SignInAsync(email, PortalFixture.Password);
        return browser;
    }

    private static async Task<(JsonElement Options, string State)> BeginAsync(PortalClient browser, string page, string begin)
    {
        using var answer = await browser.SubmitAsync(page, null, [], begin);
        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        using var json = JsonDocument.Parse(await answer.Content.ReadAsStringAsync());
        return (JsonDocument.Parse(json.RootElement.GetProperty("options").GetString()!).RootElement, json.RootElement.GetProperty("state").GetString()!);
    }

    private async Task<string> AddAsync(PortalClient browser, SoftDevice device, string name = "Some key")
    {
        var (options, state) = await BeginAsync(browser, "/account/security", "/account/security/passkey");
        return await FactorPerson.TextAsync(await browser.SubmitAsync("/account/security", "add-passkey", [("State", state), ("Answer", device.Create(options, Origin)), ("PasskeyName", name)]));
    }

    private async Task<HttpResponseMessage> SignInAsync(PortalClient browser, SoftDevice device, string? origin = null)
    {
        var (options, state) = await BeginAsync(browser, "/account/login", "/account/login/passkey");
        return await browser.SubmitAsync("/account/login", "passkey", [("State", state), ("Answer", device.Show(options, origin ?? Origin))]);
    }

    private async Task RefusedAsync(PortalClient browser, SoftDevice device, string origin, string? because = null) =>
        (await FactorPerson.TextAsync(await SignInAsync(browser, device, origin))).ShouldContain("The passkey was not accepted", Case.Sensitive, because ?? origin);

    private static async Task<string> RemoveAsync(PortalClient browser, SoftDevice device) =>
        await FactorPerson.TextAsync(await browser.SubmitAsync("/account/security", "passkeys", [("Remove", device.Id)]));

    private string PathOf(HttpResponseMessage answer)
    {
        answer.StatusCode.ShouldBe(HttpStatusCode.Redirect);
        return new Uri(fixture.Portal.Address, answer.Headers.Location!).PathAndQuery;
    }

    private Task<List<SignInMethod>> MethodsAsync(string email) =>
        fixture.QueryAsync(db => db.Set<SignInSession>().Where(s => db.Users.Any(u => u.Id == s.UserId && u.Email == email)).Select(s => s.Method).ToListAsync());

    private Task<int> RowsAsync(string action, string person) => fixture.QueryAsync(async db =>
    {
        var id = (await db.Users.SingleAsync(u => u.Email == $"{person}@example.org")).Id.ToString();
        return await db.Set<AuditEntry>().CountAsync(e => e.Action == action && e.SubjectId == id);
    });
}
