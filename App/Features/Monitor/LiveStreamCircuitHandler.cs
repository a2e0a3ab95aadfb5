using Microsoft.AspNetCore.Components.Server.Circuits;

namespace BlazorAdmin.Features.Monitor;

/// <summary>Stops the live metrics of a circuit while its connection is down and lets them go on when it is back.</summary>
internal sealed class LiveStreamCircuitHandler(LiveChartStream stream) : CircuitHandler
{
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

    public override async Task OnCircuitClosedAsync(Circuit circuit, CancellationToken cancellationToken) =>
        await stream.DisposeAsync();
}
