using System.Net;
using BlazorAdmin.Security;
using Microsoft.AspNetCore.Authorization;

namespace BlazorAdmin.Features.Tokens;

/// <summary>Which scope an endpoint asks for, for the text of a refusal.</summary>
public sealed record TokenScopeMetadata(string Scope);

/// <summary>A token with <paramref name="Scope"/>; from the machine itself nothing is asked if <paramref name="FreeOnLoopback"/>.</summary>
public sealed record ScopeRequirement(string Scope, string? Permission, bool FreeOnLoopback) : IAuthorizationRequirement;

public static class TokenPolicies
{
    /// <summary>Opens an endpoint to tokens with <paramref name="scope"/>.</summary>
    /// <param name="permission">Also to people signed in who hold this permission; null: to tokens only.</param>
    /// <param name="freeOnLoopback">Also to everybody on the machine itself, unless a proxy there speaks for somebody else.</param>
    public static TBuilder RequireToken<TBuilder>(this TBuilder endpoint, string scope, string? permission = null, bool freeOnLoopback = false) where TBuilder : IEndpointConventionBuilder
    {
        string[] schemes = permission is null ? [TokenAuthentication.SchemeName] : [SessionCookie.Scheme, TokenAuthentication.SchemeName];
        var policy = new AuthorizationPolicyBuilder(schemes).AddRequirements(new ScopeRequirement(scope, permission, freeOnLoopback)).Build();
        return endpoint.RequireAuthorization(policy).WithMetadata(new TokenScopeMetadata(scope));
    }
}

/// <summary>Decides <see cref="ScopeRequirement"/>.</summary>
public sealed class ScopeHandler(AccessRegistry registry) : AuthorizationHandler<ScopeRequirement>
{
    // The two originals stand there when a believed proxy named the address: whoever wrote the chain wrote that address, so that the
    // connection itself was not made on this machine, or by a proxy on it.
    private static readonly string[] Forwarding =
        ["X-Original-For", "X-Original-Proto", "X-Original-Host", "X-Forwarded-For", "X-Forwarded-Proto", "X-Forwarded-Host", "X-Real-IP", "Forwarded", "Via"];

    protected override async Task HandleRequirementAsync(AuthorizationHandlerContext context, ScopeRequirement requirement)
    {
        if (context.User.HasClaim(TokenAuthentication.ScopeClaim, requirement.Scope)) context.Succeed(requirement);
        else if (requirement.FreeOnLoopback && context.Resource is HttpContext http && IsFromHere(http)) context.Succeed(requirement);
        else if (requirement.Permission is { } permission && SessionCookie.SessionIdOf(context.User) is { } session
            && await registry.GetAsync(session) is { } access && access.Permissions.Contains(permission)) context.Succeed(requirement);
    }

    // A token that was refused says something is wrong: it is not passed over. A proxy on the machine forwards for others.
    internal static bool IsFromHere(HttpContext http) =>
        http.Connection.RemoteIpAddress is { } address && IPAddress.IsLoopback(address) && http.Request.Headers.Authorization.Count == 0
        && !Array.Exists(Forwarding, http.Request.Headers.ContainsKey);
}
