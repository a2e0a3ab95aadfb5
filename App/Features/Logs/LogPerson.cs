using BlazorAdmin.Security;
using Microsoft.AspNetCore.Components.Server.Circuits;

namespace BlazorAdmin.Features.Logs;

/// <summary>Says in the log for whom a request works.</summary>
public sealed class LogPersonOfRequest(RequestDelegate next, ILogger<LogPersonOfRequest> log)
{
    public async Task InvokeAsync(HttpContext http)
    {
        if (SessionCookie.UserIdOf(http.User) is not { } user)
        {
            await next(http);
            return;
        }

        using (log.BeginScope(new KeyValuePair<string, object?>[] { new(LogRecorder.UserId, user) })) await next(http);
    }
}

/// <summary>Says in the log for whom a circuit works.</summary>
public sealed class LogPersonOfCircuit(CurrentCaller current, ILogger<LogPersonOfCircuit> log) : CircuitHandler
{
    private KeyValuePair<string, object?>[]? _person;

    public override async Task OnCircuitOpenedAsync(Circuit circuit, CancellationToken cancellationToken)
    {
        if (await current.GetAsync(cancellationToken) is { UserId: { } user }) _person = [new(LogRecorder.UserId, user)];
    }

    public override Func<CircuitInboundActivityContext, Task> CreateInboundActivityHandler(Func<CircuitInboundActivityContext, Task> next) => async context =>
    {
        using (_person is null ? null : log.BeginScope(_person)) await next(context);
    };
}
