using System.Net;
using BlazorAdmin.Features.Account;
using BlazorAdmin.Features.Account.Factors;
using BlazorAdmin.Features.Audit;
using BlazorAdmin.Features.Directories;
using BlazorAdmin.Features.Notifications;
using BlazorAdmin.Features.Users;
using BlazorAdmin.Security;
using Microsoft.Extensions.DependencyInjection;

namespace BlazorAdmin.Tests.Features.Directories;

/// <summary>Sign-ins with the password of a real directory.</summary>
public sealed class DirectorySignInTests(DirectorySite site) : IClassFixture<DirectorySite>
{
    [SlapdFact]
    public async Task SignIn_FirstTime_MakesTheAccountWithTheRolesOfItsGroups()
    {
        await site.AddPersonAsync("grace");
        await site.Slapd.AddGroupAsync("ops", "grace");
        using var browser = new PortalClient(site.Portal.Address);

        using var answer = await browser.TrySignInAsync("grace", TestSlapd.Password);

        answer.StatusCode.ShouldBe(HttpStatusCode.Redirect);
        var user = await site.QueryAsync(db => db.Users.SingleAsync(u => u.Email == "grace@example.org"));
        (user.DisplayName, user.DirectoryName, user.PasswordHash).ShouldBe(("Grace Example", TestSlapd.EntryOf("grace"), null));
        (await site.RolesAsync(user.Id)).ShouldBe(["Operator"]);
        (await site.QueryAsync(db => db.Set<SignInSession>().Where(s => s.UserId == user.Id).Select(s => s.Method).SingleAsync())).ShouldBe(SignInMethod.Directory);
        (await site.QueryAsync(db => db.Set<AuditEntry>().CountAsync(e => e.Action == "directory.create" && e.SubjectId == user.Id.ToString()))).ShouldBe(1);
        (await site.SignInAsync("GRACE@example.org", TestSlapd.Password)).Session.ShouldNotBeNull().UserId.ShouldBe(user.Id);
    }

    [SlapdFact]
    public async Task SignIn_GroupsChanged_RolesFollowAndThoseOfAdministratorsStay()
    {
        await site.AddPersonAsync("moving");
        await site.Slapd.AddGroupAsync("auditors", "moving");
        var user = await site.EnterAsync("moving");
        (await site.RolesAsync(user.Id)).ShouldBe(["Auditor"]);
        await using (var admin = await site.ActAsAdminAsync())
        {
            var roles = await site.QueryAsync(db => db.Roles.Where(r => r.Name == Roles.Auditor || r.Name == Roles.Editor).Select(r => r.Id).ToListAsync());
            (await admin.Get<UserAdministration>().SetRolesAsync(user.Id, roles, default)).Outcome.ShouldBe(UserOutcome.Done);
        }

        await site.Slapd.ChangeAsync($"dn: cn=auditors,{TestSlapd.Base}\nchangetype: modify\nreplace: member\nmember: {TestSlapd.EntryOf("nobody")}");
        await site.EnterAsync("moving");

        (await site.RolesAsync(user.Id)).ShouldBe(["Editor"]);
    }

    [SlapdFact]
    public async Task SignIn_WrongEmptyAndHostile_AreRefusedAlike()
    {
        await site.AddPersonAsync("careful");
        foreach (var (login, password) in new[]
                 {
                     ("careful", "wrong"), ("careful", ""), ("careful", TestSlapd.Password + "\0"), ("*)(uid=*", TestSlapd.Password), ("*", TestSlapd.Password), ("careful\0", TestSlapd.Password), ("nobody-here", TestSlapd.Password),
                 })
        {
            var result = await site.SignInAsync(login, password, address: $"198.51.100.{login.Length}");
            (result.Outcome, result.Session).ShouldBe((SignInOutcome.Wrong, null), login);
        }

        (await site.QueryAsync(db => db.Users.AnyAsync(u => u.Email == "careful@example.org"))).ShouldBeFalse("no password was right");
        (await site.QueryAsync(db => db.Set<AuditEntry>().AnyAsync(e => e.Detail!.Contains(TestSlapd.Password) || e.SubjectName!.Contains("uid=")))).ShouldBeFalse();
    }

    [SlapdFact]
    public async Task SignIn_WrongPasswordsFromManyAddressesAndNames_LockBeforeTheDirectoryIsAsked()
    {
        await site.AddPersonAsync("target");
        await site.EnterAsync("target");
        string[] names = ["target", "TARGET", "target@example.org", "Target@Example.org", "tarGet"];
        for (var i = 0; i < 5; i++) (await site.SignInAsync(names[i], "guess", $"203.0.113.{i}")).Outcome.ShouldBe(SignInOutcome.Wrong);

        (await site.SignInAsync("target", TestSlapd.Password, "203.0.113.99")).Outcome.ShouldBe(SignInOutcome.Wrong, "the same answer as for anybody");

        (await site.LastReasonAsync()).ShouldContain("before the directory was asked");
        await using var admin = await site.ActAsAdminAsync();
        var id = await site.QueryAsync(db => db.Users.Where(u => u.Email == "target@example.org").Select(u => u.Id).SingleAsync());
        (await admin.Get<UserAdministration>().UnlockAsync(id, default)).Outcome.ShouldBe(UserOutcome.Done);
        (await site.SignInAsync("target", TestSlapd.Password, "203.0.113.99")).Outcome.ShouldBe(SignInOutcome.Done);
    }

