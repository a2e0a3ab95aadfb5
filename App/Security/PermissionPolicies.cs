using Microsoft.AspNetCore.Authorization;
using Microsoft.Extensions.Options;

namespace BlazorAdmin.Security;

/// <summary>Demands one permission of the catalog.</summary>
public sealed record PermissionRequirement(string Permission) : IAuthorizationRequirement;

/// <summary>A policy's name is a permission's name; without a policy everybody must at least be signed in.</summary>
public sealed class PermissionPolicyProvider(PermissionCatalog catalog, IOptions<AuthorizationOptions> options) : IAuthorizationPolicyProvider
{
    private static readonly AuthorizationPolicy SignedIn = new AuthorizationPolicyBuilder().RequireAuthenticatedUser().Build();

    private readonly DefaultAuthorizationPolicyProvider _others = new(options);

    public bool AllowsCachingPolicies => true;

    public Task<AuthorizationPolicy> GetDefaultPolicyAsync() => Task.FromResult(SignedIn);

    public Task<AuthorizationPolicy?> GetFallbackPolicyAsync() => Task.FromResult<AuthorizationPolicy?>(SignedIn);

    public Task<AuthorizationPolicy?> GetPolicyAsync(string policyName) => catalog.Contains(policyName)
        ? Task.FromResult<AuthorizationPolicy?>(new AuthorizationPolicyBuilder().RequireAuthenticatedUser().AddRequirements(new PermissionRequirement(policyName)).Build())
        : _others.GetPolicyAsync(policyName);
}

/// <summary>Decides by today's rights of the session, never by what the cookie once said.</summary>
public sealed class PermissionHandler(AccessRegistry registry) : AuthorizationHandler<PermissionRequirement>
{
    protected override async Task HandleRequirementAsync(AuthorizationHandlerContext context, PermissionRequirement requirement)
    {
        if (SessionCookie.SessionIdOf(context.User) is { } session
            && await registry.GetAsync(session) is { } access && access.Permissions.Contains(requirement.Permission))
            context.Succeed(requirement);
    }
}
