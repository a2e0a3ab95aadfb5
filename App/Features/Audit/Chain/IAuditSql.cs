using BlazorAdmin.Data;

namespace BlazorAdmin.Features.Audit.Chain;

/// <summary>
/// How each server keeps the audit append-only: triggers that refuse to change or delete rows, also for the portal's own
/// login. Sealing may fill the three columns of the chain once; the rest is <see cref="AuditException"/>.
/// </summary>
public interface IAuditSql
{
    /// <summary>Whether the triggers of this version are there and switched on.</summary>
    Task<bool> IsProtectedAsync(AppDbContext db, CancellationToken cancellation);

    /// <summary>Makes them, or replaces those of another version.</summary>
    /// <exception cref="System.Data.Common.DbException">The login may not.</exception>
    Task ProtectAsync(AppDbContext db, CancellationToken cancellation);

    /// <summary>
    /// Within the current transaction of <paramref name="db"/>, what <paramref name="exception"/> names is let through until the result
    /// is disposed of; dispose before the commit.
    /// </summary>
    Task<IAsyncDisposable> AllowAsync(AppDbContext db, AuditException exception, CancellationToken cancellation);
}

/// <summary>What the protection lets through when the portal itself asks for it.</summary>
public enum AuditException
{
    /// <summary>Sealed rows may be deleted.</summary>
    Cut,

    /// <summary>Before and after may be changed; that only commitments are left of them is what the chain shows.</summary>
    Erasure,
}
