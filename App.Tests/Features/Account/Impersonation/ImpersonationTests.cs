using System.Collections.Frozen;
using System.Net;
using BlazorAdmin.Data;
using BlazorAdmin.Features.Account;
using BlazorAdmin.Features.Account.Factors;
using BlazorAdmin.Features.Account.Impersonation;
using BlazorAdmin.Features.Audit;
using BlazorAdmin.Features.Dashboard;
using BlazorAdmin.Features.Documents;
using BlazorAdmin.Features.Notifications;
using BlazorAdmin.Features.Settings;
using BlazorAdmin.Features.Users;
using BlazorAdmin.Security;
using BlazorAdmin.Shell;
using BlazorAdmin.Shell.Lists;
using BlazorAdmin.Tests.Features.Settings;
using Microsoft.Extensions.DependencyInjection;

namespace BlazorAdmin.Tests.Features.Account.Impersonation;

/// <summary>Administrators who look at the portal as somebody else: what they see, that they change nothing, and how it ends.</summary>
public sealed class ImpersonationTests(PortalFixture fixture) : IClassFixture<PortalFixture>
{
    private const string Reason = "Request 4711";

    private static readonly SignInPlace Place = new("192.0.2.7", "tests");

    [Fact]
    public async Task Begin_Administrator_SeesWithThePersonsRightsAndChangesNothing()
    {
        var user = await fixture.AddUserAsync("seen@example.org", Roles.Operator);
        await using var admin = await fixture.ActAsAsync(PortalFixture.AdminEmail);

        await using var looking = await LookAsync(admin, user.Id);

        var caller = (await looking.ServiceProvider.GetRequiredService<CurrentCaller>().GetAsync())!;
        caller.UserId.ShouldBe(user.Id);
        caller.ReadOnly.ShouldBe(ReadOnlyReason.Impersonation);
        caller.ImpersonatorId.ShouldBe(admin.Session.UserId);
        caller.May("jobs.read").ShouldBeTrue();
        caller.May("jobs.manage").ShouldBeFalse("it changes something");
        caller.May(AuditPermissions.Read).ShouldBeFalse("the person may not");
        await Should.ThrowAsync<ReadOnlyException>(() => looking.ServiceProvider.GetRequiredService<PreferenceStore>().SetThemeAsync(Theme.Dark));
        await Should.ThrowAsync<ReadOnlyException>(() => looking.ServiceProvider.GetRequiredService<Dashboards>().CreateAsync("Mine", BoardStart.Empty));
        await Should.ThrowAsync<ReadOnlyException>(() => looking.ServiceProvider.GetRequiredService<SessionService>().EndMyOthersAsync(default));
        await Should.ThrowAsync<ReadOnlyException>(() => looking.ServiceProvider.GetRequiredService<AccountService>().ChangePasswordAsync(PortalFixture.Password, "five quiet rivers", default));
        await Should.ThrowAsync<ReadOnlyException>(() => looking.ServiceProvider.GetRequiredService<DocumentsService>().Delete([Guid.NewGuid()], default));
        var refusal = await fixture.QueryAsync(db => db.Set<AuditEntry>().OrderByDescending(e => e.Id).FirstAsync(e => e.Action == "security.denied"));
        refusal.ActorId.ShouldBe(admin.Session.UserId, "what is done is the administrator's");
        refusal.Detail!.ShouldContain(user.Id.ToString());
        var row = await fixture.QueryAsync(db => db.Set<AuditEntry>().SingleAsync(e => e.Action == "users.impersonate" && e.SubjectId == user.Id.ToString()));
        row.Detail!.ShouldContain(Reason);
        (await fixture.QueryAsync(db => db.Set<Notification>().CountAsync(n => n.UserId == user.Id && n.TitleKey == "ImpersonatedTitle"))).ShouldBe(1);
        await using var person = await fixture.ActAsAsync("seen@example.org");
        (await person.Get<SessionService>().MineAsync(default)).ShouldContain(s => s.Method == SignInMethod.Impersonation && s.Looker == "Ada Lovelace");
    }

    [Fact]
    public void Begin_OwnThingsOfThePerson_AreSeenOnlyByWhoMaySeeThoseOfOthers()
    {
        var catalog = fixture.Services.GetRequiredService<PermissionCatalog>();

        catalog.Common(new[] { "documents.own", "jobs.read" }.ToFrozenSet(), new[] { "documents.own", "jobs.read", "users.impersonate" }.ToFrozenSet()).ShouldBe(["jobs.read"]);
        catalog.Common(new[] { "documents.own" }.ToFrozenSet(), new[] { "documents.own", "documents.read" }.ToFrozenSet()).ShouldBe(["documents.own"]);
    }

