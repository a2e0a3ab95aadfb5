using BlazorAdmin.Tests.Features.Settings;
using BlazorAdmin.Features.Account;
using BlazorAdmin.Features.Audit;
using BlazorAdmin.Features.Settings;
using BlazorAdmin.Features.Users;
using BlazorAdmin.Security;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.AspNetCore.Components.Server.Circuits;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace BlazorAdmin.Tests.Security;

/// <summary>What an open page learns of changed rights, without the browser: the circuit's scope with its handlers.</summary>
public sealed class CircuitTests(PortalFixture fixture) : IClassFixture<PortalFixture>
{
    [Fact]
    public async Task RoleTaken_OpenCircuit_IsToldAndRefusedAtOnce()
    {
        var user = await fixture.AddUserAsync("auditor@example.org", Roles.Auditor);
        await using var admin = await fixture.ActAsAsync(PortalFixture.AdminEmail);
        await using var circuit = await OpenAsync("auditor@example.org");
        await circuit.Get<AuditLog>().LatestAsync(1, default);
        (await circuit.IsAllowedAsync(AuditPermissions.Read)).ShouldBeTrue();

        (await admin.Get<UserAdministration>().SetRolesAsync(user.Id, [], default)).Outcome.ShouldBe(UserOutcome.Done);

        // The very next command, without waiting.
        await Should.ThrowAsync<ForbiddenException>(() => circuit.Get<AuditLog>().LatestAsync(1, default));
        (await circuit.IsAllowedAsync(AuditPermissions.Read)).ShouldBeFalse();
        await Eventually.Holds(() => circuit.Changes > 0, because: "the circuit is told");
        (await circuit.StateAsync()).User.Identity!.IsAuthenticated.ShouldBeTrue("only the rights changed");
    }

    /// <summary>ASVS 8.3.2: a command that begins after the role is gone never succeeds, however close it comes.</summary>
    [Fact]
    public async Task RoleTaken_ThousandRaces_NoCommandSucceedsAfterwards()
    {
        const int People = 5, Rounds = 200;
        await using var admin = await fixture.ActAsAsync(PortalFixture.AdminEmail);
        var auditor = (await admin.Get<UserDirectory>().RolesAsync(default)).Single(r => r.Name == Roles.Auditor).Id;
        var (races, stale, before) = (0, 0, 0);
        await Parallel.ForEachAsync(Enumerable.Range(0, People), new ParallelOptions { MaxDegreeOfParallelism = People }, async (number, cancellation) =>
        {
            var user = await fixture.AddUserAsync($"race{number}@example.org", Roles.Auditor);
            await using var circuit = await OpenAsync($"race{number}@example.org");
            for (var round = 0; round < Rounds; round++)
            {
                using var begun = new SemaphoreSlim(0, 1);
                var taken = false;
                var commands = Task.Run(async () =>
                {
                    while (true)
                    {
                        var isAfter = Volatile.Read(ref taken);
                        try
                        {
                            await circuit.Get<AuditLog>().LatestAsync(1, default);
                            if (isAfter) Interlocked.Increment(ref stale);
                            else Interlocked.Increment(ref before);
                            if (begun.CurrentCount == 0) begun.Release();
                        }
                        catch (ForbiddenException)
                        {
                            // Between the commit and the answer of the command that took the role.
                        }

                        if (isAfter) return;
                    }
                }, cancellation);
                await begun.WaitAsync(TimeSpan.FromMinutes(1), cancellation);
                (await admin.Get<UserAdministration>().SetRolesAsync(user.Id, [], default)).Outcome.ShouldBe(UserOutcome.Done);
                Volatile.Write(ref taken, true);
                await commands.WaitAsync(TimeSpan.FromMinutes(1), cancellation);
                Interlocked.Increment(ref races);
                (await admin.Get<UserAdministration>().SetRolesAsync(user.Id, [auditor], default)).Outcome.ShouldBe(UserOutcome.Done);
            }
        });

        (races, stale).ShouldBe((People * Rounds, 0));
        before.ShouldBeGreaterThanOrEqualTo(races, "the commands ran while the role was taken");
    }

    [Fact]
    public async Task BundleEdited_OpenCircuit_IsTold()
    {
        await fixture.AddUserAsync("bundle@example.org", Roles.Support);
        await using var admin = await fixture.ActAsAsync(PortalFixture.AdminEmail);
        await using var circuit = await OpenAsync("bundle@example.org");
        var role = (await admin.Get<RoleAdministration>().ListAsync(default)).Single(r => r.Name == Roles.Support);

        await admin.Get<RoleAdministration>().SaveAsync(role.Id, role.Name, null, role.Permissions.Except([UsersPermissions.Read]).ToHashSet(), default);

        (await circuit.IsAllowedAsync(UsersPermissions.Read)).ShouldBeFalse();
        await Eventually.Holds(() => circuit.Changes > 0);
    }

