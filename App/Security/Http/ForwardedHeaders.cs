using System.Net;
using Microsoft.AspNetCore.HttpOverrides;

namespace BlazorAdmin.Security.Http;

public static class ForwardedHeaders
{
    /// <summary>Whether <paramref name="entry"/> is an address or a network.</summary>
    public static bool CanRead(string entry) => IPAddress.TryParse(entry, out _) || System.Net.IPNetwork.TryParse(entry, out _);

    /// <summary>Whether <paramref name="peer"/>, the other end of the connection itself, is one of the configured proxies.</summary>
    public static bool IsKnown(IPAddress peer, SecurityOptions options)
    {
        var address = peer.IsIPv4MappedToIPv6 ? peer.MapToIPv4() : peer;
        return options.KnownProxies.Any(entry => IPAddress.TryParse(entry, out var proxy) ? proxy.Equals(address) : System.Net.IPNetwork.TryParse(entry, out var network) && network.Contains(address));
    }

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
