using BlazorAdmin.Data;
using BlazorAdmin.Features.Account;
using BlazorAdmin.Features.Audit;
using BlazorAdmin.Features.Users;
using BlazorAdmin.Security;
using BlazorAdmin.Shell.Lists;
using BlazorAdmin.Tests.Data;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.DependencyInjection;

namespace BlazorAdmin.Tests.Features.Users;

public sealed class UserAdministrationTests(PortalFixture fixture) : IClassFixture<PortalFixture>
{
    [Fact]
    public async Task Create_WithoutPassword_MakesALinkThatWorksOnce()
    {
        await using var admin = await fixture.ActAsAsync(PortalFixture.AdminEmail);

        var result = await admin.Get<UserAdministration>().CreateAsync(new NewUser("Grace", "grace@example.org", null, []), default);

        result.Outcome.ShouldBe(UserOutcome.Done);
        var links = admin.Get<SignInLinks>();
        (await links.FindAsync(result.LinkToken!, default))!.Email.ShouldBe("grace@example.org");
        (await links.UseAsync(result.LinkToken!, null, new SignInPlace(null, null), default)).ShouldBeNull("a password must be set");
        (await links.UseAsync(result.LinkToken!, "four quiet rivers", new SignInPlace(null, null), default)).ShouldNotBeNull();
        (await links.UseAsync(result.LinkToken!, "five quiet rivers", new SignInPlace(null, null), default)).ShouldBeNull();
        using var browser = fixture.Browser();
        await browser.SignInAsync("grace@example.org", "four quiet rivers");
        (await RowsOf("users.create", result.UserId!.Value)).ShouldBe(1);
    }

    [Theory]
    [InlineData("", "x@example.org", null, UserOutcome.NameMissing)]
    [InlineData("X", "no address", null, UserOutcome.EmailInvalid)]
    [InlineData("X", "x@example.org\r\nBcc: y@example.org", null, UserOutcome.EmailInvalid)]
    [InlineData("X", "ADA@example.org", null, UserOutcome.EmailTaken)]
    [InlineData("X", "x@example.org", "short", UserOutcome.PasswordRefused)]
    public async Task Create_Invalid_SaysWhy(string name, string email, string? password, UserOutcome expected)
    {
        await using var admin = await fixture.ActAsAsync(PortalFixture.AdminEmail);

        (await admin.Get<UserAdministration>().CreateAsync(new NewUser(name, email, password, []), default)).Outcome.ShouldBe(expected);
    }

    [Fact]
    public async Task LastAdministrator_CannotBeClosedOrDemoted()
    {
        await using var admin = await fixture.ActAsAsync(PortalFixture.AdminEmail);
        var service = admin.Get<UserAdministration>();

        (await service.DeactivateAsync(admin.Session.UserId, default)).Outcome.ShouldBe(UserOutcome.LastAdministrator);
        (await service.SetRolesAsync(admin.Session.UserId, [], default)).Outcome.ShouldBe(UserOutcome.LastAdministrator);
    }

    [Fact]
    public async Task TwoAdministrators_CloseEachOtherAtOnce_OneRemains()
    {
        var two = await fixture.AddUserAsync("two@example.org", Roles.Administrator);
        await using var one = await fixture.ActAsAsync(PortalFixture.AdminEmail);
        await using var other = await fixture.ActAsAsync("two@example.org");

        var outcomes = await Task.WhenAll(
            Try(() => one.Get<UserAdministration>().DeactivateAsync(two.Id, default)),
            Try(() => other.Get<UserAdministration>().DeactivateAsync(one.Session.UserId, default)));

        outcomes.Count(o => o == UserOutcome.Done).ShouldBe(1);
        // Whoever remained opens the other again, for the tests that follow.
        await fixture.QueryAsync(db => db.Users.ExecuteUpdateAsync(set => set.SetProperty(u => u.DeactivatedAt, (DateTimeOffset?)null)));
        await fixture.QueryAsync(db => db.Users.Where(u => u.Id == two.Id).ExecuteUpdateAsync(set => set.SetProperty(u => u.DeactivatedAt, DateTimeOffset.UtcNow)));
    }

