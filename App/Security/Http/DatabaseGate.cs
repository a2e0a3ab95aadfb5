using BlazorAdmin.Data;
using BlazorAdmin.Shell.Errors;

namespace BlazorAdmin.Security.Http;

/// <summary>While the database is not ready only health, assets and a page that says so are served.</summary>
public sealed class DatabaseGate(RequestDelegate next, DatabaseState database)
{
    public Task InvokeAsync(HttpContext http)
    {
        if (database.IsReady || AlwaysServed.Is(http)) return next(http);
        http.Response.Headers.RetryAfter = "5";
        // Reloads by itself: nobody has to watch this page.
        http.Response.Headers["Refresh"] = "5";
        return StatusPage.WriteAsync(http, StatusCodes.Status503ServiceUnavailable);
    }
}

/// <summary>What neither needs the database nor somebody signed in.</summary>
public static class AlwaysServed
{
    public static bool Is(HttpContext http) =>
        http.Request.Path.StartsWithSegments("/health/live") || http.Request.Path.StartsWithSegments("/health/ready")
        || http.Request.Path.StartsWithSegments(SecurityHeaders.ReportPath)
        || http.GetEndpoint()?.Metadata.GetMetadata<Microsoft.AspNetCore.StaticAssets.StaticAssetDescriptor>() is not null;
}
