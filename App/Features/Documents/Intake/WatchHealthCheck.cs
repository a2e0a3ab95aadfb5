using BlazorAdmin.Data;
using BlazorAdmin.Features.Documents.Reading;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Options;

namespace BlazorAdmin.Features.Documents.Intake;

/// <summary>Degraded while a watched folder takes nothing.</summary>
internal sealed class WatchHealthCheck(IDbContextFactory<AppDbContext> databases, IOptionsMonitor<ReadingOptions> options) : IHealthCheck
{
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        var folders = WatchedFolders.Read(options);
        if (folders.Count == 0) return HealthCheckResult.Healthy("No folder is watched.");
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var faulty = new List<string>();
        foreach (var (folder, configured) in folders)
        {
            var fault = configured == WatchFault.None ? (await WatchStatus.Read(db, folder.Name, cancellationToken)).Fault : configured;
            if (fault is not (WatchFault.None or WatchFault.Off)) faulty.Add($"{folder.Name}: {fault}");
        }
        return faulty.Count == 0 ? HealthCheckResult.Healthy($"Watched folders: {folders.Count}.") : HealthCheckResult.Degraded($"Folders that take nothing: {string.Join(", ", faulty)}.");
    }
}
