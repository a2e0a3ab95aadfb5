using BlazorAdmin.Data;
using BlazorAdmin.Features.Settings;
using BlazorAdmin.Security;

namespace BlazorAdmin.Features.Jobs.Signals;

/// <summary>The signals now.</summary>
/// <param name="Active">The oldest first; at most 100.</param>
/// <param name="Unknown">Kinds that cannot be watched here, for instance because the database login may not.</param>
public sealed record SignalsView(IReadOnlyList<JobSignal> Active, IReadOnlyList<SignalKind> Unknown);

/// <summary>Reads the signals that hold now.</summary>
public sealed class SignalsService(Guard guard, IDbContextFactory<AppDbContext> databases)
{
    public async Task<SignalsView> ReadAsync(CancellationToken cancellation = default)
    {
        var caller = await guard.Require(JobsPermissions.Read, cancellation);
        await using var db = await databases.CreateDbContextAsync(cancellation);
        var active = await db.Set<JobSignal>().AsNoTracking().Where(s => s.TenantId == caller.TenantId && s.ClearedAt == null).OrderBy(s => s.RaisedAt).Take(100).ToListAsync(cancellation);
        var unknown = await db.Set<SystemValue>().Where(v => v.Key == SignalWatch.LastLook).Select(v => v.Value).SingleOrDefaultAsync(cancellation);
        return new SignalsView(active, [.. (unknown ?? "").Split(',').Select(name => Enum.TryParse<SignalKind>(name, out var kind) ? kind : (SignalKind?)null).OfType<SignalKind>()]);
    }
}
