using System.Text.Json;
using BlazorAdmin.Data;
using BlazorAdmin.Features.Audit;
using BlazorAdmin.Features.Jobs;
using BlazorAdmin.Features.Jobs.Bulk;
using BlazorAdmin.Security;

namespace BlazorAdmin.Features.Users;

/// <summary>Takes a command on many accounts back that a job carries out, for a day.</summary>
public sealed class UserBulkUndo(IDbContextFactory<AppDbContext> databases, Guard guard, JobChanger jobs, TimeProvider time) : IUndoableJobs
{
    public string Type => ChangeUsers.Name;

    /// <summary>What puts things back; null if nothing does.</summary>
    public static BulkUserCommand? Inverse(BulkUserCommand command) => command switch
    {
        BulkUserCommand.Deactivate => BulkUserCommand.Reactivate,
        BulkUserCommand.Reactivate => BulkUserCommand.Deactivate,
        BulkUserCommand.GiveRole => BulkUserCommand.TakeRole,
        BulkUserCommand.TakeRole => BulkUserCommand.GiveRole,
        _ => null,
    };

    public async Task<bool> CanUndoAsync(long id, CancellationToken cancellation = default)
    {
        var caller = await guard.Require(JobsPermissions.Read, cancellation);
        if (!await guard.Allows(UsersPermissions.Manage, cancellation)) return false;
        await using var db = await databases.CreateDbContextAsync(cancellation);
        return await UndoableAsync(db, caller, id, cancellation) is not null;
    }

    public async Task<long?> UndoAsync(long id, CancellationToken cancellation = default)
    {
        var caller = await guard.Require(UsersPermissions.Manage, cancellation);
        await using var db = await databases.CreateDbContextAsync(cancellation);
        if (await UndoableAsync(db, caller, id, cancellation) is not { } bulk) return null;
        await using var transaction = await db.Database.BeginTransactionAsync(cancellation);
        var stopped = await jobs.ApplyAsync(db, caller.TenantId, JobAction.Cancel, [id], patient: true, cancellation);
        var undo = db.Enqueue(new UndoChangeUsers(id), caller, time.GetUtcNow(), new EnqueueOptions { Subject = bulk.Subject, SubjectUrl = $"/admin/jobs?item={id}" });
        db.Audit(caller, "users.bulk_undo", "job", id, bulk.Subject);
        await db.SaveChangesAsync(cancellation);
        await transaction.CommitAsync(cancellation);
        jobs.Tell(JobState.Cancelled, stopped);
        return undo.Id;
    }

    private async Task<Job?> UndoableAsync(AppDbContext db, Caller caller, long id, CancellationToken cancellation)
    {
        var since = time.GetUtcNow() - BulkService.UndoFor;
        var bulk = await db.Set<Job>().AsNoTracking().SingleOrDefaultAsync(j => j.Id == id && j.TenantId == caller.TenantId && j.Type == ChangeUsers.Name && j.CreatedAt > since, cancellation);
        return bulk is not null && JsonSerializer.Deserialize<ChangeUsers>(bulk.Arguments, JsonSerializerOptions.Web) is { } command && Inverse(command.Command) is not null ? bulk : null;
    }
}
