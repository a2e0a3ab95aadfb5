using System.Net;
using System.Text.RegularExpressions;

namespace BlazorAdmin.Security.Http;

/// <summary>Headers of every response, whoever writes it.</summary>
public sealed partial class SecurityHeaders(RequestDelegate next)
{
    public const string ReportPath = "/security/csp-report";

    public Task InvokeAsync(HttpContext http)
    {
        http.Response.OnStarting(static state =>
        {
            Apply((HttpContext)state);
            return Task.CompletedTask;
        }, http);
        return next(http);
    }

    private static void Apply(HttpContext http)
    {
        var headers = http.Response.Headers;
        // Downloads of files that people brought set a stricter policy of their own.
        if (headers.ContentSecurityPolicy.Count == 0) headers.ContentSecurityPolicy = Policy(http.Request);
        headers.XContentTypeOptions = "nosniff";
        headers["Referrer-Policy"] = "same-origin";
        headers["Cross-Origin-Opener-Policy"] = "same-origin";
        headers["Cross-Origin-Resource-Policy"] = "same-origin";
        headers["Permissions-Policy"] = "accelerometer=(), browsing-topics=(), camera=(), display-capture=(), geolocation=(), gyroscope=(), magnetometer=(), microphone=(), midi=(), payment=(), usb=()";
        headers["X-Permitted-Cross-Domain-Policies"] = "none";
        headers.XFrameOptions = "DENY";
        headers.Remove("Server");
        headers.Remove("X-Powered-By");
        if (http.Request.IsHttps && !IsLoopback(http.Request.Host.Host)) headers.StrictTransportSecurity = "max-age=31536000; includeSubDomains";
        // Pages and answers belong to the person who asked; what may be kept (assets) says so itself.
        if (IsHtml(http.Response) || (headers.CacheControl.Count == 0 && http.User.Identity?.IsAuthenticated == true)) headers.CacheControl = "no-store";
    }

    private static string Policy(HttpRequest request)
    {
        // 'self' covers web sockets in today's browsers; older ones want the address spelled out.
        var socket = SafeHost().IsMatch(request.Host.Value ?? "") ? $" {(request.IsHttps ? "wss" : "ws")}://{request.Host.Value}" : "";
        return "default-src 'self'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; font-src 'self'; "
            + $"connect-src 'self'{socket}; object-src 'none'; base-uri 'self'; frame-ancestors 'none'; form-action 'self'; report-uri {ReportPath}";
    }

    private static bool IsHtml(HttpResponse response) => response.ContentType?.StartsWith("text/html", StringComparison.OrdinalIgnoreCase) == true;

    private static bool IsLoopback(string host) =>
        host.Equals("localhost", StringComparison.OrdinalIgnoreCase) || (IPAddress.TryParse(host.Trim('[', ']'), out var address) && IPAddress.IsLoopback(address));

    [GeneratedRegex(@"\A[A-Za-z0-9.\-]{1,253}(:[0-9]{1,5})?\z|\A\[[0-9a-fA-F:.]{2,45}\](:[0-9]{1,5})?\z")]
    private static partial Regex SafeHost();
}