    [Fact]
    public async Task RoleDemandsSecondFactor_OpenCircuitOfSomebodyWithout_IsOver()
    {
        var user = await fixture.AddUserAsync("promoted@example.org", Roles.Member);
        await using var admin = await fixture.ActAsAsync(PortalFixture.AdminEmail);
        var settings = admin.Get<SettingsService>();
        (await settings.SetAsync("Security:RequireSecondFactorFor:0", Roles.Editor)).IsDone.ShouldBeTrue();
        try
        {
            var options = fixture.Services.GetRequiredService<IOptionsMonitor<SecurityOptions>>();
            await Eventually.Holds(() => options.CurrentValue.RequiresSecondFactor([Roles.Editor]), because: "the rule is read");
            await using var circuit = await OpenAsync("promoted@example.org");
            (await circuit.StateAsync()).User.Identity!.IsAuthenticated.ShouldBeTrue();
            var editor = (await admin.Get<UserDirectory>().RolesAsync(default)).Single(r => r.Name == Roles.Editor).Id;

            (await admin.Get<UserAdministration>().SetRolesAsync(user.Id, [editor], default)).Outcome.ShouldBe(UserOutcome.Done);

            await Eventually.Holds(async () => (await circuit.StateAsync()).User.Identity?.IsAuthenticated != true, because: "the page leads to the set-up");
        }
        finally
        {
            await settings.RemoveAsync("Security:RequireSecondFactorFor:0");
        }
    }

    [Fact]
    public async Task SignedOutRevokedOrDeactivated_OpenCircuit_IsOver()
    {
        await using var admin = await fixture.ActAsAsync(PortalFixture.AdminEmail);
        var user = await fixture.AddUserAsync("leaver@example.org", Roles.Member);

        await using (var circuit = await OpenAsync("leaver@example.org"))
        {
            await circuit.Get<SessionService>().SignOutAsync(default);
            await Eventually.Holds(async () => (await circuit.StateAsync()).User.Identity?.IsAuthenticated != true, because: "signed out");
        }

        await using (var circuit = await OpenAsync("leaver@example.org"))
        {
            (await admin.Get<SessionService>().EndOfAsync(user.Id, null, default)).ShouldBe(1);
            await Eventually.Holds(async () => (await circuit.StateAsync()).User.Identity?.IsAuthenticated != true, because: "revoked");
        }

        await using (var circuit = await OpenAsync("leaver@example.org"))
        {
            await admin.Get<UserAdministration>().DeactivateAsync(user.Id, default);
            await Should.ThrowAsync<ForbiddenException>(() => circuit.Get<SessionService>().MineAsync(default));
            await Eventually.Holds(async () => (await circuit.StateAsync()).User.Identity?.IsAuthenticated != true, because: "deactivated");
        }
    }

    [Fact]
    public async Task Reconnect_OtherSignIn_DoesNotTakeTheCircuitOver()
    {
        await fixture.AddUserAsync("first@example.org", Roles.Member);
        await using var other = await fixture.ActAsAsync(PortalFixture.AdminEmail);
        await using var circuit = await OpenAsync("first@example.org");

        circuit.Reconnect(other.Session);

        (await circuit.StateAsync()).User.Identity?.IsAuthenticated.ShouldNotBe(true);
        await Should.ThrowAsync<ForbiddenException>(() => circuit.Get<SessionService>().MineAsync(default));
    }

    private async Task<OpenCircuit> OpenAsync(string email)
    {
        SignInSession session;
        await using (var acting = await fixture.ActAsAsync(email)) session = acting.Session;
        var circuit = new OpenCircuit(fixture.Services.CreateAsyncScope(), session);
        await circuit.OpenAsync();
        return circuit;
    }

    private sealed class OpenCircuit : IAsyncDisposable
    {
        private readonly AsyncServiceScope _scope;
        private readonly SessionAuthenticationStateProvider _state;
        private readonly CircuitHandler _handler;
        private int _changes;

        public OpenCircuit(AsyncServiceScope scope, SignInSession session)
        {
            _scope = scope;
            _state = Get<SessionAuthenticationStateProvider>();
            _state.AuthenticationStateChanged += _ => Interlocked.Increment(ref _changes);
            _handler = ActivatorUtilities.CreateInstance<SessionCircuitHandler>(scope.ServiceProvider);
            Reconnect(session);
        }

        public int Changes => Volatile.Read(ref _changes);

        public T Get<T>() where T : notnull => _scope.ServiceProvider.GetRequiredService<T>();

        public Task<AuthenticationState> StateAsync() => _state.GetAuthenticationStateAsync();

        public void Reconnect(SignInSession session) => _state.SetAuthenticationState(Task.FromResult(new AuthenticationState(PortalFixture.PrincipalOf(session))));

        public async Task OpenAsync()
        {
            await _handler.OnCircuitOpenedAsync(null!, default);
            await _handler.OnConnectionUpAsync(null!, default);
        }

        public async Task<bool> IsAllowedAsync(string policy) => (await Get<IAuthorizationService>().AuthorizeAsync((await StateAsync()).User, null, policy)).Succeeded;

        public async ValueTask DisposeAsync()
        {
            await _handler.OnCircuitClosedAsync(null!, default);
            await _scope.DisposeAsync();
        }
    }
}
