using BlazorAdmin.Data;
using BlazorAdmin.Features.Audit.Chain;
using BlazorAdmin.Features.Users;
using BlazorAdmin.Security;

namespace BlazorAdmin.Features.Audit;

/// <summary>
/// The names of people who stand in audit rows. They are held apart from the rows, and what before and after say of a person
/// is held as <see cref="PersonalValue"/>, so that both can go and the chain stays valid.
/// </summary>
public sealed class AuditActors(IDbContextFactory<AppDbContext> databases, IAuditSql sql, Guard guard, TimeProvider time)
{
    private const int BatchSize = 500;

    /// <summary>
    /// Forgets a person's name for good, and what rows about the person say of name and addresses before and after: they then show
    /// only that it was somebody, with the id, and that something changed.
    /// </summary>
    /// <returns>False if there is no such person, or the name is gone already.</returns>
    public async Task<bool> EraseAsync(Guid personId, CancellationToken cancellation)
    {
        var caller = await guard.Require(UsersPermissions.Manage, cancellation);
        await using var db = await databases.CreateDbContextAsync(cancellation);
        var actor = await db.Set<AuditActor>().SingleOrDefaultAsync(a => a.Id == personId && a.ErasedAt == null, cancellation);
        // Somebody of another tenant does not exist here.
        if (actor is null || await db.Users.AnyAsync(u => u.Id == personId && u.TenantId != caller.TenantId, cancellation)) return false;
        await using var transaction = await db.Database.BeginTransactionAsync(cancellation);
        await using (await sql.AllowAsync(db, AuditException.Erasure, cancellation)) await EraseValuesAsync(db, personId, cancellation);
        // Last, with its mark: what failed before is tried again as a whole.
        (actor.Name, actor.ErasedAt) = (null, time.GetUtcNow());
        db.Audit(caller, "audit.erase_name", AuditSubjects.Person, personId);
        await db.SaveChangesAsync(cancellation);
        await transaction.CommitAsync(cancellation);
        return true;
    }

    private static async Task EraseValuesAsync(AppDbContext db, Guid personId, CancellationToken cancellation)
    {
        var (subject, after) = (personId.ToString(), 0L);
        while (true)
        {
            var rows = await db.Set<AuditEntry>().Where(e => e.SubjectType == AuditSubjects.Person && e.SubjectId == subject && e.Id > after)
                .OrderBy(e => e.Id).Take(BatchSize).ToListAsync(cancellation);
            foreach (var row in rows) (row.Before, row.After) = (PersonalValue.Redact(row.Before), PersonalValue.Redact(row.After));
            await db.SaveChangesAsync(cancellation);
            if (rows.Count < BatchSize) return;
            after = rows[^1].Id;
            foreach (var row in rows) db.Entry(row).State = EntityState.Detached;
        }
    }
}
