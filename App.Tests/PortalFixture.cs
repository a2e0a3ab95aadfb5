using BlazorAdmin.Data;
using BlazorAdmin.Features.Account;
using BlazorAdmin.Features.Users;
using BlazorAdmin.Security;
using Microsoft.Extensions.DependencyInjection;

namespace BlazorAdmin.Tests;

/// <summary>A running portal with an administrator, for the tests of one class.</summary>
public sealed class PortalFixture : IAsyncLifetime
{
    public const string AdminEmail = "ada@example.org";
    public const string Password = "correct lemon horse 7";

    private RunningPortal? _portal;

    public RunningPortal Portal => _portal ?? throw new InvalidOperationException("The fixture is not initialised.");

    public IServiceProvider Services => Portal.Services;

    public async Task InitializeAsync() =>
        _portal = await RunningPortal.StartAsync($"--Bootstrap:AdminEmail={AdminEmail}", $"--Bootstrap:AdminPassword={Password}", "--Bootstrap:AdminName=Ada Lovelace");

    public async Task DisposeAsync()
    {
        if (_portal is not null) await _portal.DisposeAsync();
    }

    public PortalClient Browser() => new(Portal.Address);

    /// <summary>A browser in which somebody is signed in.</summary>
    public async Task<PortalClient> SignedInAsync(string email = AdminEmail)
    {
        var browser = Browser();
        await browser.SignInAsync(email, Password);
        return browser;
    }

    /// <summary>Makes an account with roles; its password is <see cref="Password"/>.</summary>
    public async Task<User> AddUserAsync(string email, params string[] roles)
    {
        await using var scope = Services.CreateAsyncScope();
        await using var db = await Services.GetRequiredService<IDbContextFactory<AppDbContext>>().CreateDbContextAsync();
        var given = await db.Roles.Where(r => roles.Contains(r.Name!)).ToListAsync();
        var user = scope.ServiceProvider.GetRequiredService<AccountFactory>().Add(db, email, email.Split('@')[0], Password, given);
        using (BlazorAdmin.Features.Audit.AuditScope.EngineOwn()) await db.SaveChangesAsync();
        return user;
    }

    /// <summary>A scope whose services act for somebody with a session of their own.</summary>
    public async Task<ActingScope> ActAsAsync(string email)
    {
        var scope = Services.CreateAsyncScope();
        var (_, session) = await scope.ServiceProvider.GetRequiredService<SignInService>().SignInAsync(email, Password, remember: false, new SignInPlace("192.0.2.1", "tests"), CancellationToken.None);
        session.ShouldNotBeNull($"{email} could not sign in.");
        scope.ServiceProvider.GetRequiredService<CurrentCaller>().Use(PrincipalOf(session), session.Address);
        return new ActingScope(scope, session);
    }

    public static System.Security.Claims.ClaimsPrincipal PrincipalOf(SignInSession session) => new(new System.Security.Claims.ClaimsIdentity(
        [new(System.Security.Claims.ClaimTypes.NameIdentifier, session.UserId.ToString()), new(SessionClaims.SessionId, session.Id.ToString())], "tests"));

    public async Task<T> QueryAsync<T>(Func<AppDbContext, Task<T>> query)
    {
        await using var db = await Services.GetRequiredService<IDbContextFactory<AppDbContext>>().CreateDbContextAsync();
        return await query(db);
    }
}

/// <summary>Services that act for one person.</summary>
public sealed class ActingScope(AsyncServiceScope scope, SignInSession session) : IAsyncDisposable
{
    public SignInSession Session => session;

    public T Get<T>() where T : notnull => scope.ServiceProvider.GetRequiredService<T>();

    public ValueTask DisposeAsync() => scope.DisposeAsync();
}
