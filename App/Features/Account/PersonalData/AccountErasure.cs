using System.Globalization;
using BlazorAdmin.Data;
using BlazorAdmin.Features.Account.Factors;
using BlazorAdmin.Features.Audit;
using BlazorAdmin.Features.Jobs;
using BlazorAdmin.Features.Jobs.Bulk;
using BlazorAdmin.Features.Users;
using BlazorAdmin.Live;
using BlazorAdmin.Security;

namespace BlazorAdmin.Features.Account.PersonalData;

/// <summary>One part of what belongs to somebody.</summary>
/// <param name="Count">How many things.</param>
public sealed record Holding(string Part, int Count, bool CanHandOver);

/// <summary>Whom a deletion is about and what belongs to them.</summary>
public sealed record ErasurePreview(string Name, IReadOnlyList<Holding> Holdings);

public enum ErasureOutcome
{
    Started,

    /// <summary>Confirm that it is you first.</summary>
    ProofNeeded,
    NotFound,

    /// <summary>The caller's own account.</summary>
    Self,
    LastAdministrator,

    /// <summary>The person may do something that the caller may not.</summary>
    BeyondOwnRights,

    /// <summary>The typed name is not that of the account.</summary>
    NameWrong,

    /// <summary>No active account has that address, or it is the one that is deleted.</summary>
    HeirInvalid,

    /// <summary>Something is to be handed over, and nobody is named who takes it.</summary>
    HeirMissing,
}

/// <summary>Deletes accounts for good: the account is closed at once, a job hands over or deletes what belongs to it, and the audit keeps its chain without the name.</summary>
public sealed class AccountErasure(
    IDbContextFactory<AppDbContext> databases, IDatabaseDialect dialect, Guard guard, FreshProof proof, AccountFactory accounts, IEnumerable<IPersonalData> parts,
    Topic<AccessChanged> changes, TimeProvider time)
{
    /// <returns>Null if there is no such account.</returns>
    public async Task<ErasurePreview?> PreviewAsync(Guid userId, CancellationToken cancellation)
    {
        var caller = await guard.Require(UsersPermissions.Manage, cancellation);
        await using var db = await databases.CreateDbContextAsync(cancellation);
        if (await db.Users.Where(u => u.Id == userId && u.TenantId == caller.TenantId).Select(u => u.DisplayName).SingleOrDefaultAsync(cancellation) is not { } name) return null;
        var holdings = new List<Holding>();
        foreach (var part in parts.OrderBy(p => p.Order).ThenBy(p => p.Name, StringComparer.Ordinal))
            if (await part.CountAsync(db, userId, cancellation) is > 0 and var count)
                holdings.Add(new Holding(part.Name, count, part.CanHandOver));
        return new ErasurePreview(name, holdings);
    }

    /// <param name="typedName">The account's name, typed by hand.</param>
    /// <param name="heir">E-mail address of who takes over; empty: nobody, if <paramref name="handedOver"/> is empty too.</param>
    /// <param name="handedOver">Names of the parts that are handed over; all else is deleted.</param>
    public async Task<ErasureOutcome> StartAsync(Guid userId, string typedName, string? heir, IReadOnlyCollection<string> handedOver, CancellationToken cancellation)
    {
        var caller = await guard.Require(UsersPermissions.Manage, cancellation);
        if (userId == caller.PersonId) return ErasureOutcome.Self;
        await using var db = await databases.CreateDbContextAsync(cancellation);
        if (!await proof.IsFreshAsync(db, caller, cancellation)) return ErasureOutcome.ProofNeeded;
        await db.Database.OpenConnectionAsync(cancellation);
        await using var held = await dialect.LockAsync(db.Database.GetDbConnection(), UserRights.AdministratorLock, cancellation);
        await using var transaction = await db.Database.BeginTransactionAsync(cancellation);
        var user = await db.Users.SingleOrDefaultAsync(u => u.Id == userId && u.TenantId == caller.TenantId, cancellation);
        if (user is null) return ErasureOutcome.NotFound;
        if (!caller.Covers(await UserRights.OfUserAsync(db, userId, cancellation))) return ErasureOutcome.BeyondOwnRights;
        if (await UserRights.IsLastAdministratorAsync(db, userId, cancellation)) return ErasureOutcome.LastAdministrator;
        if (!string.Equals(typedName.Trim(), user.DisplayName, StringComparison.Ordinal)) return ErasureOutcome.NameWrong;
        var given = parts.Where(p => p.CanHandOver && handedOver.Contains(p.Name)).Select(p => p.Name).ToList();
        if (given.Count > 0 && string.IsNullOrWhiteSpace(heir)) return ErasureOutcome.HeirMissing;
        Guid? heirId = null;
        if (!string.IsNullOrWhiteSpace(heir))
        {
            var address = accounts.Normalize(heir.Trim());
            heirId = await db.Users.Where(u => u.NormalizedEmail == address && u.TenantId == caller.TenantId && u.DeactivatedAt == null && u.Id != userId).Select(u => (Guid?)u.Id).SingleOrDefaultAsync(cancellation);
            if (heirId is null) return ErasureOutcome.HeirInvalid;
        }

        var now = time.GetUtcNow();
        // Written unchanged: it holds the account, so that a sign-in at the same time has its session ended here.
        await db.Users.Where(u => u.Id == userId).ExecuteUpdateAsync(set => set.SetProperty(u => u.SecurityStamp, u => u.SecurityStamp), cancellation);
        // To the millisecond, which both servers keep: the job compares it.
        user.DeactivatedAt ??= now.AddTicks(-(now.Ticks % TimeSpan.TicksPerMillisecond));
        user.DirectoryGoneAt = null;
        await db.EndSessionsAsync(userId, _ => true, SessionEnd.Deactivated, now, cancellation);
        // So that there is a name to forget, also of somebody who never did anything.
        await db.KeepActorAsync(userId, user.DisplayName, cancellation);
        db.Enqueue(new EraseAccount(userId, user.DeactivatedAt.Value, heirId, given), caller, now, new EnqueueOptions { IdempotencyKey = KeyOf(userId) + now.UtcTicks.ToString(CultureInfo.InvariantCulture) });
        db.Audit(caller, "users.erase", "user", userId, detail: new { heir = heirId, handedOver = given });
        await db.SaveChangesAsync(cancellation);
        await transaction.CommitAsync(cancellation);
        changes.Publish(new AccessChanged(userId));
        return ErasureOutcome.Started;
    }

    /// <summary>Stops the deletion of an account that is opened again, in the transaction that opens it; its row is held.</summary>
    internal static async Task TakeBackAsync(AppDbContext db, JobChanger jobs, Guid tenant, Guid userId, CancellationToken cancellation)
    {
        var key = KeyOf(userId);
        var open = await db.Set<Job>().Where(j => j.TenantId == tenant && j.Type == EraseAccount.Name && (j.State == JobState.Queued || j.State == JobState.Waiting || j.State == JobState.Running) && j.IdempotencyKey.StartsWith(key))
            .Select(j => j.Id).ToListAsync(cancellation);
        if (open.Count > 0) await jobs.CancelAsync(db, tenant, open, cancellation);
    }

    internal static string KeyOf(Guid userId) => $"{EraseAccount.Name}.{userId:N}.";
}
