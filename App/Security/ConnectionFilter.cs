using BlazorAdmin.Security.Http;
using Microsoft.AspNetCore.SignalR;

namespace BlazorAdmin.Security;

/// <summary>The connection on which a hub call runs.</summary>
internal sealed record HubConnection(string? Address, Action Abort)
{
    private static readonly AsyncLocal<HubConnection?> Ambient = new();

    public static HubConnection? Current => Ambient.Value;

    internal static void Enter(HubConnection connection) => Ambient.Value = connection;
}

/// <summary>Tells circuits the address of their connection, and how to cut it: their own scope does not know.</summary>
internal sealed class ConnectionFilter : IHubFilter
{
    public ValueTask<object?> InvokeMethodAsync(HubInvocationContext invocationContext, Func<HubInvocationContext, ValueTask<object?>> next)
    {
        // The first update of the root components is what opens a circuit to its handlers.
        if (invocationContext.HubMethodName is "StartCircuit" or "UpdateRootComponents" or "ConnectCircuit" or "ResumeCircuit")
        {
            var http = invocationContext.Context.GetHttpContext();
            HubConnection.Enter(new HubConnection(http is null ? null : ClientAddress.Of(http), invocationContext.Context.Abort));
        }

        return next(invocationContext);
    }
}
