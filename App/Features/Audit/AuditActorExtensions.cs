using BlazorAdmin.Data;

namespace BlazorAdmin.Features.Audit;

public static class AuditActorExtensions
{
    /// <summary>Keeps the name under which somebody appears in audit rows up to date; an erased name stays erased.</summary>
    public static async Task KeepActorAsync(this AppDbContext db, Guid userId, string name, CancellationToken cancellation)
    {
        var actor = await db.Set<AuditActor>().FindAsync([userId], cancellation);
        if (actor is null) db.Add(new AuditActor { Id = userId, Name = name });
        else if (actor.ErasedAt is null && actor.Name != name) actor.Name = name;
    }
}
