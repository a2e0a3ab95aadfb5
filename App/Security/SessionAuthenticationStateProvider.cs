using System.Security.Claims;
using Microsoft.AspNetCore.Components.Authorization;

namespace BlazorAdmin.Security;

/// <summary>
/// Who a circuit belongs to: the person and session of the connection that opened it, for as long as it lives. A
/// connection of another sign-in does not take it over.
/// </summary>
public sealed class SessionAuthenticationStateProvider : AuthenticationStateProvider, IHostEnvironmentAuthenticationStateProvider
{
    private static readonly AuthenticationState Nobody = new(new ClaimsPrincipal(new ClaimsIdentity()));

    private readonly Lock _lock = new();
    private Task<AuthenticationState>? _state;
    private Guid? _session;
    private bool _over;

    /// <summary>The session that the circuit was opened with.</summary>
    public Guid? SessionId => _session;

    /// <summary>True once a connection with another session tried to go on with this circuit.</summary>
    public bool WasReplaced { get; private set; }

    public override Task<AuthenticationState> GetAuthenticationStateAsync() => _over
        ? Task.FromResult(Nobody)
        : _state ?? throw new InvalidOperationException("This scope belongs to nobody yet.");

    /// <summary>The framework calls this when a circuit opens and each time a connection takes it up again.</summary>
    public void SetAuthenticationState(Task<AuthenticationState> authenticationStateTask)
    {
        ArgumentNullException.ThrowIfNull(authenticationStateTask);
        var session = authenticationStateTask.IsCompletedSuccessfully ? SessionCookie.SessionIdOf(authenticationStateTask.Result.User) : null;
        lock (_lock)
        {
            if (_state is null)
            {
                (_state, _session) = (authenticationStateTask, session);
                return;
            }

            if (session == _session) return;
            WasReplaced = true;
        }

        End();
    }

    /// <summary>Rights changed: pages and navigation ask again. A new task each time, because components tell by it that something changed.</summary>
    internal void Recheck() => NotifyAuthenticationStateChanged(AnewAsync());

    private async Task<AuthenticationState> AnewAsync() => await GetAuthenticationStateAsync();

    /// <summary>From now on nobody is signed in here.</summary>
    internal void End()
    {
        _over = true;
        NotifyAuthenticationStateChanged(Task.FromResult(Nobody));
    }
}
