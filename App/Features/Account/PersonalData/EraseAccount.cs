using BlazorAdmin.Data;
using BlazorAdmin.Features.Audit;
using BlazorAdmin.Features.Jobs;
using BlazorAdmin.Features.Notifications;
using BlazorAdmin.Features.Users;
using BlazorAdmin.Live;
using BlazorAdmin.Security;

namespace BlazorAdmin.Features.Account.PersonalData;

/// <summary>Arguments of the job that deletes an account.</summary>
/// <param name="HandedOver">Names of the parts that go to <paramref name="HeirId"/>.</param>
[JobType("account.erase", Priority = 8, MaxAttempts = 10, TimeoutSeconds = 0, MaxConcurrency = 1, ByHand = false)]
public sealed record EraseAccount(Guid UserId, Guid? HeirId, IReadOnlyList<string> HandedOver);

/// <summary>Forgets a person part by part, each in a transaction that also says how far it is: after a crash it goes on with the next.</summary>
public sealed class EraseAccountHandler(
    IDbContextFactory<AppDbContext> databases, IEnumerable<IPersonalData> parts, AuditActors actors, CurrentCaller current, Topic<AccessChanged> changes, TimeProvider time) : IJobHandler<EraseAccount>
{
    public async Task RunAsync(EraseAccount arguments, JobContext job, CancellationToken cancellation)
    {
        var caller = await current.GetAsync(cancellation) ?? throw new JobFailedException("Nobody asked for this.");
        var all = parts.OrderBy(p => p.Order).ThenBy(p => p.Name, StringComparer.Ordinal).ToList();
        for (var i = job.Cursor<int>(); i < all.Count; i++)
        {
            var part = all[i];
            job.Progress(100.0 * i / (all.Count + 1), part.Name);
            await using var db = await databases.CreateDbContextAsync(cancellation);
            await using var transaction = await db.Database.BeginTransactionAsync(cancellation);
            Guid? heir = part.CanHandOver && arguments.HandedOver.Contains(part.Name) ? arguments.HeirId : null;
            if (heir is not null && !await db.Users.AnyAsync(u => u.Id == heir && u.DeactivatedAt == null, cancellation))
                throw new JobFailedException("The account that was to take over is closed or gone. Delete again and name somebody else.");
            await part.EraseAsync(db, new PersonalErasure(caller, arguments.UserId, heir, time.GetUtcNow()), cancellation);
            await db.SaveChangesAsync(cancellation);
            await job.SaveCursorAsync(db, i + 1, cancellation);
            await transaction.CommitAsync(cancellation);
        }

        // The rows of the deletion itself name them too: this comes after everything.
        await actors.EraseAsync(arguments.UserId, cancellation);
        changes.Publish(new AccessChanged(arguments.UserId));
        if (caller.UserId is { } asked) await TellAsync(caller, asked, job, cancellation);
    }

    private async Task TellAsync(Caller caller, Guid asked, JobContext job, CancellationToken cancellation)
    {
        await using var db = await databases.CreateDbContextAsync(cancellation);
        db.Notify(caller, Audience.Person(asked), "users.erased", NotificationLevel.Ok, NotificationText.Of<AccountTexts>("ErasedTitle", "ErasedBody"), "/admin/users");
        await db.SaveChangesAsync(cancellation);
        job.Info("The account and what belonged to it are gone.");
    }
}
