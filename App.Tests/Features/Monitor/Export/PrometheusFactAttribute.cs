namespace BlazorAdmin.Tests.Features.Monitor.Export;

/// <summary>A test with the real programs of Prometheus; skipped, with the reason, where they are not installed.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class PrometheusFactAttribute : FactAttribute
{
    public PrometheusFactAttribute() => Skip = Find("promtool") is null || Find("prometheus") is null ? "prometheus and promtool are not installed (Debian: apt-get install prometheus)" : null;

    public static string? Find(string program) => (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
        .Select(folder => Path.Combine(folder, program)).FirstOrDefault(File.Exists);
}
