using BlazorAdmin.Features.Documents.Reading;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace BlazorAdmin.Features.Documents;

/// <summary>Says which tools, languages and isolation this node reads documents with; degraded when one is missing.</summary>
internal sealed class ReadingHealthCheck(ReadingTools tools) : IHealthCheck
{
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        var report = await tools.Report(cancellationToken);
        var data = report.Engines.ToDictionary(engine => engine.Name, object (engine) => engine.Version ?? "missing");
        data["languages"] = string.Join(' ', report.Languages);
        data["isolation"] = report.Isolation.ToString();
        data["limits"] = report.Limits;
        var missing = report.Engines.Where(engine => !engine.Present).Select(engine => $"{engine.Name} (package {engine.Package})")
            .Concat(report.MissingLanguages.Select(language => $"language {language} (package tesseract-ocr-{language})")).ToList();
        if (missing.Count > 0) return HealthCheckResult.Degraded($"Missing: {string.Join(", ", missing)}.", data: data);
        return report.Isolation == IsolationLevel.None || !report.Limits
            ? HealthCheckResult.Degraded("External tools run without isolation: install bubblewrap or allow user namespaces.", data: data)
            : HealthCheckResult.Healthy($"All tools present, isolation {report.Isolation}.", data);
    }
}
