namespace BlazorAdmin.Security.Http;

/// <summary>
/// Circuits are opened by our own pages only: a web socket carries the cookie of whoever visits a foreign page, and CORS
/// does not apply to it.
/// </summary>
public sealed class OriginCheck(RequestDelegate next, ILogger<OriginCheck> log)
{
    public Task InvokeAsync(HttpContext http)
    {
        if (!http.Request.Path.StartsWithSegments("/_blazor") || IsOurs(http)) return next(http);
        SecurityLog.ForeignOrigin(log, http.Request.Headers.Origin.ToString() is { Length: > 0 and < 300 } origin ? origin : "(none)", ClientAddress.Of(http));
        http.Response.StatusCode = StatusCodes.Status403Forbidden;
        return Task.CompletedTask;
    }

    private static bool IsOurs(HttpContext http)
    {
        var request = http.Request;
        var origin = request.Headers.Origin.ToString();
        if (origin.Length > 0)
            return Uri.TryCreate(origin, UriKind.Absolute, out var uri) && string.Equals(uri.Authority, WithoutDefaultPort(request, uri), StringComparison.OrdinalIgnoreCase);
        // Browsers send no Origin only with same-origin reads.
        return HttpMethods.IsGet(request.Method) && !http.WebSockets.IsWebSocketRequest
            && request.Headers["Sec-Fetch-Site"].ToString() is "" or "same-origin";
    }

    // A proxy may end TLS without telling us, so the port is compared by the scheme that the browser used.
    private static string WithoutDefaultPort(HttpRequest request, Uri origin)
    {
        var host = request.Host;
        return host.Port is { } port && port == (origin.Scheme == Uri.UriSchemeHttps ? 443 : 80) ? host.Host : host.Value ?? "";
    }
}
