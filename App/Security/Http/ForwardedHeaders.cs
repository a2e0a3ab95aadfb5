using System.Net;
using Microsoft.AspNetCore.HttpOverrides;

namespace BlazorAdmin.Security.Http;

public static class ForwardedHeaders
{
    /// <summary>Whether <paramref name="entry"/> is an address or a network.</summary>
    public static bool CanRead(string entry) => IPAddress.TryParse(entry, out _) || System.Net.IPNetwork.TryParse(entry, out _);

    /// <summary>Believes the forwarded headers of the configured proxies and of nobody else; null if there is none.</summary>
    public static ForwardedHeadersOptions? From(SecurityOptions options)
    {
        if (options.KnownProxies.Length == 0) return null;
        var forwarded = new ForwardedHeadersOptions
        {
            ForwardedHeaders = Microsoft.AspNetCore.HttpOverrides.ForwardedHeaders.XForwardedFor | Microsoft.AspNetCore.HttpOverrides.ForwardedHeaders.XForwardedProto | Microsoft.AspNetCore.HttpOverrides.ForwardedHeaders.XForwardedHost,
            ForwardLimit = null,
        };
        forwarded.KnownProxies.Clear();
        forwarded.KnownIPNetworks.Clear();
        foreach (var entry in options.KnownProxies)
        {
            if (IPAddress.TryParse(entry, out var address)) forwarded.KnownProxies.Add(address);
            else if (System.Net.IPNetwork.TryParse(entry, out var network)) forwarded.KnownIPNetworks.Add(network);
        }

        return forwarded;
    }
}
