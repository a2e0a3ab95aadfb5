using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace BlazorAdmin.Shell.Errors;

public static class HealthJson
{
    /// <summary>The overall word and what is not ready: anonymous probes learn no component's details, addresses least of all.</summary>
    public static Task WriteAsync(HttpContext http, HealthReport report) =>
        http.Response.WriteAsJsonAsync(
            new { status = report.Status.ToString(), problems = report.Entries.Where(e => e.Value.Status != HealthStatus.Healthy).Select(e => $"{e.Key} cannot be reached or is not ready") },
            http.RequestAborted);

    /// <summary>Every component with its state and what is wrong with it, for people who hold <see cref="ShellSetup.HealthRead"/>.</summary>
    public static Task WriteComponentsAsync(HttpContext http, HealthReport report) =>
        http.Response.WriteAsJsonAsync(
            new
            {
                status = report.Status.ToString(),
                components = report.Entries.OrderBy(e => e.Key, StringComparer.Ordinal).Select(e => new
                {
                    name = e.Key,
                    status = e.Value.Status.ToString(),
                    description = e.Value.Description,
                    milliseconds = Math.Round(e.Value.Duration.TotalMilliseconds, 1),
                }),
            },
            http.RequestAborted);
}
