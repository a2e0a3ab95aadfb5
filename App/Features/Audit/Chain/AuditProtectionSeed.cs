using System.Data.Common;
using BlazorAdmin.Data;

namespace BlazorAdmin.Features.Audit.Chain;

/// <summary>
/// Makes the audit append-only at start. A login that may not is no reason to stay away: the state of the component says
/// that the protection is missing, and the chain shows changes all the same.
/// </summary>
public sealed class AuditProtectionSeed(IAuditSql sql, ILogger<AuditProtectionSeed> log) : ISeed
{
    public async Task SeedAsync(AppDbContext db, CancellationToken cancellation)
    {
        try
        {
            if (!await sql.IsProtectedAsync(db, cancellation)) await sql.ProtectAsync(db, cancellation);
        }
        catch (DbException exception) when (!exception.IsTransient)
        {
            AuditChainLog.NotProtected(log, exception.Message);
        }
    }
}
