using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using BlazorAdmin.Features.Drafts;
using BlazorAdmin.Security;

namespace BlazorAdmin.Tests.Features.Drafts;

public sealed class DraftEndpointsTests(PortalFixture fixture) : IClassFixture<PortalFixture>
{
    private const string Form = "/account#profile";
    private const string PersonHeader = "Portal-Person";

    [Fact]
    public async Task Draft_SavedOverTheWire_ComesBackAndGoes()
    {
        using var browser = await SignInAsync("wire");
        var token = await TokenAsync(browser);

        (await SaveAsync(browser, token, Form, "Grace")).ShouldBe(HttpStatusCode.NoContent);

        using var page = await browser.GetAsync("/drafts?page=/account", ("Accept", "application/json"));
        page.Headers.CacheControl!.NoStore.ShouldBeTrue();
        var waiting = (await page.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("drafts").EnumerateArray().ShouldHaveSingleItem();
        waiting.GetProperty("title").GetString().ShouldBe("Profile");
        waiting.GetProperty("form").GetString().ShouldBe(Form);
        using var draft = await browser.GetAsync($"/drafts/form?form={Uri.EscapeDataString(Form)}");
        (await draft.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("fields").GetProperty("Name").GetProperty("value").GetString().ShouldBe("Grace");

        using var removed = await browser.SendAsync(HttpMethod.Delete, $"/drafts?form={Uri.EscapeDataString(Form)}", null, token);
        removed.StatusCode.ShouldBe(HttpStatusCode.NoContent);
        using var gone = await browser.GetAsync($"/drafts/form?form={Uri.EscapeDataString(Form)}");
        gone.StatusCode.ShouldBe(HttpStatusCode.NoContent);
    }

    [Fact]
    public async Task Save_WithoutTokenOrWithThatOfAnother_IsRefused()
    {
        using var browser = await SignInAsync("tokenless");
        using var other = await SignInAsync("stranger");

        (await SaveAsync(browser, ("X-Nothing", "x"), Form, "x")).ShouldBe(HttpStatusCode.BadRequest);
        (await SaveAsync(browser, await TokenAsync(other), Form, "x")).ShouldBe(HttpStatusCode.BadRequest);
        using var removed = await browser.SendAsync(HttpMethod.Delete, $"/drafts?form={Uri.EscapeDataString(Form)}", null);
        removed.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task Save_TooLongOrNoDraft_IsRefusedWithItsStatus()
    {
        using var browser = await SignInAsync("long");
        var token = await TokenAsync(browser);

        (await SaveAsync(browser, token, Form, new string('x', DraftStore.MostBytes))).ShouldBe(HttpStatusCode.RequestEntityTooLarge);
        (await SaveAsync(browser, token, Form, new string('x', 5 * DraftStore.MostBytes))).ShouldBe(HttpStatusCode.RequestEntityTooLarge);
        (await SaveAsync(browser, token, "nowhere", "x")).ShouldBe(HttpStatusCode.UnprocessableEntity, "400 would be tried again with a new token");
        foreach (var body in new[] { "", "null", "{}", "[1]", "{\"form\":\"/a#b\",\"content\":{}}", "{\"form\":\"/a#b\",\"content\":{\"title\":\"t\",\"url\":\"/a\",\"fields\":{\"x\":null}}}", "not json" })
        {
            using var answer = await browser.SendAsync(HttpMethod.Post, "/drafts", new StringContent(body, System.Text.Encoding.UTF8, "application/json"), token);
            answer.StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity, body);
        }
    }

    [Fact]
    public async Task Drafts_OfAPageDrawnForAnother_AreNeitherKeptNorShownNorRemoved()
    {
        var ada = await fixture.AddUserAsync("drawn-for@wire.example.org", Roles.Member);
        var bob = await fixture.AddUserAsync("signed-in-since@wire.example.org", Roles.Member);
        using var browser = await fixture.SignedInAsync("signed-in-since@wire.example.org");
        using var document = await browser.GetAsync("/account");
        (await document.Content.ReadAsStringAsync()).ShouldContain($"data-person=\"{bob.Id}\"");
        var token = await TokenAsync(browser);
        var (own, another) = ((PersonHeader, bob.Id.ToString()), (PersonHeader, ada.Id.ToString()));
        (await SaveAsync(browser, token, Form, "Bob", own)).ShouldBe(HttpStatusCode.NoContent);

        (await SaveAsync(browser, token, Form, "Ada", another)).ShouldBe(HttpStatusCode.Forbidden);
        (await SaveAsync(browser, token, Form, "Ada", ("X-Nothing", "x"))).ShouldBe(HttpStatusCode.Forbidden, "who writes says for whom");
        using var removed = await browser.SendAsync(HttpMethod.Delete, $"/drafts?form={Uri.EscapeDataString(Form)}", null, token, another);
        removed.StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        using var page = await browser.GetAsync("/drafts?page=/account", another);
        page.StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        using var draft = await browser.GetAsync($"/drafts/form?form={Uri.EscapeDataString(Form)}", another);
        draft.StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        using var kept = await browser.GetAsync($"/drafts/form?form={Uri.EscapeDataString(Form)}", own);
        (await kept.Content.ReadAsStringAsync()).ShouldContain("Bob");
    }

    [Fact]
    public async Task Drafts_NobodySignedIn_GetNothing()
    {
        using var browser = fixture.Browser();

        using var list = await browser.GetAsync("/drafts?page=/account", ("Accept", "application/json"));
        using var one = await browser.GetAsync($"/drafts/form?form={Uri.EscapeDataString(Form)}", ("Accept", "application/json"));

        list.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        one.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
    }

    private async Task<PortalClient> SignInAsync(string name)
    {
        var user = await fixture.AddUserAsync($"{name}@wire.example.org", Roles.Member);
        var browser = await fixture.SignedInAsync($"{name}@wire.example.org");
        browser.Always(PersonHeader, user.Id.ToString());
        return browser;
    }

    private static async Task<(string Name, string Value)> TokenAsync(PortalClient browser)
    {
        using var answer = await browser.GetAsync("/drafts?page=/account", ("Accept", "application/json"));
        var json = await answer.Content.ReadFromJsonAsync<JsonElement>();
        return (json.GetProperty("header").GetString()!, json.GetProperty("token").GetString()!);
    }

    private static async Task<HttpStatusCode> SaveAsync(PortalClient browser, (string Name, string Value) token, string form, string value, params (string Name, string Value)[] headers)
    {
        var content = new { form, content = new { title = "Profile", url = "/account", fields = new Dictionary<string, object> { ["Name"] = new { value, @base = "" } } } };
        using var answer = await browser.SendAsync(HttpMethod.Post, "/drafts", JsonContent.Create(content), [token, .. headers]);
        return answer.StatusCode;
    }
}
