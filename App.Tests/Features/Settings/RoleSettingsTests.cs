using BlazorAdmin.Features.Account.Factors;
using BlazorAdmin.Features.Audit;
using BlazorAdmin.Features.Settings;
using BlazorAdmin.Features.Users;
using BlazorAdmin.Live;
using BlazorAdmin.Security;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace BlazorAdmin.Tests.Features.Settings;

/// <summary>Settings that name roles: a role that does not exist is refused, one that is renamed stays meant.</summary>
public sealed class RoleSettingsTests(PortalFixture fixture) : IClassFixture<PortalFixture>
{
    private const string Key = "Security:RequireSecondFactorFor:0";

    [Theory]
    [InlineData(Key, "Adminstrator", "Adminstrator")]
    [InlineData("Directory:GroupRoles:0", "ops => Wizard", "Wizard")]
    public async Task Apply_RoleThatDoesNotExist_IsRefusedAndNamesThoseThatDo(string key, string value, string role)
    {
        await using var admin = await fixture.ActAsAsync(PortalFixture.AdminEmail);

        var outcome = await admin.Get<SettingsService>().SetAsync(key, value);

        var issue = outcome.Issues.ShouldHaveSingleItem();
        (issue.Key, issue.Fault, issue.Arguments[0]).ShouldBe((key, SettingFault.NoSuchRole, role));
        issue.Arguments[1].ShouldContain(Roles.Administrator);
    }

    [Fact]
    public async Task Rename_RoleThatNeedsAFactor_IsStillAskedForItAndDeletedItIsNamedNoMore()
    {
        await using var admin = await fixture.ActAsAsync(PortalFixture.AdminEmail);
        var (roles, options) = (admin.Get<RoleAdministration>(), fixture.Services.GetRequiredService<IOptionsMonitor<SecurityOptions>>());
        var id = (await roles.SaveAsync(null, "Front desk", null, new HashSet<string> { UsersPermissions.Read }, default)).Id!.Value;
        var person = await fixture.AddUserAsync("desk@factor.example.org", "Front desk");
        (await admin.Get<SettingsService>().SetAsync(Key, "Front desk")).IsDone.ShouldBeTrue();

        (await roles.SaveAsync(id, "Reception", null, new HashSet<string> { UsersPermissions.Read }, default)).Outcome.ShouldBe(RoleOutcome.Done);

        options.CurrentValue.RequireSecondFactorFor.ShouldBe(["Reception"]);
        (await fixture.QueryAsync(db => fixture.Services.GetRequiredService<FactorRule>().IsRequiredAsync(db, person.Id, default))).ShouldBeTrue();
        (await fixture.QueryAsync(db => db.Set<SettingChange>().Where(c => c.Key == Key).OrderByDescending(c => c.Id).FirstAsync())).ShouldSatisfyAllConditions(
            c => (c.OldValue, c.NewValue, c.ChangedBy).ShouldBe(("Front desk", "Reception", admin.Session.UserId)), c => c.Reason!.ShouldContain("Reception"));
        var subject = id.ToString();
        (await fixture.QueryAsync(db => db.Set<AuditEntry>().Where(e => e.Action == "roles.edit" && e.SubjectId == subject).Select(e => e.Detail).SingleAsync()))!.ShouldContain("Front desk");

        (await roles.DeleteAsync(id, default)).ShouldBe(RoleOutcome.Done);
        await Eventually.Holds(() => options.CurrentValue.RequireSecondFactorFor.Length == 0, because: "nobody's role is named any more");
    }

    [Fact]
    public async Task OutsideThePortal_RoleIsNamed_IsNotLostByARenameAndATypoIsReported()
    {
        var settings = Make("Security:RequireSecondFactorFor:0", "Auditor", "Security:RequireSecondFactorFor:1", "Audtor", out var status);
        await using var admin = await fixture.ActAsAsync(PortalFixture.AdminEmail);
        var caller = (await admin.Get<CurrentCaller>().GetAsync())!;

        (await fixture.QueryAsync(db => settings.FollowAsync(db, caller, "Auditor", "Revision", default))).ShouldBe("Security:RequireSecondFactorFor:0");
        (await fixture.QueryAsync(db => settings.FollowAsync(db, caller, "auditor", "Audtor", default))).ShouldBeNull("the new name stands there already");
        (await fixture.QueryAsync(db => settings.FollowAsync(db, caller, "Auditor", null, default))).ShouldBeNull();
        (await fixture.QueryAsync(db => settings.FollowAsync(db, caller, "Support", "Help", default))).ShouldBeNull();

        await fixture.QueryAsync(async db => { await settings.ReportAsync(db, default); return 0; });
        status.Problems.ShouldHaveSingleItem().ShouldSatisfyAllConditions(p => p.Source.ShouldBe("Security:RequireSecondFactorFor"), p => p.Message.ShouldContain("'Audtor'"), p => p.Message.ShouldNotContain("'Auditor'"));
    }

    private RoleSettings Make(string key, string value, string other, string otherValue, out SettingsStatus status)
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?> { [key] = value, [other] = otherValue }).Build();
        var catalog = new SettingsCatalog(configuration, fixture.Services.GetServices<SettingsSection>(), fixture.Services);
        status = new SettingsStatus(TimeProvider.System);
        return ActivatorUtilities.CreateInstance<RoleSettings>(fixture.Services, catalog, status);
    }
}