    [Fact]
    public async Task Begin_NotAllowed_IsRefusedWithTheReason()
    {
        var user = await fixture.AddUserAsync("other@example.org", Roles.Member);
        var closed = await fixture.AddUserAsync("closed@example.org", Roles.Member);
        await using var admin = await fixture.ActAsAsync(PortalFixture.AdminEmail);
        await admin.Get<UserAdministration>().DeactivateAsync(closed.Id, default);
        var service = admin.Get<ImpersonationService>();

        (await service.BeginAsync(user.Id, "  no ", Place, default)).Outcome.ShouldBe(ImpersonationOutcome.ReasonMissing);
        (await service.BeginAsync(admin.Session.UserId, Reason, Place, default)).Outcome.ShouldBe(ImpersonationOutcome.Self);
        (await service.BeginAsync(closed.Id, Reason, Place, default)).Outcome.ShouldBe(ImpersonationOutcome.NotFound);
        (await service.BeginAsync(Guid.NewGuid(), Reason, Place, default)).Outcome.ShouldBe(ImpersonationOutcome.NotFound);
        await using var member = await fixture.ActAsAsync("other@example.org");
        await Should.ThrowAsync<ForbiddenException>(() => member.Get<ImpersonationService>().BeginAsync(admin.Session.UserId, Reason, Place, default));
        await using var looking = await LookAsync(admin, user.Id);
        await Should.ThrowAsync<ForbiddenException>(() => looking.ServiceProvider.GetRequiredService<ImpersonationService>().BeginAsync(closed.Id, Reason, Place, default));
        await ProvedLongAgoAsync(admin.Session.Id);
        (await service.BeginAsync(user.Id, Reason, Place, default)).Outcome.ShouldBe(ImpersonationOutcome.ProofNeeded);
    }

    [Fact]
    public async Task Begin_PersonWithMoreRights_IsRefusedAndAudited()
    {
        await using var admin = await fixture.ActAsAsync(PortalFixture.AdminEmail);
        (await admin.Get<RoleAdministration>().SaveAsync(null, "Helper", null, new HashSet<string> { UsersPermissions.Read, UsersPermissions.Impersonate }, default)).Outcome.ShouldBe(RoleOutcome.Done);
        await fixture.AddUserAsync("helper@example.org", "Helper", Roles.Member);
        var user = await fixture.AddUserAsync("mighty@example.org", Roles.Auditor);
        var equal = await fixture.AddUserAsync("equal@example.org", Roles.Member);
        await using var helper = await fixture.ActAsAsync("helper@example.org");

        (await helper.Get<ImpersonationService>().BeginAsync(user.Id, Reason, Place, default)).Outcome.ShouldBe(ImpersonationOutcome.BeyondOwnRights);
        (await fixture.QueryAsync(db => db.Set<AuditEntry>().CountAsync(e => e.Action == "users.impersonate" && e.SubjectId == user.Id.ToString() && e.Outcome == AuditOutcome.Denied))).ShouldBe(1);
        await using var looking = await LookAsync(helper, equal.Id);

        // A helper who may not read documents of others reads none as somebody else.
        (await looking.ServiceProvider.GetRequiredService<CurrentCaller>().GetAsync())!.May(DocumentsPermissions.Own).ShouldBeFalse();
        await Should.ThrowAsync<ForbiddenException>(() => looking.ServiceProvider.GetRequiredService<DocumentLibrary>().List(DocumentScope.Own, new ListQuery(), default));
    }

    [Theory]
    [InlineData("signed out")]
    [InlineData("deactivated")]
    [InlineData("right taken")]
    public async Task AdministratorGoes_LookingEnds(string how)
    {
        var email = $"second-{Guid.NewGuid():N}@example.org";
        var second = await fixture.AddUserAsync(email, Roles.Administrator);
        var user = await fixture.AddUserAsync($"watched-{Guid.NewGuid():N}@example.org", Roles.Member);
        await using var admin = await fixture.ActAsAsync(PortalFixture.AdminEmail);
        await using var other = await fixture.ActAsAsync(email);
        await using var looking = await LookAsync(other, user.Id);
        (await looking.ServiceProvider.GetRequiredService<CurrentCaller>().GetAsync()).ShouldNotBeNull();

        if (how == "signed out") await other.Get<SessionService>().SignOutAsync(default);
        else if (how == "deactivated") (await admin.Get<UserAdministration>().DeactivateAsync(second.Id, default)).Outcome.ShouldBe(UserOutcome.Done);
        else (await admin.Get<UserAdministration>().SetRolesAsync(second.Id, [], default)).Outcome.ShouldBe(UserOutcome.Done);

        // The very next command, without waiting.
        (await looking.ServiceProvider.GetRequiredService<CurrentCaller>().GetAsync()).ShouldBeNull();
    }

