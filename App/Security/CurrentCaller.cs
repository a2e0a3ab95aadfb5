using System.Security.Claims;
using Microsoft.AspNetCore.Components.Authorization;

namespace BlazorAdmin.Security;

/// <summary>Claims that the sign-in cookie carries; everything else is read from the session row.</summary>
public static class SessionClaims
{
    public const string SessionId = "sid";
}

/// <summary>
/// Who this scope acts for: the person of the request or circuit, or the portal itself in jobs. Rights are read anew for
/// every command, so they are never older than two seconds.
/// </summary>
public sealed class CurrentCaller(AccessRegistry registry, IServiceProvider services)
{
    private Func<CancellationToken, ValueTask<Caller?>>? _source;
    private string? _address;

    /// <summary>In a request: the principal of the cookie.</summary>
    public void Use(ClaimsPrincipal principal, string? address)
    {
        _address = address;
        _source = cancellation => FromPrincipal(principal, cancellation);
    }

    /// <summary>In a job or at start: a fixed caller.</summary>
    public void Use(Caller caller) => _source = _ => ValueTask.FromResult<Caller?>(caller);

    /// <summary>In a circuit: the remote address of the connection that opened it.</summary>
    public void UseAddress(string? address) => _address = address;

    /// <summary>The caller with today's rights, or null if nobody is signed in (any more).</summary>
    /// <exception cref="OperationCanceledException">The page that asks has gone.</exception>
    public async ValueTask<Caller?> GetAsync(CancellationToken cancellation = default)
    {
        if (_source is not null) return await _source(cancellation);
        if (Circuit() is not { } circuit) return null;
        var state = await circuit.GetAuthenticationStateAsync();
        return await FromPrincipal(state.User, cancellation);
    }

    private AuthenticationStateProvider? Circuit()
    {
        try
        {
            return services.GetService<AuthenticationStateProvider>();
        }
        catch (ObjectDisposedException gone)
        {
            // Left while it was still being drawn: nobody waits for the answer, and it is no failure.
            throw new OperationCanceledException("The page has gone.", gone);
        }
    }

    private async ValueTask<Caller?> FromPrincipal(ClaimsPrincipal principal, CancellationToken cancellation)
    {
        if (!Guid.TryParse(principal.FindFirstValue(SessionClaims.SessionId), out var session)) return null;
        var access = await registry.GetAsync(session, cancellation);
        return access is null ? null : new Caller(access.UserId, session, access.Name, access.TenantId, _address, access.Permissions)
        {
            Roles = access.Roles, Picture = access.Picture, ReadOnly = access.ReadOnly, Withheld = access.Withheld, ImpersonatorId = access.Impersonator?.Id,
        };
    }
}