    [SlapdFact]
    public async Task SignIn_AddressChangedMeanwhile_TheCountStaysThatOfThePerson()
    {
        await site.AddPersonAsync("renamed");
        var session = (await site.SignInAsync("renamed", TestSlapd.Password)).Session.ShouldNotBeNull();
        await using var scope = site.Portal.Services.CreateAsyncScope();
        scope.ServiceProvider.GetRequiredService<CurrentCaller>().Use(PortalFixture.PrincipalOf(session), "192.0.2.1");
        for (var i = 0; i < 5; i++) (await site.SignInAsync("renamed", "guess", $"203.0.113.{i}")).Outcome.ShouldBe(SignInOutcome.Wrong);
        await site.Slapd.ChangeAsync($"dn: {TestSlapd.EntryOf("renamed")}\nchangetype: modify\nreplace: mail\nmail: renamed.new@example.org");

        (await site.SignInAsync("renamed", TestSlapd.Password, "203.0.113.98")).Outcome.ShouldBe(SignInOutcome.Wrong);
        (await scope.ServiceProvider.GetRequiredService<FreshProof>().ConfirmAsync(TestSlapd.Password, default)).ShouldBe(PasswordCheck.Locked, "counted together");
    }

    [SlapdFact]
    public async Task SignIn_NameThatFitsMany_IsWrongAndClosesTheDirectoryToNobody()
    {
        foreach (var uid in new[] { "many1", "many2", "many3", "many4" })
        {
            await site.AddPersonAsync(uid);
            await site.Slapd.ChangeAsync($"dn: {TestSlapd.EntryOf(uid)}\nchangetype: modify\nreplace: mail\nmail: many@example.org");
        }

        (await site.SignInAsync("many@example.org", "whatever")).Outcome.ShouldBe(SignInOutcome.Wrong);

        (await site.LastReasonAsync()).ShouldContain("several entries");
        await site.AddPersonAsync("bystander");
        await site.EnterAsync("bystander");
    }

    [SlapdFact]
    public async Task SignIn_MailOfALocalAccount_IsNotHandedOverAndAdministratorsAreTold()
    {
        await site.AddPersonAsync("impostor");
        var local = await site.AddLocalAsync("chief@example.org", PortalFixture.Password, Roles.Administrator);
        await site.Slapd.ChangeAsync($"dn: {TestSlapd.EntryOf("impostor")}\nchangetype: modify\nreplace: mail\nmail: chief@example.org");

        (await site.SignInAsync("impostor", TestSlapd.Password)).Outcome.ShouldBe(SignInOutcome.Wrong);
        (await site.SignInAsync("chief@example.org", TestSlapd.Password)).Outcome.ShouldBe(SignInOutcome.Wrong, "the local account has its own password");
        (await site.SignInAsync("chief@example.org", PortalFixture.Password)).Session.ShouldNotBeNull().Method.ShouldBe(SignInMethod.Password);

        (await site.QueryAsync(db => db.Set<Notification>().CountAsync(n => n.Kind == "directory.collision"))).ShouldBe(1);
        (await site.QueryAsync(db => db.UserLogins.AnyAsync(l => l.UserId == local.Id))).ShouldBeFalse();
    }

