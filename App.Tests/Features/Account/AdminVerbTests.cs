using System.Text.RegularExpressions;
using BlazorAdmin.Data;
using BlazorAdmin.Features.Account;
using BlazorAdmin.Features.Audit;
using BlazorAdmin.Features.Settings;
using BlazorAdmin.Security;
using BlazorAdmin.Shell;
using Microsoft.Extensions.DependencyInjection;

namespace BlazorAdmin.Tests.Features.Account;

/// <summary>What the verbs print goes through the process's one console.</summary>
[Collection(Alone.Name)]
public sealed partial class AdminVerbTests(PortalFixture fixture) : IClassFixture<PortalFixture>
{
    [Fact]
    public async Task AdminLink_WhileThePortalRuns_SignsInOnce()
    {
        var (code, output) = await RunAsync<AdminLinkVerb>(PortalFixture.AdminEmail);
        code.ShouldBe(0);
        var path = Link().Match(output).Groups[1].Value;
        using var browser = fixture.Browser();
        (await (await browser.GetAsync(path)).Content.ReadAsStringAsync()).ShouldContain(PortalFixture.AdminEmail);

        using var answer = await browser.SubmitAsync(path, "link", [("New", ""), ("Repeat", "")]);

        browser.SessionCookie.ShouldNotBeNull();
        (await browser.GetAsync("/account")).IsSuccessStatusCode.ShouldBeTrue();
        using var late = fixture.Browser();
        (await (await late.GetAsync(path)).Content.ReadAsStringAsync()).ShouldContain("This link was used");
    }

    [Fact]
    public async Task AdminLink_AddressWasSetInThePortal_IsInTheLink()
    {
        await using var db = await fixture.Services.GetRequiredService<IDbContextFactory<AppDbContext>>().CreateDbContextAsync();
        using var engine = AuditScope.EngineOwn();
        var row = new SettingOverride { Key = "Security:PublicUrl", Value = "https://typed.example.org/" };
        db.Add(row);
        await db.SaveChangesAsync();

        var (_, output) = await RunAsync<AdminLinkVerb>(PortalFixture.AdminEmail);

        output.ShouldContain("https://typed.example.org/account/link?token=");
        db.Remove(row);
        await db.SaveChangesAsync();
        await fixture.Services.GetRequiredService<DatabaseSettingsLoader>().ReloadAsync(default);
    }

    [Fact]
    public async Task AdminLink_NoAdministrator_IsRefused()
    {
        await fixture.AddUserAsync("nolink@example.org", Roles.Member);

        (await RunAsync<AdminLinkVerb>("nolink@example.org")).Code.ShouldBe(1);
        (await RunAsync<AdminUnlockVerb>()).Code.ShouldBe(2);
        (await RunAsync<AdminUnlockVerb>("nobody@example.org")).Code.ShouldBe(1);
    }

    [Fact]
    public async Task AdminUnlock_LockedAccount_MaySignInAgain()
    {
        await fixture.AddUserAsync("unlockme@example.org", Roles.Member);
        using var browser = fixture.Browser();
        for (var i = 0; i < 6; i++) await browser.TrySignInAsync("unlockme@example.org", "wrong password");

        (await RunAsync<AdminUnlockVerb>("unlockme@example.org")).Code.ShouldBe(0);

        await browser.SignInAsync("unlockme@example.org", PortalFixture.Password);
    }

    [Fact]
    public async Task AdminRemoveFactor_LostApp_PasswordAloneSignsIn()
    {
        using var person = await Factors.FactorPerson.CreateAsync(fixture, "lostphone@example.org");
        (await RunAsync<AdminFactorVerb>()).Code.ShouldBe(2);
        (await RunAsync<AdminFactorVerb>("nobody@example.org")).Code.ShouldBe(1);

        (await RunAsync<AdminFactorVerb>(person.Email)).Code.ShouldBe(0);

        using var browser = fixture.Browser();
        await browser.SignInAsync(person.Email, PortalFixture.Password);
        (await RunAsync<AdminFactorVerb>(person.Email)).Output.ShouldContain("had no second factor");
    }

    private async Task<(int Code, string Output)> RunAsync<TVerb>(params string[] arguments) where TVerb : ICommandLineVerb
    {
        await using var scope = fixture.Services.CreateAsyncScope();
        var command = scope.ServiceProvider.GetRequiredService<TVerb>();
        var (output, before) = (new StringWriter(), Console.Out);
        Console.SetOut(output);
        try
        {
            return (await command.RunAsync(arguments, CancellationToken.None), output.ToString());
        }
        finally
        {
            Console.SetOut(before);
        }
    }

    [GeneratedRegex("(/account/link\\?token=\\S+)")]
    private static partial Regex Link();
}
