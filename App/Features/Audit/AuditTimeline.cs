using BlazorAdmin.Data;
using BlazorAdmin.Security;

namespace BlazorAdmin.Features.Audit;

/// <summary>A part of what somebody did and what was done to them, newest first.</summary>
/// <param name="Older">Ask for what was before this id; null: nothing was.</param>
public sealed record TimelinePart(IReadOnlyList<AuditRow> Rows, long? Older);

/// <summary>What a person did, and what others did to their account: one's own for everybody, that of others for those who read the audit.</summary>
public sealed class AuditTimeline(IDbContextFactory<AppDbContext> databases, Guard guard)
{
    public const int PartSize = 30;

    /// <summary>One's own.</summary>
    /// <param name="before">Only what was before this id; null: from the newest on.</param>
    public async Task<TimelinePart> MineAsync(long? before, CancellationToken cancellation)
    {
        var caller = await guard.RequireSignedIn(cancellation);
        return await ReadAsync(caller, caller.PersonId, before, cancellation);
    }

    /// <exception cref="ForbiddenException">It is somebody else's, and the caller may not read the audit.</exception>
    public async Task<TimelinePart> OfAsync(Guid person, long? before, CancellationToken cancellation)
    {
        var caller = await guard.RequireSignedIn(cancellation);
        if (caller.UserId != person) caller = await guard.Require(AuditPermissions.Read, cancellation);
        return await ReadAsync(caller, person, before, cancellation);
    }

    private async Task<TimelinePart> ReadAsync(Caller caller, Guid person, long? before, CancellationToken cancellation)
    {
        var (tenant, subject, upTo) = (caller.TenantId, person.ToString(), before ?? long.MaxValue);
        await using var db = await databases.CreateDbContextAsync(cancellation);
        var entries = db.Set<AuditEntry>().AsNoTracking().Where(e => e.TenantId == tenant && e.Id < upTo);
        // Two searches, each along its index: one with "or" would read the whole table for somebody with few rows.
        var did = await entries.Where(e => e.ActorId == person).OrderByDescending(e => e.Id).Take(PartSize + 1).Select(AuditLog.Row).ToListAsync(cancellation);
        var met = await entries.Where(e => e.SubjectType == AuditSubjects.Person && e.SubjectId == subject).OrderByDescending(e => e.Id).Take(PartSize + 1).Select(AuditLog.Row).ToListAsync(cancellation);
        var rows = did.Concat(met).DistinctBy(r => r.Id).OrderByDescending(r => r.Id).Take(PartSize + 1).ToList();
        var shown = rows.Take(PartSize).ToList();
        return new TimelinePart(await AuditLog.WithActorsAsync(db, shown, cancellation), rows.Count > PartSize ? shown[^1].Id : null);
    }
}
