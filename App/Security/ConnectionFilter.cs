using System.Security.Claims;
using BlazorAdmin.Security.Http;
using Microsoft.AspNetCore.SignalR;
using Microsoft.Extensions.Options;

namespace BlazorAdmin.Security;

/// <summary>The connection on which a hub call runs.</summary>
internal sealed record HubConnection(string? Address, Action Abort)
{
    private static readonly AsyncLocal<HubConnection?> Ambient = new();

    public static HubConnection? Current => Ambient.Value;

    internal static void Enter(HubConnection connection) => Ambient.Value = connection;
}

/// <summary>
/// Tells circuits the address of their connection, and how to cut it: their own scope does not know. Refuses the connections that one person
/// has beyond <see cref="SecurityOptions.CircuitsPerPerson"/>: each page that is open holds memory here.
/// </summary>
internal sealed class ConnectionFilter(IOptionsMonitor<SecurityOptions> options, ILogger<ConnectionFilter> log) : IHubFilter
{
    private readonly Dictionary<string, int> _open = new(StringComparer.Ordinal);

    public async Task OnConnectedAsync(HubLifetimeContext context, Func<HubLifetimeContext, Task> next)
    {
        var person = PersonOf(context);
        if (!TryEnter(person, options.CurrentValue.CircuitsPerPerson))
        {
            SecurityLog.TooManyCircuits(log, person, options.CurrentValue.CircuitsPerPerson);
            throw new HubException("Too many pages of this person are open.");
        }

        try
        {
            await next(context);
        }
        catch
        {
            // Nobody is told that such a connection ends.
            Leave(person);
            throw;
        }
    }

    public async Task OnDisconnectedAsync(HubLifetimeContext context, Exception? exception, Func<HubLifetimeContext, Exception?, Task> next)
    {
        try
        {
            await next(context, exception);
        }
        finally
        {
            Leave(PersonOf(context));
        }
    }

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

    private static string PersonOf(HubLifetimeContext context) => context.Context.User?.FindFirst(ClaimTypes.NameIdentifier)?.Value ?? "";

    private bool TryEnter(string person, int most)
    {
        lock (_open)
        {
            var open = _open.GetValueOrDefault(person);
            if (open >= most) return false;
            _open[person] = open + 1;
            return true;
        }
    }

    private void Leave(string person)
    {
        lock (_open)
        {
            if (_open.GetValueOrDefault(person) is > 1 and var open) _open[person] = open - 1;
            else _open.Remove(person);
        }
    }
}
