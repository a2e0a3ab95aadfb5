using System.Security.Claims;
using BlazorAdmin.Data;
using BlazorAdmin.Features.Account;
using BlazorAdmin.Features.Audit;
using BlazorAdmin.Features.Users;
using BlazorAdmin.Security;
using Microsoft.Extensions.DependencyInjection;

namespace BlazorAdmin.Tests.Features.Directories;

/// <summary>A running portal beside a real directory, for the tests of one class. Without slapd it starts nothing, and the tests are skipped.</summary>
public sealed class DirectorySite : IAsyncLifetime
{
    private RunningPortal? _portal;
    private TestSlapd? _slapd;

    public RunningPortal Portal => _portal ?? throw new InvalidOperationException("The fixture is not initialised.");

    public TestSlapd Slapd => _slapd ?? throw new InvalidOperationException("The fixture is not initialised.");

    public async Task InitializeAsync()
    {
        if (!SlapdFactAttribute.IsThere) return;
        _slapd = await TestSlapd.StartAsync([]);
        // The journeys of one class come from one address and guess wrong more often than people do.
        _portal = await RunningPortal.StartAsync(
        [
            $"--Bootstrap:AdminEmail={PortalFixture.AdminEmail}", $"--Bootstrap:AdminPassword={PortalFixture.Password}", "--Security:FailuresPerAddress=10000",
            "--Directory:GroupRoles:0=ops => Operator", $"--Directory:GroupRoles:1=cn=auditors,{TestSlapd.Base} => Auditor", "--Directory:GroupRoles:2=root => Administrator", .. _slapd.Arguments(),
        ]);
    }

    public async Task DisposeAsync()
    {
        if (_portal is not null) await _portal.DisposeAsync();
        if (_slapd is not null) await _slapd.DisposeAsync();
    }

    /// <summary>Somebody new in the directory.</summary>
    public Task AddPersonAsync(string uid) => Slapd.ChangeAsync(TestSlapd.Person(uid).Insert(TestSlapd.Person(uid).IndexOf('\n') + 1, "changetype: add\n"));

    /// <summary>Tries to sign in from an address of its own.</summary>
    public async Task<SignInResult> SignInAsync(string login, string password, string address = "192.0.2.1")
    {
        await using var scope = Portal.Services.CreateAsyncScope();
        return await scope.ServiceProvider.GetRequiredService<SignInService>().SignInAsync(login, password, remember: false, new SignInPlace(address, "tests"), default);
    }

    public async Task<User> EnterAsync(string uid)
    {
        var result = await SignInAsync(uid, TestSlapd.Password);
        result.Outcome.ShouldBe(SignInOutcome.Done, await LastReasonAsync());
        return await QueryAsync(db => db.Users.SingleAsync(u => u.Id == result.Session!.UserId));
    }

    public async Task<User> AddLocalAsync(string email, string? password, params string[] roles)
    {
        await using var scope = Portal.Services.CreateAsyncScope();
        await using var db = await Portal.Services.GetRequiredService<IDbContextFactory<AppDbContext>>().CreateDbContextAsync();
        var given = await db.Roles.Where(r => roles.Contains(r.Name!)).ToListAsync();
        var user = scope.ServiceProvider.GetRequiredService<AccountFactory>().Add(db, email, email.Split('@')[0], password, given);
        using (AuditScope.EngineOwn()) await db.SaveChangesAsync();
        return user;
    }

    /// <summary>A scope whose services act for the administrator.</summary>
    public async Task<ActingScope> ActAsAdminAsync()
    {
        var session = (await SignInAsync(PortalFixture.AdminEmail, PortalFixture.Password)).Session.ShouldNotBeNull();
        var scope = Portal.Services.CreateAsyncScope();
        scope.ServiceProvider.GetRequiredService<CurrentCaller>().Use(PortalFixture.PrincipalOf(session), session.Address);
        return new ActingScope(scope, session);
    }

    public Task<List<string>> RolesAsync(Guid user) => QueryAsync(db =>
        (from link in db.UserRoles join role in db.Roles on link.RoleId equals role.Id where link.UserId == user orderby role.Name select role.Name!).ToListAsync());

    public async Task<string> LastReasonAsync() =>
        await QueryAsync(db => db.Set<AuditEntry>().Where(e => e.Action == "account.sign_in").OrderByDescending(e => e.Id).Select(e => e.Detail).FirstAsync()) ?? "";

    public async Task<T> QueryAsync<T>(Func<AppDbContext, Task<T>> query)
    {
        await using var db = await Portal.Services.GetRequiredService<IDbContextFactory<AppDbContext>>().CreateDbContextAsync();
        return await query(db);
    }
}
