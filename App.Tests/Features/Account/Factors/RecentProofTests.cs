using BlazorAdmin.Data;
using BlazorAdmin.Features.Account;
using BlazorAdmin.Features.Account.Factors;
using BlazorAdmin.Features.Audit;
using BlazorAdmin.Features.Directories;
using BlazorAdmin.Features.Settings;
using BlazorAdmin.Features.Tokens;
using BlazorAdmin.Features.Users;
using BlazorAdmin.Security;
using BlazorAdmin.Shell;
using Microsoft.Extensions.DependencyInjection;

namespace BlazorAdmin.Tests.Features.Account.Factors;

/// <summary>What gives power away, takes protection from others or opens doors wants a proof of the last five minutes.</summary>
public sealed class RecentProofTests(PortalFixture fixture) : IClassFixture<PortalFixture>
{
    [Fact]
    public async Task DelicateCommands_ProofTooOld_AreRefusedAndChangeNothing()
    {
        var member = await fixture.AddUserAsync("promoted@example.org", Roles.Member);
        using var guarded = await FactorPerson.CreateAsync(fixture, "protected@example.org");
        await using var admin = await fixture.ActAsAsync(PortalFixture.AdminEmail);
        var guardedId = await fixture.QueryAsync(db => db.Users.Where(u => u.Email == guarded.Email).Select(u => u.Id).SingleAsync());
        var roles = await admin.Get<UserDirectory>().RolesAsync(default);
        var (administrator, editor) = (roles.Single(r => r.Name == Roles.Administrator).Id, roles.Single(r => r.Name == Roles.Editor).Id);
        await MakeStaleAsync(admin.Session.Id);
        var rows = await RowsAsync();

        (await admin.Get<UserAdministration>().SetRolesAsync(member.Id, [administrator], default)).Outcome.ShouldBe(UserOutcome.ProofNeeded);
        (await admin.Get<UserAdministration>().CreateAsync(new NewUser("New", "new-admin@example.org", null, [administrator]), default)).Outcome.ShouldBe(UserOutcome.ProofNeeded);
        (await admin.Get<UserAdministration>().RemoveFactorAsync(guardedId, default)).Outcome.ShouldBe(UserOutcome.ProofNeeded);
        (await admin.Get<RoleAdministration>().SaveAsync(null, "New role", null, new HashSet<string> { UsersPermissions.Read }, default)).Outcome.ShouldBe(RoleOutcome.ProofNeeded);
        (await admin.Get<TokensService>().CreateAsync(Token(), default)).ShouldSatisfyAllConditions(r => r.Problem.ShouldBe(TokenProblem.ProofNeeded), r => r.Secret.ShouldBeNull());
        (await admin.Get<UserAdministration>().MakePasswordLinkAsync(member.Id, default)).ShouldSatisfyAllConditions(r => r.Outcome.ShouldBe(UserOutcome.ProofNeeded), r => r.Link.ShouldBeNull());
        (await admin.Get<UserAddress>().ChangeAsync(member.Id, "taken-over@example.org", default)).Outcome.ShouldBe(UserOutcome.ProofNeeded);
        (await admin.Get<DirectoryService>().LinkAsync(member.Id, "somebody", default)).Outcome.ShouldBe(UserOutcome.ProofNeeded);
        (await admin.Get<SingleSignOnService>().LinkAsync(member.Email!, "somebody", default)).Outcome.ShouldBe(UserOutcome.ProofNeeded);
        foreach (var (key, value) in new[] { ("Security:IdleMinutes", "481"), ("SingleSignOn:CreateAccounts", "false"), ("Directory:CreateAccounts", "false"), ("Mail:Host", "mail.example.org") })
            (await SetAsync(admin, key, value)).Issues.ShouldHaveSingleItem().Fault.ShouldBe(SettingFault.ProofNeeded, key);
        (await RowsAsync()).ShouldBe(rows);

        // What is not delicate goes on.
        (await admin.Get<UserAdministration>().SetRolesAsync(member.Id, [editor], default)).Outcome.ShouldBe(UserOutcome.Done);
        (await SetAsync(admin, "Notifications:RetentionDays", "91")).IsDone.ShouldBeTrue();

        (await admin.Get<FreshProof>().ConfirmAsync(PortalFixture.Password, default)).ShouldBe(PasswordCheck.Right);
        (await admin.Get<UserAdministration>().SetRolesAsync(member.Id, [administrator], default)).Outcome.ShouldBe(UserOutcome.Done);
        (await admin.Get<UserAdministration>().RemoveFactorAsync(guardedId, default)).Outcome.ShouldBe(UserOutcome.Done);
        (await admin.Get<RoleAdministration>().SaveAsync(null, "New role", null, new HashSet<string> { UsersPermissions.Read }, default)).Outcome.ShouldBe(RoleOutcome.Done);
        (await admin.Get<TokensService>().CreateAsync(Token(), default)).Problem.ShouldBe(TokenProblem.None);
        (await SetAsync(admin, "Security:IdleMinutes", "481")).IsDone.ShouldBeTrue();
    }

