using System.Globalization;
using System.Net;
using System.Text.Encodings.Web;
using BlazorAdmin.Security.Http;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.Extensions.Localization;

namespace BlazorAdmin.Shell.Errors;

/// <summary>
/// The page for what went wrong: not found, forbidden, too old, failed, not ready. Written without components, database or
/// sign-in, so that it works when they do not.
/// </summary>
public static class StatusPage
{
    /// <param name="key">Key in <see cref="StatusTexts"/> of a more exact message, or null for the one of the status.</param>
    /// <param name="reference">Number that stands in the log line.</param>
    public static async Task WriteAsync(HttpContext http, int status, string? key = null, string? reference = null)
    {
        http.Response.StatusCode = status;
        if (HttpMethods.IsHead(http.Request.Method)) return;
        if (!http.Request.Headers.Accept.ToString().Contains("text/html", StringComparison.OrdinalIgnoreCase))
        {
            await http.Response.WriteAsJsonAsync(
                new { status, title = ((HttpStatusCode)status).ToString(), reference }, options: null, contentType: "application/problem+json", cancellationToken: http.RequestAborted);
            return;
        }

        var texts = http.RequestServices.GetRequiredService<IStringLocalizer<StatusTexts>>();
        var message = key ?? $"Status{status}";
        if (texts[message + "Title"].ResourceNotFound) message = status >= 500 ? "Status500" : "Status400";
        var html = HtmlEncoder.Default;
        string Text(string name) => html.Encode(texts[name]);
        var asset = http.RequestServices.GetService<StatusPageAssets>();
        http.Response.ContentType = "text/html; charset=utf-8";
        await http.Response.WriteAsync(
            $"""
            <!DOCTYPE html>
            <html lang="{CultureInfo.CurrentUICulture.TwoLetterISOLanguageName}" data-theme="system">
            <head>
            <meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
            <title>{Text(message + "Title")} - BlazorAdmin</title>
            {asset?.Links}
            </head>
            <body class="status-page">
            <main class="status-card">
            <p class="status-code">{status}</p>
            <h1>{Text(message + "Title")}</h1>
            <p>{Text(message + "Help")}</p>
            {(reference is null ? "" : $"<p>{Text("Reference")}: {ReferenceOf(http, html.Encode(reference))}</p>")}
            <p><a class="button main" href="/">{Text("Home")}</a></p>
            </main>
            </body>
            </html>
            """,
            http.RequestAborted);
    }

    // A link to the log line for those who may read the log.
    private static string ReferenceOf(HttpContext http, string number) =>
        http.Items[typeof(BlazorAdmin.Security.Access)] is BlazorAdmin.Security.Access access && access.Permissions.Contains(BlazorAdmin.Features.Logs.LogsPermissions.Read)
            ? $"<a href=\"/admin/logs?reference={number}\"><code>{number}</code></a>"
            : $"<code>{number}</code>";

    /// <summary>Fills error responses without a body: an unknown address shows the portal's own page to people who are signed in, all else this one.</summary>
    internal static async Task FillAsync(StatusCodeContext context)
    {
        var http = context.HttpContext;
        if (http.Request.Path.StartsWithSegments("/_blazor") || http.WebSockets.IsWebSocketRequest) return;
        var isPage = http.GetEndpoint()?.Metadata.GetMetadata<Microsoft.AspNetCore.Components.Endpoints.ComponentTypeMetadata>() is not null;
        if (http.Response.StatusCode != StatusCodes.Status404NotFound || isPage || !Navigation.Is(http.Request) || http.User.Identity?.IsAuthenticated != true)
        {
            await WriteAsync(http, http.Response.StatusCode);
            return;
        }

        var path = http.Request.Path;
        // Without this the renderer takes the 404 for its own and writes nothing.
        http.Features.Set<IStatusCodeReExecuteFeature>(new StatusCodeReExecuteFeature
        {
            OriginalPath = path, OriginalPathBase = http.Request.PathBase, OriginalQueryString = http.Request.QueryString.Value,
        });
        http.Request.Path = "/not-found";
        http.SetEndpoint(null);
        http.Request.RouteValues.Clear();
        try
        {
            await context.Next(http);
        }
        finally
        {
            http.Request.Path = path;
            http.Features.Set<IStatusCodeReExecuteFeature>(null);
        }
    }
}
