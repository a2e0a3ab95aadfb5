using System.Net;
using System.Security.Cryptography;
using System.Text;
using BlazorAdmin.Features.Directories;
using Microsoft.Extensions.Options;

namespace BlazorAdmin.Security.Http;

/// <summary>Who a trusted proxy says is there.</summary>
/// <param name="Groups">Null: the proxy says nothing about groups.</param>
public sealed record ProxyIdentity(string Name, string? Mail, string DisplayName, IReadOnlyList<string>? Groups);

/// <summary>
/// Comes first of all: reads the sign-on headers of the listed proxies, by the address of the connection itself and the shared secret,
/// and takes them out of every request, so that nothing behind it can mistake a visitor's header for a proxy's.
/// </summary>
public sealed class ProxyHeaders(RequestDelegate next, IOptionsMonitor<SingleSignOnOptions> options, IOptionsMonitor<SecurityOptions> security)
{
    private const int LongestName = 200;
    private const int MostGroups = 1000;

    public Task InvokeAsync(HttpContext http)
    {
        var settings = options.CurrentValue;
        var identity = settings.Enabled && Believes(http, settings) ? Read(http.Request.Headers, settings) : null;
        foreach (var header in settings.Headers) http.Request.Headers.Remove(header);
        if (identity is not null) http.Features.Set(identity);
        return next(http);
    }

    private bool Believes(HttpContext http, SingleSignOnOptions settings)
    {
        if (http.Connection.RemoteIpAddress is not { } peer || !ForwardedHeaders.IsKnown(peer, security.CurrentValue)) return false;
        if (settings.Secret is not { Length: > 0 } secret) return false;
        var shown = http.Request.Headers[settings.SecretHeader];
        return shown.Count == 1 && CryptographicOperations.FixedTimeEquals(SHA256.HashData(Encoding.UTF8.GetBytes(shown.ToString())), SHA256.HashData(Encoding.UTF8.GetBytes(secret)));
    }

    private static ProxyIdentity? Read(IHeaderDictionary headers, SingleSignOnOptions settings)
    {
        // Twice the same header: the proxy passed a visitor's one on beside its own.
        if (headers[settings.UserHeader] is not { Count: 1 } user || user.ToString().Trim() is not { Length: > 0 and <= LongestName } name || name.Any(char.IsControl)) return null;
        var groups = settings.GroupsHeader is { Length: > 0 } header && headers[header] is { Count: 1 } named
            ? named.ToString().Split(settings.GroupSeparator, StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Take(MostGroups).ToList()
            : null;
        return new ProxyIdentity(name.ToLowerInvariant(), One(headers, settings.MailHeader), One(headers, settings.NameHeader) ?? "", groups);
    }

    private static string? One(IHeaderDictionary headers, string? name) =>
        name is { Length: > 0 } && headers[name] is { Count: 1 } value && value.ToString().Trim() is { Length: > 0 and <= LongestName } text && !text.Any(char.IsControl) ? text : null;
}
