using BlazorAdmin.Data;
using BlazorAdmin.Features.Account.PersonalData;

namespace BlazorAdmin.Features.Audit;

/// <summary>What somebody did. The rows stay for the revision, sealed; the name goes when everything else has gone (<see cref="AuditActors"/>).</summary>
public sealed class AuditPersonalData : IPersonalData
{
    public string Name => "audit";

    public IReadOnlyCollection<Type> Entities { get; } = [typeof(AuditEntry), typeof(AuditActor)];

    public Task<int> CountAsync(AppDbContext db, Guid userId, CancellationToken cancellation) => Task.FromResult(0);

    public async Task ExportAsync(AppDbContext db, Guid userId, PersonalArchive archive, CancellationToken cancellation)
    {
        var tenant = await db.TenantOfAsync(userId, cancellation);
        await archive.WriteAsync(Name, db.Set<AuditEntry>().AsNoTracking().Where(e => e.TenantId == tenant && e.ActorId == userId).OrderBy(e => e.Id)
            .Select(e => new { e.At, e.Action, e.Outcome, e.SubjectType, e.SubjectId, e.Address }).AsAsyncEnumerable(), cancellation);
    }

    public Task EraseAsync(AppDbContext db, PersonalErasure erasure, CancellationToken cancellation) => Task.CompletedTask;
}
