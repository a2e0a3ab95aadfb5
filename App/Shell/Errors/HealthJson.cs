using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace BlazorAdmin.Shell.Errors;

public static class HealthJson
{
    /// <summary>The overall word only: anonymous probes learn no component's details.</summary>
    public static Task WriteAsync(HttpContext http, HealthReport report) =>
        http.Response.WriteAsJsonAsync(new { status = report.Status.ToString() }, http.RequestAborted);
}
