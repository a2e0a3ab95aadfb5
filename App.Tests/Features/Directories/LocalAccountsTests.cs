using BlazorAdmin.Features.Account;
using BlazorAdmin.Features.Account.Factors;
using BlazorAdmin.Features.Audit;
using BlazorAdmin.Features.Directories;
using BlazorAdmin.Features.Notifications;
using BlazorAdmin.Features.Users;
using BlazorAdmin.Security;
using Microsoft.AspNetCore.Identity;

namespace BlazorAdmin.Tests.Features.Directories;

/// <summary>Accounts for which a directory vouched and that become the portal's own again.</summary>
public sealed class LocalAccountsTests(PortalFixture fixture) : IClassFixture<PortalFixture>
{
    [Fact]
    public async Task MakeLocal_AccountOfTheDirectory_HasRolesAndSetsAPasswordAgain()
    {
        var user = await LinkedAsync("back@local.example.org");
        await using var person = await fixture.ActAsAsync("back@local.example.org");
        await using var admin = await fixture.ActAsAsync(PortalFixture.AdminEmail);
        (await admin.Get<LocalAccounts>().IsExternalAsync(user, default)).ShouldBeTrue();

        var result = await admin.Get<LocalAccounts>().MakeLocalAsync(user, default);

        result.Outcome.ShouldBe(UserOutcome.Done);
        var token = result.LinkToken.ShouldNotBeNull("there is no mail server, so the link is shown");
        (await person.Get<CurrentCaller>().GetAsync()).ShouldBeNull("their sign-ins end");
        (await admin.Get<LocalAccounts>().IsExternalAsync(user, default)).ShouldBeFalse();
        (await fixture.QueryAsync(db => db.Set<DirectoryGrant>().AnyAsync(g => g.UserId == user))).ShouldBeFalse("no sync takes the role");
        (await admin.Get<UserDirectory>().GetAsync(user, default))!.User.Roles.ShouldBe([Roles.Editor]);
        var row = await fixture.QueryAsync(db => db.Set<AuditEntry>().SingleAsync(e => e.Action == "directory.unlink" && e.SubjectId == user.ToString()));
        row.ActorId.ShouldBe(admin.Session.UserId);
        row.Detail!.ShouldContain("directory");
        (await fixture.QueryAsync(db => db.Set<Notification>().CountAsync(n => n.UserId == user && n.TitleKey == "MadeLocalTitle"))).ShouldBe(1);

        (await admin.Get<SignInLinks>().UseAsync(token, "seven quiet rivers", new SignInPlace("192.0.2.9", "tests"), default)).ShouldNotBeNull();
        (await admin.Get<LocalAccounts>().MakeLocalAsync(user, default)).Outcome.ShouldBe(UserOutcome.LocalAlready);
        (await admin.Get<UserAdministration>().MakePasswordLinkAsync(user, default)).Outcome.ShouldBe(UserOutcome.Done, "as for every account of the portal");
    }

    [Fact]
    public async Task MakeLocal_GoneFromTheDirectory_OpensTheAccountAndClosedByHandItStaysClosed()
    {
        var (gone, closed) = (await LinkedAsync("gone@local.example.org"), await LinkedAsync("shut@local.example.org"));
        await fixture.QueryAsync(db => db.Users.Where(u => u.Id == gone).ExecuteUpdateAsync(set => set.SetProperty(u => u.DeactivatedAt, DateTimeOffset.UtcNow).SetProperty(u => u.DirectoryGoneAt, DateTimeOffset.UtcNow)));
        await using var admin = await fixture.ActAsAsync(PortalFixture.AdminEmail);
        (await admin.Get<UserAdministration>().DeactivateAsync(closed, default)).Outcome.ShouldBe(UserOutcome.Done);

        (await admin.Get<LocalAccounts>().MakeLocalAsync(gone, default)).Outcome.ShouldBe(UserOutcome.Done);
        (await admin.Get<LocalAccounts>().MakeLocalAsync(closed, default)).Outcome.ShouldBe(UserOutcome.NotFound);

        (await fixture.QueryAsync(db => db.Users.SingleAsync(u => u.Id == gone))).ShouldSatisfyAllConditions(u => u.DeactivatedAt.ShouldBeNull(), u => u.DirectoryGoneAt.ShouldBeNull(), u => u.PasswordHash.ShouldBeNull());
        (await fixture.QueryAsync(db => db.UserLogins.CountAsync(l => l.UserId == closed))).ShouldBe(1);
    }

    [Fact]
    public async Task MakeLocal_WithoutPermissionRightsOrProof_IsRefused()
    {
        var user = await LinkedAsync("kept@local.example.org");
        await fixture.AddUserAsync("no-local@example.org", Roles.Support);
        await using var support = await fixture.ActAsAsync("no-local@example.org");
        await using var admin = await fixture.ActAsAsync(PortalFixture.AdminEmail);

        await Should.ThrowAsync<ForbiddenException>(() => support.Get<LocalAccounts>().MakeLocalAsync(user, default));
        (await admin.Get<LocalAccounts>().MakeLocalAsync(admin.Session.UserId, default)).Outcome.ShouldBe(UserOutcome.OwnAccount);
        await fixture.QueryAsync(db => db.Set<SignInSession>().Where(s => s.Id == admin.Session.Id).ExecuteUpdateAsync(set => set.SetProperty(s => s.ProvedAt, DateTimeOffset.UtcNow - RecentProof.Lifetime - TimeSpan.FromMinutes(1))));
        (await admin.Get<LocalAccounts>().MakeLocalAsync(user, default)).Outcome.ShouldBe(UserOutcome.ProofNeeded);
        (await fixture.QueryAsync(db => db.UserLogins.CountAsync(l => l.UserId == user))).ShouldBe(1);
    }

    private async Task<Guid> LinkedAsync(string email)
    {
        var user = await fixture.AddUserAsync(email, Roles.Editor);
        return await fixture.QueryAsync(async db =>
        {
            var role = await db.UserRoles.Where(l => l.UserId == user.Id).Select(l => l.RoleId).SingleAsync();
            db.Add(new IdentityUserLogin<Guid> { UserId = user.Id, LoginProvider = ExternalSource.Directory, ProviderKey = user.Id.ToString(), ProviderDisplayName = ExternalSource.Directory });
            db.Add(new DirectoryGrant { UserId = user.Id, RoleId = role, Source = ExternalSource.Directory, GivenAt = DateTimeOffset.UtcNow });
            using (AuditScope.EngineOwn()) await db.SaveChangesAsync();
            return user.Id;
        });
    }
}
