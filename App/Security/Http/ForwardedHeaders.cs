using System.Net;
using BlazorAdmin.Data;
using Microsoft.AspNetCore.HttpOverrides;

namespace BlazorAdmin.Security.Http;

public static class ForwardedHeaders
{
    /// <summary>Believes the forwarded headers of the configured proxies and of nobody else; null if there is none.</summary>
    /// <exception cref="StartupException">An entry is neither an address nor a network.</exception>
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
            else throw new StartupException($"Security:KnownProxies has '{entry}', which is neither an address nor a network such as 10.0.0.0/8.");
        }

        return forwarded;
    }
}
