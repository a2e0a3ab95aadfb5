using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.AspNetCore.Components.Server.Circuits;

namespace BlazorAdmin.Features.Monitor;

/// <summary>Stops the live metrics of a circuit while its connection is down, lets them go on when it is back, and ends them when the right is taken away.</summary>
internal sealed class LiveStreamCircuitHandler(LiveChartStream stream, AuthenticationStateProvider person) : CircuitHandler
{
    private Task _checking = Task.CompletedTask;

    public override Task OnCircuitOpenedAsync(Circuit circuit, CancellationToken cancellationToken)
    {
        // Not left to the page: one that says that nobody sees it asks for nothing.
        person.AuthenticationStateChanged += OnRights;
        return Task.CompletedTask;
    }

    public override Task OnConnectionDownAsync(Circuit circuit, CancellationToken cancellationToken)
    {
        stream.ConnectionDown();
        return Task.CompletedTask;
    }

    public override Task OnConnectionUpAsync(Circuit circuit, CancellationToken cancellationToken)
    {
        stream.ConnectionUp();
        return Task.CompletedTask;
    }

    public override async Task OnCircuitClosedAsync(Circuit circuit, CancellationToken cancellationToken)
    {
        person.AuthenticationStateChanged -= OnRights;
        await _checking;
        await stream.DisposeAsync();
    }

    private void OnRights(Task<AuthenticationState> state) => _checking = stream.EndUnlessAllowedAsync();
}