    [Fact]
    public async Task Manager_WithLesserRights_CannotReachAdministrators()
    {
        await using var admin = await fixture.ActAsAsync(PortalFixture.AdminEmail);
        var (outcome, role) = await admin.Get<RoleAdministration>().SaveAsync(null, "Account desk", null, new HashSet<string> { UsersPermissions.Read, UsersPermissions.Manage }, default);
        outcome.ShouldBe(RoleOutcome.Done);
        await fixture.AddUserAsync("desk@example.org", "Account desk");
        var member = await fixture.AddUserAsync("member@example.org", Roles.Member);
        await using var desk = await fixture.ActAsAsync("desk@example.org");
        var service = desk.Get<UserAdministration>();
        var administrator = (await desk.Get<UserDirectory>().RolesAsync(default)).Single(r => r.Name == Roles.Administrator).Id;

        (await service.MakePasswordLinkAsync(admin.Session.UserId, default)).ShouldSatisfyAllConditions(
            r => r.Outcome.ShouldBe(UserOutcome.BeyondOwnRights), r => r.LinkToken.ShouldBeNull());
        (await service.DeactivateAsync(admin.Session.UserId, default)).Outcome.ShouldBe(UserOutcome.BeyondOwnRights);
        (await desk.Get<SessionService>().EndOfAsync(admin.Session.UserId, null, default)).ShouldBeNull();
        (await service.SetRolesAsync(member.Id, [administrator], default)).Outcome.ShouldBe(UserOutcome.BeyondOwnRights);
        (await service.SetRolesAsync(desk.Session.UserId, [administrator, role!.Value], default)).Outcome.ShouldBe(UserOutcome.BeyondOwnRights);
        (await service.CreateAsync(new NewUser("Y", "y@example.org", null, [administrator]), default)).Outcome.ShouldBe(UserOutcome.BeyondOwnRights);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Deactivate_ClosedByTheDirectory_IsTheAdministratorsWordFromThenOn(bool bulk)
    {
        await using var admin = await fixture.ActAsAsync(PortalFixture.AdminEmail);
        var user = await fixture.AddUserAsync($"gone-{bulk}@example.org", Roles.Member);
        await fixture.QueryAsync(db => db.Users.Where(u => u.Id == user.Id).ExecuteUpdateAsync(set => set.SetProperty(u => u.DeactivatedAt, DateTimeOffset.UnixEpoch).SetProperty(u => u.DirectoryGoneAt, DateTimeOffset.UnixEpoch)));

        if (bulk) (await admin.Get<UserBulk>().RunAsync(BulkUserCommand.Deactivate, new BulkUsers([user.Id], new ListQuery()), null, default)).Changed.ShouldBe([user.Id]);
        else (await admin.Get<UserAdministration>().DeactivateAsync(user.Id, default)).Outcome.ShouldBe(UserOutcome.Done);

        (await fixture.QueryAsync(db => db.Users.Where(u => u.Id == user.Id).Select(u => new { u.DeactivatedAt, u.DirectoryGoneAt }).SingleAsync())).ShouldBe(new { DeactivatedAt = (DateTimeOffset?)DateTimeOffset.UnixEpoch, DirectoryGoneAt = (DateTimeOffset?)null });
    }

    [Theory]
    [InlineData("directory")]
    [InlineData("proxy")]
    public async Task Links_PersonWhoSignsInElsewhere_SetNoPassword(string source)
    {
        await using var admin = await fixture.ActAsAsync(PortalFixture.AdminEmail);
        var user = await fixture.AddUserAsync($"elsewhere-{source}@example.org", Roles.Member);
        var earlier = (await admin.Get<UserAdministration>().MakePasswordLinkAsync(user.Id, default)).LinkToken.ShouldNotBeNull();
        var (entry, token) = SignInLink.Make(user.Id, SignInLinkKind.SignIn, DateTimeOffset.UtcNow, TimeSpan.FromMinutes(5));
        await fixture.QueryAsync(async db =>
        {
            db.Add(entry);
            db.Add(new IdentityUserLogin<Guid> { UserId = user.Id, LoginProvider = source, ProviderKey = $"key-{source}", ProviderDisplayName = source });
            using (AuditScope.EngineOwn()) return await db.SaveChangesAsync();
        });
        var links = admin.Get<SignInLinks>();

        (await admin.Get<UserAdministration>().MakePasswordLinkAsync(user.Id, default)).Outcome.ShouldBe(UserOutcome.SignsInElsewhere);
        (await links.FindAsync(earlier, default)).ShouldBeNull();
        (await links.UseAsync(token, "eight quiet rivers", new SignInPlace(null, null), default)).ShouldBeNull();
        (await links.UseAsync(token, null, new SignInPlace(null, null), default)).ShouldNotBeNull("a link that only signs in");
    }

    [Fact]
    public async Task OwnAccount_LinkAndAddress_AreRefused()
    {
        await using var admin = await fixture.ActAsAsync(PortalFixture.AdminEmail);

        (await admin.Get<UserAdministration>().MakePasswordLinkAsync(admin.Session.UserId, default)).ShouldSatisfyAllConditions(r => r.Outcome.ShouldBe(UserOutcome.OwnAccount), r => r.Link.ShouldBeNull());
        (await admin.Get<UserAddress>().ChangeAsync(admin.Session.UserId, "mine@example.org", default)).Outcome.ShouldBe(UserOutcome.OwnAccount);
    }

    [PostgresFact]
    public async Task ChangeAddress_TakenMeanwhile_SaysSo()
    {
        await using var admin = await fixture.ActAsAsync(PortalFixture.AdminEmail);
        var (one, other) = (await fixture.AddUserAsync("first-to-come@example.org"), await fixture.AddUserAsync("second-to-come@example.org"));
        await using var db = await fixture.Services.GetRequiredService<IDbContextFactory<AppDbContext>>().CreateDbContextAsync();
        await using var transaction = await db.Database.BeginTransactionAsync();
        await db.Users.Where(u => u.Id == other.Id).ExecuteUpdateAsync(set => set.SetProperty(u => u.NormalizedUserName, "WANTED@EXAMPLE.ORG").SetProperty(u => u.NormalizedEmail, "WANTED@EXAMPLE.ORG"));

        var changing = admin.Get<UserAddress>().ChangeAsync(one.Id, "wanted@example.org", default);
        await Eventually.Holds(() => fixture.QueryAsync(q => q.Database.SqlQuery<bool>(
            $"SELECT EXISTS (SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock') AS \"Value\"").SingleAsync()), because: "the change waits for the other");
        await transaction.CommitAsync();

        (await changing).Outcome.ShouldBe(UserOutcome.EmailTaken);
    }

    [Fact]
    public async Task List_SearchRoleAndState_Filter()
    {
        await using var admin = await fixture.ActAsAsync(PortalFixture.AdminEmail);
        var listed = await fixture.AddUserAsync("listed.person@example.org", Roles.Editor);
        var directory = admin.Get<UserDirectory>();
        var editor = (await directory.RolesAsync(default)).Single(r => r.Name == Roles.Editor).Id;

        (await directory.ListAsync(new ListQuery { Search = "LISTED.per" }, default)).Rows.ShouldHaveSingleItem().Roles.ShouldBe([Roles.Editor]);
        (await directory.ListAsync(new ListQuery().WithFilter("role", editor.ToString()), default)).Rows.ShouldContain(r => r.Id == listed.Id);
        (await directory.ListAsync(new ListQuery().WithFilter("role", editor.ToString()), default)).Rows.ShouldNotContain(r => r.Id == admin.Session.UserId);
        (await directory.ListAsync(new ListQuery().WithFilter("state", "closed"), default)).Rows.ShouldNotContain(r => r.Id == listed.Id);
        (await directory.ListAsync(new ListQuery { Sort = "seen", Descending = true }, default)).Rows.Count.ShouldBeGreaterThan(1);
    }

    [Fact]
    public async Task EveryMethod_WithoutThePermission_IsRefusedAndRecorded()
    {
        var member = await fixture.AddUserAsync("plain@example.org", Roles.Member);
        await using var scope = await fixture.ActAsAsync("plain@example.org");
        var (administration, directory, roles) = (scope.Get<UserAdministration>(), scope.Get<UserDirectory>(), scope.Get<RoleAdministration>());
        Func<Task>[] calls =
        [
            () => administration.CreateAsync(new NewUser("A", "a@example.org", null, []), default),
            () => administration.SetRolesAsync(member.Id, [], default),
            () => administration.DeactivateAsync(member.Id, default),
            () => administration.ReactivateAsync(member.Id, default),
            () => administration.UnlockAsync(member.Id, default),
            () => administration.MakePasswordLinkAsync(member.Id, default),
            () => administration.RenameAsync(member.Id, "B", default),
            () => directory.ListAsync(new ListQuery(), default),
            () => directory.GetAsync(member.Id, default),
            () => directory.RolesAsync(default),
            () => directory.FindAsync("a", 1, default),
            () => roles.ListAsync(default),
            () => roles.SaveAsync(null, "R", null, new HashSet<string>(), default),
            () => roles.DeleteAsync(Guid.NewGuid(), default),
            () => scope.Get<SessionService>().OfAsync(member.Id, default),
            () => scope.Get<SessionService>().EndOfAsync(member.Id, null, default),
            () => scope.Get<SignInStatistics>().SummaryAsync(default),
        ];

        foreach (var call in calls) await Should.ThrowAsync<ForbiddenException>(call);

        (await fixture.QueryAsync(db => db.Set<AuditEntry>().CountAsync(e => e.ActorId == member.Id && e.Outcome == AuditOutcome.Denied))).ShouldBe(calls.Length);
    }

    private Task<int> RowsOf(string action, Guid subject) =>
        fixture.QueryAsync(db => db.Set<AuditEntry>().CountAsync(e => e.Action == action && e.SubjectId == subject.ToString()));

    private static async Task<UserOutcome> Try(Func<Task<UserResult>> command)
    {
        try
        {
            return (await command()).Outcome;
        }
        catch (ForbiddenException)
        {
            return UserOutcome.BeyondOwnRights;
        }
    }
}
