using System.ComponentModel.DataAnnotations;
using BlazorAdmin.Data;
using BlazorAdmin.Features.Settings;
using BlazorAdmin.Features.Monitor;
using BlazorAdmin.Security;
using BlazorAdmin.Tests.Features.Settings;
using Microsoft.Extensions.DependencyInjection;

namespace BlazorAdmin.Tests.Security;

/// <summary>What was set in the portal holds from the start on, also where it is read at the start alone.</summary>
public sealed class KnownProxiesTests
{
    private static readonly string[] Admin = [$"--Bootstrap:AdminEmail={PortalFixture.AdminEmail}", $"--Bootstrap:AdminPassword={PortalFixture.Password}"];

    [Theory]
    [InlineData("10.0.0.1", true)]
    [InlineData("10.0.0.0/8", true)]
    [InlineData("fd00::/8", true)]
    [InlineData("proxy.example.org", false)]
    [InlineData("10.0.0.0/99", false)]
    [InlineData("", false)]
    public void Validate_Entry_IsAnAddressOrANetwork(string entry, bool good)
    {
        var options = new SecurityOptions { KnownProxies = ["127.0.0.1", entry] };
        var results = new List<ValidationResult>();
        Validator.TryValidateObject(options, new ValidationContext(options), results, validateAllProperties: true).ShouldBe(good);
        if (!good) results.ShouldHaveSingleItem().MemberNames.ShouldBe(["KnownProxies:1"]);
    }

    [Fact]
    public async Task Start_SetInThePortal_HoldsFromTheFirstRequest()
    {
        await using var portal = await RunningPortal.StartAsync(db => SetAsync(db, ("Security:KnownProxies:0", "127.0.0.0/8"), ("Monitor:KeptSamples", "1234")), Admin);

        portal.Services.GetRequiredService<SampleRing>().Capacity.ShouldBe(1234);
        (await SignInFromAsync(portal, "203.0.113.9")).ShouldBeTrue();
        // Taken away while it runs: the next request is not believed any more.
        await using (var db = await OpenAsync(portal))
            await db.Set<SettingOverride>().Where(s => s.Key == "Security:KnownProxies:0").ExecuteDeleteAsync();
        await portal.Services.GetRequiredService<DatabaseSettingsLoader>().ReloadAsync(default);
        (await SignInFromAsync(portal, "203.0.113.10")).ShouldBeFalse();
    }

    [Fact]
    public async Task Start_BadEntryInTheDatabase_StartsWithoutItAndSaysSo()
    {
        await using var portal = await RunningPortal.StartAsync(db => SetAsync(db, ("Security:KnownProxies:0", "proxy.example.org")), Admin);

        (await SignInFromAsync(portal, "203.0.113.9")).ShouldBeFalse();
        var problem = portal.Services.GetRequiredService<SettingsStatus>().Problems.ShouldHaveSingleItem();
        problem.Source.ShouldBe("Security");
        problem.Message.ShouldSatisfyAllConditions(m => m.ShouldContain("Security:KnownProxies:0 is 'proxy.example.org'"), m => m.ShouldContain("10.0.0.0/8"));
    }

    private static async Task SetAsync(AppDbContext db, params (string Key, string Value)[] values)
    {
        db.AddRange(values.Select(v => new SettingOverride { Key = v.Key, Value = v.Value }));
        await db.SaveChangesAsync();
    }

    private static Task<AppDbContext> OpenAsync(RunningPortal portal) => portal.Services.GetRequiredService<IDbContextFactory<AppDbContext>>().CreateDbContextAsync();

    /// <returns>Whether the session has the address that the proxy named.</returns>
    private static async Task<bool> SignInFromAsync(RunningPortal portal, string address)
    {
        using var browser = new PortalClient(portal.Address);
        browser.Always("X-Forwarded-For", address);
        await browser.SignInAsync(PortalFixture.AdminEmail, PortalFixture.Password);
        await using var db = await OpenAsync(portal);
        return await db.Set<SignInSession>().AnyAsync(s => s.Address == address);
    }
}
