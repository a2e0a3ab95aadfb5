using BlazorAdmin.Data;
using BlazorAdmin.Features.Audit;
using BlazorAdmin.Features.Jobs;
using BlazorAdmin.Features.Notifications;
using BlazorAdmin.Features.Users;
using BlazorAdmin.Live;
using BlazorAdmin.Security;

namespace BlazorAdmin.Features.Account.PersonalData;

/// <summary>Arguments of the job that deletes an account.</summary>
/// <param name="ClosedAt">Since when the account is closed: one that was opened again meanwhile is not deleted, also if it is closed once more.</param>
/// <param name="HandedOver">Names of the parts that go to <paramref name="HeirId"/>.</param>
[JobType(Name, Priority = 8, MaxAttempts = 10, TimeoutSeconds = 0, MaxConcurrency = 1, ByHand = false, AsOwner = true, Needs = UsersPermissions.Manage)]
public sealed record EraseAccount(Guid UserId, DateTimeOffset ClosedAt, Guid? HeirId, IReadOnlyList<string> HandedOver)
{
    public const string Name = "account.erase";
}

/// <summary>Forgets a person part by part, each in a transaction that also says how far it is: after a crash it goes on with the next.</summary>
public sealed class EraseAccountHandler(
    IDbContextFactory<AppDbContext> databases, IEnumerable<IPersonalData> parts, AuditActors actors, CurrentCaller current, PersonRights rights, Topic<AccessChanged> changes, TimeProvider time) : IJobHandler<EraseAccount>
{
    public async Task RunAsync(EraseAccount arguments, JobContext job, CancellationToken cancellation)
    {
        if (await current.GetAsync(cancellation) is not { UserId: { } asked } caller) throw new JobFailedException("Nobody asked for this.");
        var all = parts.OrderBy(p => p.Order).ThenBy(p => p.Name, StringComparer.Ordinal).ToList();
        for (var i = job.Cursor<int>(); i < all.Count; i++)
        {
            var part = all[i];
            job.Progress(100.0 * i / (all.Count + 1), part.Name);
            await using var db = await databases.CreateDbContextAsync(cancellation);
            await using var transaction = await db.Database.BeginTransactionAsync(cancellation);
            // Gone already: an earlier run came as far as the account itself, which is the last part.
            if (!await HoldAsync(db, asked, arguments, cancellation)) break;
            Guid? heir = part.CanHandOver && arguments.HandedOver.Contains(part.Name) ? arguments.HeirId : null;
            if (heir is not null && !await db.Users.AnyAsync(u => u.Id == heir && u.TenantId == caller.TenantId && u.DeactivatedAt == null, cancellation))
                throw new JobFailedException("The account that was to take over is closed or gone. Delete again and name somebody else.");
            await part.EraseAsync(db, new PersonalErasure(caller, arguments.UserId, heir, time.GetUtcNow()), cancellation);
            await db.SaveChangesAsync(cancellation);
            await job.SaveCursorAsync(db, i + 1, cancellation);
            await transaction.CommitAsync(cancellation);
        }

        // The rows of the deletion itself name them too: this comes after everything.
        await actors.EraseAsync(arguments.UserId, cancellation);
        changes.Publish(new AccessChanged(arguments.UserId));
        await TellAsync(caller, asked, job, cancellation);
    }

    /// <summary>Holds the account until the transaction ends, if it may still be deleted.</summary>
    /// <returns>False if it is gone.</returns>
    private async Task<bool> HoldAsync(AppDbContext db, Guid asked, EraseAccount arguments, CancellationToken cancellation)
    {
        // Written unchanged: whoever opens the account at the same time waits, or is seen here.
        if (await db.Users.Where(u => u.Id == arguments.UserId).ExecuteUpdateAsync(set => set.SetProperty(u => u.SecurityStamp, u => u.SecurityStamp), cancellation) == 0) return false;
        if (await db.Users.Where(u => u.Id == arguments.UserId).Select(u => u.DeactivatedAt).SingleAsync(cancellation) != arguments.ClosedAt)
            throw new JobFailedException("The account was opened again after its deletion was ordered. It stays as it is.");
        if (await rights.GetAsync(asked, cancellation) is not { } person || !person.May(UsersPermissions.Manage) || !person.Covers(await UserRights.OfUserAsync(db, arguments.UserId, cancellation)))
            throw new JobFailedException("The person who asked for it may not do that any more. Delete the account again.");
        return true;
    }

    private async Task TellAsync(Caller caller, Guid asked, JobContext job, CancellationToken cancellation)
    {
        await using var db = await databases.CreateDbContextAsync(cancellation);
        db.Notify(caller, Audience.Person(asked), "users.erased", NotificationLevel.Ok, NotificationText.Of<AccountTexts>("ErasedTitle", "ErasedBody"), "/admin/users");
        await db.SaveChangesAsync(cancellation);
        job.Info("The account and what belonged to it are gone.");
    }
}
