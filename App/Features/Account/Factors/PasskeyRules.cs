using BlazorAdmin.Security;
using Microsoft.AspNetCore.Identity;

namespace BlazorAdmin.Features.Account.Factors;

/// <summary>What the portal asks of passkeys: found by the device itself, and unlocked there, so that one stands for both factors.</summary>
internal static class PasskeyRules
{
    public const int Most = 10;
    public const int LongestName = 100;

    public static IdentityPasskeyOptions Of(SecurityOptions options) => new()
    {
        ServerDomain = string.IsNullOrWhiteSpace(options.PasskeyDomain) ? null : options.PasskeyDomain,
        UserVerificationRequirement = "required",
        ResidentKeyRequirement = "required",
        ValidateOrigin = context => ValueTask.FromResult(!context.CrossOrigin && IsOurs(context.Origin, context.HttpContext.Request, options.PasskeyDomain)),
    };

    /// <summary>True for the address at which the page was opened, over https or on this machine, within the passkeys' domain.</summary>
    internal static bool IsOurs(string? origin, HttpRequest request, string? domain)
    {
        if (!Uri.TryCreate(origin, UriKind.Absolute, out var uri)) return false;
        var local = uri.Host.Equals("localhost", StringComparison.OrdinalIgnoreCase);
        if (uri.Scheme != Uri.UriSchemeHttps && !(local && uri.Scheme == Uri.UriSchemeHttp)) return false;
        if (!uri.Host.Equals(request.Host.Host, StringComparison.OrdinalIgnoreCase)) return false;
        // A proxy may end TLS and say nothing about ports: then the browser's default one is ours.
        if (uri.Port != (request.Host.Port ?? (uri.IsDefaultPort ? uri.Port : -1))) return false;
        return string.IsNullOrWhiteSpace(domain) || uri.Host.Equals(domain, StringComparison.OrdinalIgnoreCase) || uri.Host.EndsWith("." + domain, StringComparison.OrdinalIgnoreCase);
    }
}