    [Fact]
    public async Task OwnSessionEnds_LookingEndsAlthoughTheAdministratorIsSignedInElsewhere()
    {
        var email = $"twice-{Guid.NewGuid():N}@example.org";
        await fixture.AddUserAsync(email, Roles.Administrator);
        var user = await fixture.AddUserAsync($"seen-{Guid.NewGuid():N}@example.org", Roles.Member);
        await using var here = await fixture.ActAsAsync(email);
        await using var elsewhere = await fixture.ActAsAsync(email);
        await using var looking = await LookAsync(here, user.Id);
        await using var other = await LookAsync(elsewhere, user.Id);
        (await looking.ServiceProvider.GetRequiredService<CurrentCaller>().GetAsync()).ShouldNotBeNull();

        await here.Get<SessionService>().SignOutAsync(default);

        (await looking.ServiceProvider.GetRequiredService<CurrentCaller>().GetAsync()).ShouldBeNull("it began from the sign-in that ended");
        (await other.ServiceProvider.GetRequiredService<CurrentCaller>().GetAsync()).ShouldNotBeNull("this one did not");
    }

    [Fact]
    public void LookingId_OfOneSession_IsNeverThatOfAnother()
    {
        var sessions = Enumerable.Range(0, 200).Select(_ => Guid.NewGuid()).ToList();
        var looking = LookingId.New(sessions[0]);

        sessions.Where(s => LookingId.BeganFrom(looking, s)).ShouldBe([sessions[0]]);
        LookingId.New(sessions[0]).ShouldNotBe(looking);
    }

