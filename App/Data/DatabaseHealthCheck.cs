using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace BlazorAdmin.Data;

/// <summary>The schema is in place and the server answers.</summary>
public sealed class DatabaseHealthCheck(DatabaseState state, IDbContextFactory<AppDbContext> databases) : IHealthCheck
{
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        if (!state.IsReady) return HealthCheckResult.Unhealthy(state.Problem);
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        return await db.Database.CanConnectAsync(cancellationToken)
            ? HealthCheckResult.Healthy()
            : HealthCheckResult.Unhealthy("The database does not answer.");
    }
}