    [Fact]
    public async Task IsFresh_FiveMinutes_AndNotForSomebodyElsesView()
    {
        await using var admin = await fixture.ActAsAsync(PortalFixture.AdminEmail);
        var caller = (await admin.Get<CurrentCaller>().GetAsync(default))!;
        var time = new FakeTime(admin.Session.ProvedAt);
        var proof = new RecentProof(fixture.Services.GetRequiredService<FactorRule>(), time);
        await using var db = await fixture.Services.GetRequiredService<IDbContextFactory<AppDbContext>>().CreateDbContextAsync();

        time.Advance(TimeSpan.FromMinutes(4.9));
        (await proof.IsFreshAsync(db, caller, default)).ShouldBeTrue();
        (await proof.IsFreshAsync(db, caller with { SessionId = Guid.NewGuid() }, default)).ShouldBeFalse();
        time.Advance(TimeSpan.FromMinutes(0.2));
        (await proof.IsFreshAsync(db, caller, default)).ShouldBeFalse();
        (await proof.IsFreshAsync(db, Caller.Portal, default)).ShouldBeTrue();
        await db.Set<SignInSession>().Where(s => s.Id == admin.Session.Id).ExecuteUpdateAsync(set => set.SetProperty(s => s.ProvedAt, time.GetUtcNow()).SetProperty(s => s.ImpersonatorId, (Guid?)Guid.NewGuid()));
        (await proof.IsFreshAsync(db, caller, default)).ShouldBeFalse("who looks as another person has proved nothing for them");
    }

    [Fact]
    public async Task Password_FactorDemandedAndNotShown_IsNotChangedByThePasswordAlone()
    {
        using var person = await FactorPerson.CreateAsync(fixture, "demanded@example.org", Roles.Operator);
        var session = await fixture.QueryAsync(async db =>
        {
            var user = await db.Users.SingleAsync(u => u.Email == "demanded@example.org");
            var weak = fixture.Services.GetRequiredService<SessionClock>().Start(user, remember: false, "192.0.2.9", "tests");
            weak.Method = SignInMethod.Password;
            db.Add(weak);
            using (AuditScope.EngineOwn()) await db.SaveChangesAsync();
            return weak;
        });
        await using var admin = await fixture.ActAsAsync(PortalFixture.AdminEmail);
        (await SetAsync(admin, "Security:RequireSecondFactorFor:0", Roles.Operator)).IsDone.ShouldBeTrue();
        try
        {
            await using var scope = fixture.Services.CreateAsyncScope();
            scope.ServiceProvider.GetRequiredService<CurrentCaller>().Use(PortalFixture.PrincipalOf(session), null);
            (await scope.ServiceProvider.GetRequiredService<AccountService>().ChangePasswordAsync(PortalFixture.Password, "thirteen iron gates", default)).Result.ShouldBe(PasswordChange.FactorNeeded);
        }
        finally
        {
            await admin.Get<SettingsService>().ApplyAsync([new SettingEdit("Security:RequireSecondFactorFor:0", null)], "clean");
        }
    }

    private static Task<SettingOutcome> SetAsync(ActingScope admin, string key, string value) => admin.Get<SettingsService>().ApplyAsync([new SettingEdit(key, value)], "test");

    private static NewToken Token() => new("watch", [TokenScopes.HealthRead], null);

    private Task<int> RowsAsync() => fixture.QueryAsync(db => db.Set<AuditEntry>().CountAsync(e => e.Outcome == AuditOutcome.Done));

    private Task MakeStaleAsync(Guid session) => fixture.QueryAsync(db => db.Set<SignInSession>().Where(s => s.Id == session).ExecuteUpdateAsync(set => set.SetProperty(s => s.ProvedAt, DateTimeOffset.UtcNow.AddMinutes(-6))));
}
