using Microsoft.AspNetCore.Http.Features;

namespace BlazorAdmin.Features.Logs;

/// <summary>
/// Names the activity of a request and notes what became of it, by OpenTelemetry's conventions for HTTP servers (semconv 1.23): the
/// framework of this version leaves both out. Stands before whatever turns exceptions into answers.
/// </summary>
public sealed class TraceOfRequest(RequestDelegate next)
{
    public async Task InvokeAsync(HttpContext http)
    {
        try
        {
            await next(http);
        }
        finally
        {
            if (http.Features.Get<IHttpActivityFeature>()?.Activity is { IsAllDataRequested: true } activity)
            {
                var (path, method) = (http.Request.Path.Value ?? "/", http.Request.Method);
                activity.DisplayName = $"{method} {(http.GetEndpoint() as RouteEndpoint)?.RoutePattern.RawText ?? path}";
                activity.SetTag("http.request.method", method);
                activity.SetTag("url.path", path);
                activity.SetTag("http.response.status_code", http.Response.StatusCode);
                if (http.Response.StatusCode >= 500) activity.SetStatus(System.Diagnostics.ActivityStatusCode.Error);
            }
        }
    }
}
