using BlazorAdmin.Data;
using BlazorAdmin.Features.Directories.Ldap;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace BlazorAdmin.Features.Directories;

/// <summary>Whether the directory takes the portal's own account, and how the last sync ended. A portal without a directory is healthy and says so.</summary>
public sealed class DirectoryHealthCheck(IDbContextFactory<AppDbContext> databases, DatabaseState state, DirectoryClient client) : IHealthCheck
{
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        var data = new Dictionary<string, object> { ["configured"] = client.Settings.IsConfigured };
        if (!client.Settings.IsConfigured) return HealthCheckResult.Healthy("No directory is configured.", data);
        try
        {
            await using var conversation = await client.OpenAsync(null, cancellationToken);
            data["server"] = conversation.Server.ToString();
        }
        catch (LdapException exception)
        {
            return HealthCheckResult.Degraded($"{exception.Message} People of the directory cannot sign in.", data: data);
        }

        if (!state.IsReady) return HealthCheckResult.Degraded("The database is not ready.", data: data);
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        return await DirectorySync.LastAsync(db, cancellationToken) switch
        {
            { Failure: { } failure } => HealthCheckResult.Degraded($"The last sync failed: {failure}", data: data),
            { Braked: true } => HealthCheckResult.Degraded("The last sync changed nothing: too many accounts would have been closed.", data: data),
            _ => HealthCheckResult.Healthy("The directory answers.", data),
        };
    }
}
