using BlazorAdmin.Data;
using BlazorAdmin.Features.Users;
using BlazorAdmin.Features.Account;
using BlazorAdmin.Security;
using Microsoft.Extensions.DependencyInjection;

namespace BlazorAdmin.Tests.Features.Users;

/// <summary>Who sees what a single person does and knows.</summary>
public sealed class PrivacyTests(PortalFixture fixture) : IClassFixture<PortalFixture>
{
    [Fact]
    public async Task Details_TopicsAndActivity_FollowTheSettings()
    {
        var person = await fixture.AddUserAsync("expert@example.org", Roles.Member);
        await using var expert = await fixture.ActAsAsync("expert@example.org");
        var account = expert.Get<AccountService>();
        await account.SaveAsync(await account.GetAsync(default) with { Topics = ["Invoices"] }, default);
        await fixture.AddUserAsync("desk@example.org", Roles.Support);
        await using var desk = await fixture.ActAsAsync("desk@example.org");
        await using var admin = await fixture.ActAsAsync(PortalFixture.AdminEmail);
        await admin.Get<UserAdministration>().RenameAsync(person.Id, "Expert", default);

        var seen = (await desk.Get<UserDirectory>().GetAsync(person.Id, default))!;
        seen.Topics.ShouldBe(["Invoices"], "everybody by default");
        seen.Activity.ShouldBeNull("administrators only by default");
        (await admin.Get<UserDirectory>().GetAsync(admin.Session.UserId, default))!.Activity.ShouldNotBeNull().ShouldContain(a => a.Area == "users" && a.Commands >= 1);
    }

    [Fact]
    public async Task Seen_EachRule_LeavesOneself()
    {
        var member = await fixture.AddUserAsync("rule-a@example.org", Roles.Member);
        var colleague = await fixture.AddUserAsync("rule-b@example.org", Roles.Member, Roles.Editor);
        var other = await fixture.AddUserAsync("rule-c@example.org", Roles.Support);
        await using var acting = await fixture.ActAsAsync("rule-a@example.org");
        var caller = (await acting.Get<CurrentCaller>().GetAsync())!;
        await using var db = await fixture.Services.GetRequiredService<IDbContextFactory<AppDbContext>>().CreateDbContextAsync();
        Guid[] all = [member.Id, colleague.Id, other.Id];

        (await Privacy.SeenAsync(db, caller, SeenBy.Everybody, all, default)).ShouldBe(all, ignoreOrder: true);
        (await Privacy.SeenAsync(db, caller, SeenBy.SameRole, all, default)).ShouldBe([member.Id, colleague.Id], ignoreOrder: true);
        (await Privacy.SeenAsync(db, caller, SeenBy.Administrators, all, default)).ShouldBe([member.Id]);
        (await Privacy.SeenAsync(db, caller, SeenBy.Nobody, all, default)).ShouldBe([member.Id]);
    }
}
