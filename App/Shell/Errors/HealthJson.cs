using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace BlazorAdmin.Shell.Errors;

public static class HealthJson
{
    /// <summary>The overall word and what is not ready: anonymous probes learn no component's details, addresses least of all.</summary>
    public static Task WriteAsync(HttpContext http, HealthReport report) =>
        http.Response.WriteAsJsonAsync(
            new { status = report.Status.ToString(), problems = report.Entries.Where(e => e.Value.Status != HealthStatus.Healthy).Select(e => $"{e.Key} cannot be reached or is not ready") },
            http.RequestAborted);
}
