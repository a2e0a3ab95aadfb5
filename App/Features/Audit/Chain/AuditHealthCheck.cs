using System.Globalization;
using BlazorAdmin.Data;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace BlazorAdmin.Features.Audit.Chain;

/// <summary>The last verification found nothing, rows are sealed in time, and the database refuses changes.</summary>
public sealed class AuditHealthCheck(IDbContextFactory<AppDbContext> databases, Verifications verifications, IAuditSql sql, TimeProvider time) : IHealthCheck
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        if (await verifications.LastAsync(db, cancellationToken) is { IsSound: false } broken)
            return HealthCheckResult.Unhealthy(string.Create(
                CultureInfo.InvariantCulture, $"The verification of {broken.FinishedAt.UtcDateTime:u} found {broken.ProblemCount} problems in the audit, first: {broken.Problems[0].Describe()}."));
        var oldest = await db.Set<AuditEntry>().Where(e => e.Sequence == null).OrderBy(e => e.Id).Select(e => (DateTimeOffset?)e.At).FirstOrDefaultAsync(cancellationToken);
        if (oldest < time.GetUtcNow() - Patience)
            return HealthCheckResult.Degraded(string.Create(CultureInfo.InvariantCulture, $"Audit rows have not been sealed since {oldest.Value.UtcDateTime:u}. The log names the reason."));
        return await sql.IsProtectedAsync(db, cancellationToken)
            ? HealthCheckResult.Healthy()
            : HealthCheckResult.Degraded("The database does not refuse changes of the audit. Let the owner of the schema run 'migrate'.");
    }
}
