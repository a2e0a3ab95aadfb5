using Microsoft.AspNetCore.HttpOverrides;
using Microsoft.Extensions.Options;

namespace BlazorAdmin.Security.Http;

/// <summary>
/// Takes address, scheme and host of a request from the headers of the configured proxies. Made at the first request and again when the
/// settings change: the portal's own values are not known before its database is.
/// </summary>
public sealed class BelievedProxies(RequestDelegate next, IOptionsMonitor<SecurityOptions> options, ILoggerFactory logs)
{
    private volatile Made? _made;

    public Task InvokeAsync(HttpContext http)
    {
        var settings = options.CurrentValue;
        var made = _made;
        if (made is null || !ReferenceEquals(made.For, settings)) _made = made = new Made(settings, Make(settings));
        return made.Next(http);
    }

    private RequestDelegate Make(SecurityOptions settings) =>
        ForwardedHeaders.From(settings) is { } forwarded ? new ForwardedHeadersMiddleware(next, logs, Options.Create(forwarded)).Invoke : next;

    private sealed record Made(SecurityOptions For, RequestDelegate Next);
}