    [Fact]
    public async Task Look_PersonalThings_AreNotShown()
    {
        var user = await fixture.AddUserAsync("private@example.org", Roles.Member);
        await using var admin = await fixture.ActAsAsync(PortalFixture.AdminEmail);
        await using var person = await fixture.ActAsAsync("private@example.org");
        await using var looking = await LookAsync(admin, user.Id);
        // That somebody looks is told to the person.
        (await person.Get<BlazorAdmin.Features.Notifications.Notifications>().ListAsync(10)).ShouldNotBeEmpty();

        (await looking.ServiceProvider.GetRequiredService<BlazorAdmin.Features.Notifications.Notifications>().ListAsync(10)).ShouldBeEmpty();
        (await looking.ServiceProvider.GetRequiredService<BlazorAdmin.Features.Notifications.Notifications>().CountUnreadAsync()).ShouldBe(0);
        (await looking.ServiceProvider.GetRequiredService<SessionService>().MineAsync(default)).ShouldBeEmpty();
        (await looking.ServiceProvider.GetRequiredService<PasskeyService>().ListAsync(default)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Look_RoleOfTheAdministratorDemandsAFactor_EndsWithoutOne()
    {
        var user = await fixture.AddUserAsync("demanded@example.org", Roles.Member);
        await using var admin = await fixture.ActAsAsync(PortalFixture.AdminEmail);
        (await admin.Get<RoleAdministration>().SaveAsync(null, "Looker", null, new HashSet<string> { UsersPermissions.Read, UsersPermissions.Impersonate }, default)).Outcome.ShouldBe(RoleOutcome.Done);
        await fixture.AddUserAsync("looker@example.org", "Looker", Roles.Member);
        await using var looker = await fixture.ActAsAsync("looker@example.org");
        await using var looking = await LookAsync(looker, user.Id);
        (await admin.Get<SettingsService>().SetAsync("Security:RequireSecondFactorFor:0", "Looker")).IsDone.ShouldBeTrue();
        try
        {
            await Eventually.Holds(async () => await looking.ServiceProvider.GetRequiredService<CurrentCaller>().GetAsync() is null, because: "they hold no right of their own either");
        }
        finally
        {
            await admin.Get<SettingsService>().RemoveAsync("Security:RequireSecondFactorFor:0");
        }
    }

    [Fact]
    public async Task Save_ForgottenGuard_IsRefusedByTheLastLine()
    {
        var user = await fixture.AddUserAsync("line@example.org", Roles.Member);
        var factory = fixture.Services.GetRequiredService<IDbContextFactory<AppDbContext>>();
        using (ReadOnlyFlow.Enter(ReadOnlyReason.Impersonation))
        {
            await using var db = await factory.CreateDbContextAsync();
            var row = await db.Users.SingleAsync(u => u.Id == user.Id);
            row.DisplayName = "Changed";
            db.Audit(Caller.Portal, "users.rename", "user", user.Id);
            await Should.ThrowAsync<ReadOnlyException>(() => db.SaveChangesAsync());
            await using var notes = await factory.CreateDbContextAsync();
            notes.Audit(Caller.Portal, "documents.open", "document", user.Id);
            await notes.SaveChangesAsync();
        }

        (await fixture.QueryAsync(db => db.Users.Where(u => u.Id == user.Id).Select(u => u.DisplayName).SingleAsync())).ShouldBe("line");
    }

    [Fact]
    public async Task Browser_LooksAndComesBack_WithItsOwnSession()
    {
        var user = await fixture.AddUserAsync("browsed@example.org", Roles.Member);
        using var browser = await fixture.SignedInAsync();
        var page = $"/account/impersonate/{user.Id}";

        using (var refused = await browser.SubmitAsync(page, "impersonate", [("Reason", "")]))
            (await refused.Content.ReadAsStringAsync()).ShouldContain("say in a few words why");
        using (var begun = await browser.SubmitAsync(page, "impersonate", [("Reason", Reason)])) begun.StatusCode.ShouldBe(HttpStatusCode.Redirect, await begun.Content.ReadAsStringAsync());
        using (var account = await browser.GetAsync("/account"))
        {
            var html = await account.Content.ReadAsStringAsync();
            html.ShouldContain("browsed@example.org");
            html.ShouldContain("You see the portal as browsed");
        }

        using (var changed = await browser.SubmitAsync("/account", "profile", [("Name", "Somebody else")])) changed.StatusCode.ShouldBe(HttpStatusCode.Forbidden, await changed.Content.ReadAsStringAsync());
        using (var users = await browser.GetAsync("/admin/users")) users.StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        var looked = browser.SessionCookie;

        using (var ended = await browser.SubmitAsync("/account", null, [], "/account/impersonate/end"))
        {
            ended.StatusCode.ShouldBe(HttpStatusCode.Redirect);
            ended.Headers.Location!.ToString().ShouldBe("/admin/users");
        }

        using (var account = await browser.GetAsync("/account")) (await account.Content.ReadAsStringAsync()).ShouldContain(PortalFixture.AdminEmail);
        // The cookie of looking is worth nothing any more, and the way back is taken once.
        using var replayed = fixture.Browser();
        replayed.Cookies.Add(fixture.Portal.Address, new Cookie("BlazorAdmin", looked));
        using (var answer = await replayed.GetAsync("/account")) answer.StatusCode.ShouldBe(HttpStatusCode.Redirect);
        (await fixture.QueryAsync(db => db.Users.Where(u => u.Id == user.Id).Select(u => u.DisplayName).SingleAsync())).ShouldBe("browsed");
        (await fixture.QueryAsync(db => db.Set<AuditEntry>().CountAsync(e => e.Action == "users.impersonate_end" && e.SubjectId == user.Id.ToString()))).ShouldBe(1);
    }

    [Fact]
    public async Task End_SecondTime_LeadsNowhere()
    {
        var user = await fixture.AddUserAsync("twice@example.org", Roles.Member);
        await using var admin = await fixture.ActAsAsync(PortalFixture.AdminEmail);
        var service = admin.Get<ImpersonationService>();
        var begun = await service.BeginAsync(user.Id, Reason, Place, default);

        (await service.EndAsync(begun.Return, default)).ShouldNotBeNull().Id.ShouldBe(admin.Session.Id);
        (await service.EndAsync(begun.Return, default)).ShouldBeNull();
        var again = await service.BeginAsync(user.Id, Reason, Place, default);
        // Bound to the administrator: a way back to somebody else's session opens nothing.
        await using var stranger = await fixture.ActAsAsync("twice@example.org");
        (await service.EndAsync(again.Return! with { OwnSessionId = stranger.Session.Id }, default)).ShouldBeNull();
    }

    private Task ProvedLongAgoAsync(Guid session) => fixture.QueryAsync(db =>
        db.Set<SignInSession>().Where(s => s.Id == session).ExecuteUpdateAsync(set => set.SetProperty(s => s.ProvedAt, DateTimeOffset.UtcNow.AddMinutes(-6))));

    private async Task<AsyncServiceScope> LookAsync(ActingScope admin, Guid userId)
    {
        var begun = await admin.Get<ImpersonationService>().BeginAsync(userId, Reason, Place, default);
        begun.Outcome.ShouldBe(ImpersonationOutcome.Done);
        var scope = fixture.Services.CreateAsyncScope();
        scope.ServiceProvider.GetRequiredService<CurrentCaller>().Use(PortalFixture.PrincipalOf(begun.Session!), Place.Address);
        return scope;
    }
}
