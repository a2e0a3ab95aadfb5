using BlazorAdmin.Data;

namespace BlazorAdmin.Features.Audit.Chain;

/// <summary>
/// A new database beside the data directory of an earlier one: the anchor there speaks of a chain that never was here. It is
/// set aside before the first row. A database whose rows were taken away has people, and keeps its anchor.
/// </summary>
public sealed class StaleAnchorSeed(AnchorFile file, TimeProvider time, ILogger<StaleAnchorSeed> log) : ISeed
{
    public async Task SeedAsync(AppDbContext db, CancellationToken cancellation)
    {
        try
        {
            if (file.Read() is null || await db.Users.AnyAsync(cancellation) || await db.Set<AuditEntry>().AnyAsync(e => e.Sequence != null, cancellation)) return;
            AuditChainLog.AnchorSetAside(log, file.SetAside(time.GetUtcNow()));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            AuditChainLog.AnchorFileFailed(log, exception, file.FilePath);
        }
    }
}
