using System.Net;
using System.Net.Http.Headers;
using System.Text.RegularExpressions;
using BlazorAdmin.Features.Account;
using BlazorAdmin.Features.Account.Pictures;
using BlazorAdmin.Features.Users;
using BlazorAdmin.Security;
using BlazorAdmin.Shell;

namespace BlazorAdmin.Tests.Features.Account.Pictures;

/// <summary>Pictures and preferences of people, through the browser and the services.</summary>
public sealed class PictureServiceTests(PortalFixture fixture) : IClassFixture<PortalFixture>
{
    [Fact]
    public async Task Upload_Picture_IsServedHardenedToPeopleWhoAreSignedIn()
    {
        var person = await fixture.AddUserAsync("face@example.org", Roles.Member);
        using var browser = await fixture.SignedInAsync("face@example.org");
        (await SendAsync(browser, PictureFileTests.Png(64, 64))).ShouldBe("/account?picture=saved");
        var hash = await fixture.QueryAsync(db => db.Set<UserPicture>().Where(p => p.UserId == person.Id).Select(p => p.Hash).SingleAsync());
        var address = $"/people/{person.Id}/picture/{hash}";

        using var answer = await browser.GetAsync(address);

        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        answer.Content.Headers.ContentType!.MediaType.ShouldBe("image/png");
        answer.Content.Headers.ContentDisposition!.DispositionType.ShouldBe("attachment");
        answer.Headers.GetValues("X-Content-Type-Options").ShouldBe(["nosniff"]);
        answer.Headers.GetValues("Content-Security-Policy").Single().ShouldContain("sandbox");
        answer.Headers.CacheControl!.ToString().ShouldContain("immutable");
        using (var account = await browser.GetAsync("/account?picture=saved")) (await account.Content.ReadAsStringAsync()).ShouldContain(address);
        using var stranger = fixture.Browser();
        using (var refused = await stranger.GetAsync(address, ("Accept", "image/*"))) refused.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        using (var other = await browser.GetAsync($"/people/{Guid.NewGuid()}/picture/{hash}")) other.StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await SendAsync(browser, "<svg onload='alert(1)'/>"u8.ToArray())).ShouldBe("/account?picture=notapicture");
        (await SendAsync(browser, PictureFileTests.Png(2000, 20))).ShouldBe("/account?picture=toomanypixels");
        (await SendAsync(browser, null)).ShouldBe("/account?picture=removed");
        using (var gone = await browser.GetAsync(address)) gone.StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task Preferences_NothingChosen_AreThoseOfTheRole()
    {
        await using var admin = await fixture.ActAsAsync(PortalFixture.AdminEmail);
        var roles = admin.Get<RoleAdministration>();
        var own = new RoleExtras(new OwnPreferences(Theme.Dark, null, "de", null), "forms, Forms, invoices");
        (await roles.SaveAsync(null, "Night shift", null, new HashSet<string>(), own, default)).Outcome.ShouldBe(RoleOutcome.Done);
        var member = (await roles.ListAsync(default)).Single(r => r.Name == Roles.Member);
        (await roles.SaveAsync(member.Id, member.Name, null, member.Permissions, new RoleExtras(new OwnPreferences(Theme.Light, Density.Compact, null, "Europe/Berlin"), null), default)).Outcome.ShouldBe(RoleOutcome.Done);
        (await roles.ListAsync(default)).Single(r => r.Name == "Night shift").Topics.ShouldBe(["forms", "invoices"]);
        await fixture.AddUserAsync("night@example.org", "Night shift", Roles.Member);
        await using var person = await fixture.ActAsAsync("night@example.org");

        (await person.Get<PreferenceStore>().ReadAsync()).ShouldBe(new Preferences(Theme.Dark, Density.Compact, "de", "Europe/Berlin"), "a role of one's own making comes before a built-in one");
        await person.Get<PreferenceStore>().SetThemeAsync(Theme.Light);
        (await person.Get<PreferenceStore>().ReadAsync())!.Theme.ShouldBe(Theme.Light, "what was chosen wins");
        var profile = await person.Get<AccountService>().GetAsync(default);
        profile.OfRoles.Theme.ShouldBe(Theme.Dark);
        await person.Get<AccountService>().SaveAsync(profile with { Preferences = OwnPreferences.None, Topics = ["Backups"] }, default);
        (await person.Get<PreferenceStore>().ReadAsync())!.Theme.ShouldBe(Theme.Dark, "as my role again");
        (await person.Get<AccountService>().GetAsync(default)).Topics.ShouldBe(["Backups"]);
    }

    [Fact]
    public void Topics_Typed_AreReadOnceEach()
    {
        Topics.Parse(" Forms,forms ; invoices\nVAT ").ShouldBe(["Forms", "invoices", "VAT"]);
        Topics.Parse(null).ShouldBe([]);
        Topics.Parse(new string('x', 101)).ShouldBeNull();
        Topics.Parse(string.Join(',', Enumerable.Range(0, 21))).ShouldBeNull();
    }

    /// <returns>Where the answer leads.</returns>
    private static async Task<string> SendAsync(PortalClient browser, byte[]? picture)
    {
        using var page = await browser.GetAsync("/account");
        var token = Regex.Match(await page.Content.ReadAsStringAsync(), "name=\"__RequestVerificationToken\" value=\"([^\"]+)\"").Groups[1].Value;
        using var form = new MultipartFormDataContent { { new StringContent(token), "__RequestVerificationToken" } };
        if (picture is null) form.Add(new StringContent("true"), "Remove");
        else form.Add(new ByteArrayContent(picture) { Headers = { ContentType = new MediaTypeHeaderValue("image/png") } }, "Picture", "../face.svg.png");
        using var answer = await browser.SendAsync(HttpMethod.Post, "/account/picture", form);
        answer.StatusCode.ShouldBe(HttpStatusCode.Redirect, await answer.Content.ReadAsStringAsync());
        return answer.Headers.Location!.ToString();
    }
}