    [SlapdFact]
    public async Task Link_ByAnAdministrator_TheDirectoryDecidesFromThenOn()
    {
        await site.AddPersonAsync("linked");
        var local = await site.AddLocalAsync("linked@example.org", PortalFixture.Password, Roles.Member);
        await using var admin = await site.ActAsAdminAsync();
        var users = admin.Get<UserAdministration>();
        var link = (await users.MakePasswordLinkAsync(local.Id, default)).LinkToken.ShouldNotBeNull();
        var mapping = (await admin.Get<DirectoryService>().TestAsync("linked", _ => { }, default)).Mapping.ShouldNotBeNull();
        (mapping.Outcome, mapping.Account).ShouldBe((MappingOutcome.Collision, local.Id));

        (await admin.Get<DirectoryService>().LinkAsync(local.Id, "linked", default)).Outcome.ShouldBe(UserOutcome.Done);

        (await site.SignInAsync("linked@example.org", PortalFixture.Password)).Outcome.ShouldBe(SignInOutcome.Wrong);
        (await site.SignInAsync("linked@example.org", TestSlapd.Password)).Session.ShouldNotBeNull().UserId.ShouldBe(local.Id);
        (await site.RolesAsync(local.Id)).ShouldBe(["Member"]);
        // No way in of the portal's own is left, and none can be made.
        (await site.QueryAsync(db => db.Users.Where(u => u.Id == local.Id).Select(u => u.PasswordHash).SingleAsync())).ShouldBeNull();
        (await admin.Get<SignInLinks>().FindAsync(link, default)).ShouldBeNull();
        (await users.MakePasswordLinkAsync(local.Id, default)).ShouldSatisfyAllConditions(r => r.Outcome.ShouldBe(UserOutcome.SignsInElsewhere), r => r.LinkToken.ShouldBeNull());
        (await site.QueryAsync(db => db.Set<Notification>().CountAsync(n => n.UserId == local.Id && n.TitleKey == "LinkedToDirectoryTitle"))).ShouldBe(1);
        (await admin.Get<DirectoryService>().LinkAsync(local.Id, "linked", default)).Outcome.ShouldBe(UserOutcome.NotFound, "linked once");
    }

    [SlapdFact]
    public async Task SignIn_SameNameAnotherPerson_GetsNotTheOldAccount()
    {
        await site.AddPersonAsync("reused");
        var first = await site.EnterAsync("reused");
        await site.Slapd.ChangeAsync($"dn: {TestSlapd.EntryOf("reused")}\nchangetype: delete");
        await site.AddPersonAsync("reused");

        (await site.SignInAsync("reused", TestSlapd.Password)).Outcome.ShouldBe(SignInOutcome.Wrong);

        (await site.LastReasonAsync()).ShouldContain("has this address");
        (await site.QueryAsync(db => db.Set<SignInSession>().CountAsync(s => s.UserId == first.Id))).ShouldBe(1);
    }

    [SlapdFact]
    public async Task SignIn_WithASecondFactor_AsksForTheCode()
    {
        await site.AddPersonAsync("twofold");
        var user = await site.EnterAsync("twofold");
        await site.QueryAsync(db => db.Users.Where(u => u.Id == user.Id).ExecuteUpdateAsync(set => set.SetProperty(u => u.AuthenticatorSince, DateTimeOffset.UtcNow)));

        var result = await site.SignInAsync("twofold", TestSlapd.Password);

        (result.Outcome, result.Session, result.Pending!.By).ShouldBe((SignInOutcome.CodeNeeded, null, SignInMethod.Directory));
    }

    [SlapdFact]
    public async Task Confirm_WithTheDirectorysPassword_IsFresh()
    {
        await site.AddPersonAsync("fresh");
        var session = (await site.SignInAsync("fresh", TestSlapd.Password)).Session.ShouldNotBeNull();
        await using var scope = site.Portal.Services.CreateAsyncScope();
        scope.ServiceProvider.GetRequiredService<CurrentCaller>().Use(PortalFixture.PrincipalOf(session), "192.0.2.1");
        var proof = scope.ServiceProvider.GetRequiredService<FreshProof>();

        (await scope.ServiceProvider.GetRequiredService<AccountService>().ChangePasswordAsync(TestSlapd.Password, "seven slow barges", default)).Result.ShouldBe(PasswordChange.SetElsewhere);
        (await proof.ConfirmAsync("wrong", default)).ShouldBe(PasswordCheck.Wrong);
        (await proof.ConfirmAsync(TestSlapd.Password, default)).ShouldBe(PasswordCheck.Right);
    }

    [SlapdFact]
    public async Task SignIn_DirectoryDown_LocalAdministratorsGetInAndNobodyLearnsWhoIsWhere()
    {
        await using var slapd = await TestSlapd.StartAsync(["away"]);
        await using var portal = await RunningPortal.StartAsync([$"--Bootstrap:AdminEmail={PortalFixture.AdminEmail}", $"--Bootstrap:AdminPassword={PortalFixture.Password}", .. slapd.Arguments()]);
        using (var before = new PortalClient(portal.Address)) await before.SignInAsync("away", TestSlapd.Password);
        await slapd.StopAsync();
        using var browser = new PortalClient(portal.Address);

        var known = await TextAsync(browser, "away", TestSlapd.Password);
        var unknown = await TextAsync(browser, "nobody", TestSlapd.Password);
        var local = await TextAsync(browser, PortalFixture.AdminEmail, "wrong");

        known.ShouldContain("directory does not answer");
        foreach (var other in new[] { unknown, local }) other.ShouldContain("directory does not answer");
        await browser.SignInAsync(PortalFixture.AdminEmail, PortalFixture.Password);
    }

    private static async Task<string> TextAsync(PortalClient browser, string login, string password)
    {
        using var answer = await browser.TrySignInAsync(login, password);
        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        return await answer.Content.ReadAsStringAsync();
    }
}
