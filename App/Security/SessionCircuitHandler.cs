using BlazorAdmin.Security.Http;
using Microsoft.AspNetCore.Components.Server.Circuits;
using Microsoft.JSInterop;

namespace BlazorAdmin.Security;

/// <summary>One open circuit as <see cref="CircuitRegistry"/> sees it: whose it is, and how it learns that rights changed or ended.</summary>
public sealed class SessionCircuitHandler(
    SessionAuthenticationStateProvider state, AccessRegistry access, CircuitRegistry registry, CurrentCaller caller, IJSRuntime js, TimeProvider time, ILogger<SessionCircuitHandler> log)
    : CircuitHandler
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan TimeToLeave = TimeSpan.FromSeconds(5);

    private HubConnection? _connection;
    private ExecutionContext? _context;
    private ITimer? _cut;
    private Access? _known;
    private string? _farewell;
    private int _ended;

    /// <summary>Before the handlers of slices, so that they find a caller.</summary>
    public override int Order => -100;

    public Guid SessionId => state.SessionId ?? Guid.Empty;

    public Guid? UserId => _known?.UserId;

    public Guid? ImpersonatorId => _known?.Impersonator?.Id;

    /// <summary>Every event of the page runs under the mark of somebody who can only read, if the session can.</summary>
    public override Func<CircuitInboundActivityContext, Task> CreateInboundActivityHandler(Func<CircuitInboundActivityContext, Task> next) => async context =>
    {
        if ((await access.GetAsync(SessionId))?.ReadOnly is not { } reason)
        {
            await next(context);
            return;
        }

        using (ReadOnlyFlow.Enter(reason)) await next(context);
    };

    public override async Task OnCircuitOpenedAsync(Circuit circuit, CancellationToken cancellationToken)
    {
        _known = await access.GetAsync(SessionId, cancellationToken);
        registry.Add(this);
    }

    public override async Task OnConnectionUpAsync(Circuit circuit, CancellationToken cancellationToken)
    {
        _connection = HubConnection.Current;
        _context = ExecutionContext.Capture();
        caller.UseAddress(_connection?.Address);
        if (_farewell is not null) await LeaveAsync(_farewell);
        else if (state.WasReplaced) await EndAsync("/account/session-changed", "another sign-in took up the connection");
        else await RecheckAsync(cancellationToken);
    }

    public override Task OnConnectionDownAsync(Circuit circuit, CancellationToken cancellationToken)
    {
        _connection = null;
        return Task.CompletedTask;
    }

    public override Task OnCircuitClosedAsync(Circuit circuit, CancellationToken cancellationToken)
    {
        registry.Remove(this);
        _cut?.Dispose();
        return Task.CompletedTask;
    }

    /// <summary>Reads the session's rights again and tells the pages, or ends the circuit.</summary>
    internal async Task RecheckAsync(CancellationToken cancellation)
    {
        if (Volatile.Read(ref _ended) != 0) return;
        var now = await access.GetAsync(SessionId, cancellation);
        if (now is null)
        {
            var reason = await registry.EndReasonOf(SessionId, cancellation);
            await EndAsync($"/account/login?reason={reason.ToString().ToLowerInvariant()}", $"session {reason}");
            return;
        }

        if (now.LacksFactor)
        {
            await EndAsync(FactorGate.Path, "a second factor must be set up first");
            return;
        }

        var before = _known;
        _known = now;
        if (before is null || !now.Grants(before)) InContext(state.Recheck);
    }

    // What pages draw in answer must come in the circuit's language, not in that of the thread that brings the news.
    private void InContext(Action action)
    {
        if (_context is { } context) ExecutionContext.Run(context, static state => ((Action)state!)(), action);
        else action();
    }

    private async Task EndAsync(string url, string reason)
    {
        if (Interlocked.Exchange(ref _ended, 1) != 0) return;
        _farewell = url;
        SecurityLog.CircuitEnded(log, reason);
        InContext(state.End);
        await LeaveAsync(url);
    }

    // The page goes to the sign-in by itself; a browser that does not is cut off.
    private async Task LeaveAsync(string url)
    {
        if (_connection is not { } connection) return;
        _cut?.Dispose();
        _cut = time.CreateTimer(_ => connection.Abort(), null, TimeToLeave, Timeout.InfiniteTimeSpan);
        try
        {
            // Past the navigation manager: a page that guards unsaved input must not hold up the end of a session.
            using var patience = new CancellationTokenSource(Patience, time);
            await js.InvokeVoidAsync("Blazor.navigateTo", patience.Token, url, true);
        }
        catch (Exception exception) when (exception is JSException or JSDisconnectedException or InvalidOperationException)
        {
            connection.Abort();
        }
        catch (OperationCanceledException)
        {
            // A page on its way out does not answer any more.
        }
    }
}
