using System.Globalization;
using System.Text.Json;
using BlazorAdmin.Data;
using BlazorAdmin.Features.Audit;
using BlazorAdmin.Features.Jobs;
using BlazorAdmin.Features.Jobs.Bulk;
using BlazorAdmin.Features.Notifications;
using BlazorAdmin.Live;
using BlazorAdmin.Security;
using BlazorAdmin.Shell.Lists;

namespace BlazorAdmin.Features.Users;

/// <summary>
/// Changes accounts part by part for the person who asked, with the rights that they have at each part. A part, its audit row and
/// how far it is commit together, so a run after a crash goes on behind it.
/// </summary>
public sealed class ChangeUsersHandler(
    IDbContextFactory<AppDbContext> databases, IDatabaseDialect dialect, CurrentCaller current, PersonRights rights, UserBulk bulk, Topic<AccessChanged> access, TimeProvider time)
    : IJobHandler<ChangeUsers>, IJobHandler<UndoChangeUsers>
{
    internal const int Part = 200;

    public async Task RunAsync(ChangeUsers arguments, JobContext job, CancellationToken cancellation)
    {
        var person = await PersonAsync(cancellation);
        var cursor = job.Cursor<ChangeUsersCursor>() ?? new ChangeUsersCursor(null, 0, 0, new Dictionary<UserOutcome, int>());
        while (true)
        {
            var (after, result) = await StepAsync<ChangeUsersCursor>(person, arguments.Command, arguments.Role, job, async (db, caller) =>
            {
                var ids = await Meant(db, caller, arguments, cursor.Last).OrderBy(u => u.Id).Select(u => u.Id).Take(Part).ToListAsync(cancellation);
                return ids.Count == 0 ? null : (ids, cursor with { Last = ids[^1], Done = cursor.Done + ids.Count });
            }, (next, part) => next with { Changed = next.Changed + part.Changed.Count, Skipped = Together(next.Skipped, part.Skipped) }, cancellation);
            if (result is null) break;
            cursor = after!;
            job.Progress(100.0 * cursor.Done / Math.Max(cursor.Done, arguments.Count), $"{Text(cursor.Done)} of {Text(Math.Max(cursor.Done, arguments.Count))}");
        }

        foreach (var (why, count) in cursor.Skipped) job.Info($"{count} left alone: {why}.");
        job.Info($"{arguments.Command}: {cursor.Changed} of {cursor.Done} accounts changed.");
        await NotifyAsync(person, $"NotifyBulk{arguments.Command}", cursor.Changed, cursor.Done - cursor.Changed, job.JobId, cancellation);
    }

    public async Task RunAsync(UndoChangeUsers arguments, JobContext job, CancellationToken cancellation)
    {
        var person = await PersonAsync(cancellation);
        var undone = await UndoneAsync(arguments.BulkId, job, cancellation);
        if (UserBulkUndo.Inverse(undone.Command) is not { } command) throw new JobFailedException($"{undone.Command} cannot be taken back.");
        var (action, subject) = (UserBulk.ActionOf(undone.Command), Text(arguments.BulkId));
        var cursor = job.Cursor<UndoChangeUsersCursor>() ?? new UndoChangeUsersCursor(0, 0);
        while (true)
        {
            var (after, result) = await StepAsync<UndoChangeUsersCursor>(person, command, undone.Role, job, async (db, caller) =>
            {
                var row = await db.Set<AuditEntry>().Where(e => e.TenantId == caller.TenantId && e.SubjectType == "users" && e.SubjectId == subject && e.Action == action && e.Id > cursor.Row)
                    .OrderBy(e => e.Id).Select(e => new { e.Id, e.Detail }).FirstOrDefaultAsync(cancellation);
                return row is null ? null : (Ids(row.Detail), cursor with { Row = row.Id });
            }, (next, part) => next with { Changed = next.Changed + part.Changed.Count }, cancellation);
            if (result is null) break;
            cursor = after!;
            job.Progress(0, $"{Text(cursor.Changed)} taken back");
        }

        job.Info($"{cursor.Changed} accounts are as they were before.");
        await NotifyAsync(person, "NotifyBulkUndone", cursor.Changed, 0, job.JobId, cancellation);
    }

    /// <summary>Whom the command is about, behind an account.</summary>
    internal static IQueryable<User> Meant(AppDbContext db, Caller caller, ChangeUsers command, Guid? last)
    {
        var askedAt = command.AskedAt;
        IQueryable<User> users;
        if (command.Ids is { } ids) users = db.Users.AsNoTracking().Where(u => ids.Contains(u.Id) && u.TenantId == caller.TenantId);
        else users = UserDirectory.Matching(db, caller, ListQuery.Parse(command.Filter ?? "", UserDirectory.Defaults));
        users = users.Where(u => u.CreatedAt <= askedAt);
        return last is { } id ? users.Where(u => u.Id > id) : users;
    }

    private async Task<(TCursor? Cursor, BulkUserResult? Result)> StepAsync<TCursor>(
        Guid person, BulkUserCommand command, Guid? role, JobContext job, Func<AppDbContext, Caller, Task<(List<Guid> Ids, TCursor Next)?>> next, Func<TCursor, BulkUserResult, TCursor> count, CancellationToken cancellation)
        where TCursor : class
    {
        var caller = await BecomeAsync(person, cancellation);
        await using var db = await databases.CreateDbContextAsync(cancellation);
        if (command is BulkUserCommand.GiveRole or BulkUserCommand.TakeRole && await bulk.RefusalAsync(db, caller, command, role, asksProof: false, cancellation) is { } refusal)
            throw new JobFailedException($"It cannot be done any more: {refusal}.");
        await db.Database.OpenConnectionAsync(cancellation);
        await using var held = await dialect.LockAsync(db.Database.GetDbConnection(), UserRights.AdministratorLock, cancellation);
        await using var transaction = await db.Database.BeginTransactionAsync(cancellation);
        if (await next(db, caller) is not var (ids, cursor)) return (null, null);
        var result = await bulk.PartAsync(db, caller, command, ids, role, job.JobId, null, cancellation);
        cursor = count(cursor, result);
        await job.SaveCursorAsync(db, cursor, cancellation);
        await transaction.CommitAsync(cancellation);
        foreach (var id in result.Changed) access.Publish(new AccessChanged(id));
        return (cursor, result);
    }

    private async Task<ChangeUsers> UndoneAsync(long id, JobContext job, CancellationToken cancellation)
    {
        await using var db = await databases.CreateDbContextAsync(cancellation);
        var caller = await current.GetAsync(cancellation);
        var stored = await db.Set<Job>().Where(j => j.Id == id && j.TenantId == caller!.TenantId && j.Type == ChangeUsers.Name).Select(j => j.Arguments).SingleOrDefaultAsync(cancellation);
        if (stored is null || JsonSerializer.Deserialize<ChangeUsers>(stored, JsonSerializerOptions.Web) is not { } command) throw new JobFailedException($"Job #{id} is not there any more, so nothing can be taken back.");
        await BulkHandler.EndedAsync(db, id, job, time, cancellation);
        return command;
    }

    private async Task<Guid> PersonAsync(CancellationToken cancellation) => (await current.GetAsync(cancellation))?.UserId ?? throw new JobFailedException("Nobody asked for this.");

    private async Task<Caller> BecomeAsync(Guid person, CancellationToken cancellation)
    {
        var caller = await rights.GetAsync(person, cancellation) ?? throw new JobFailedException("The account of the person who asked for it is closed.");
        if (!caller.May(UsersPermissions.Manage)) throw new JobFailedException("The person who asked for it may not do that any more.");
        current.Use(caller);
        return caller;
    }

    private async Task NotifyAsync(Guid person, string title, int changed, int left, long job, CancellationToken cancellation)
    {
        var caller = await current.GetAsync(cancellation);
        await using var db = await databases.CreateDbContextAsync(cancellation);
        db.Notify(Caller.Portal with { TenantId = caller!.TenantId }, Audience.Person(person), "users.changed", left > 0 ? NotificationLevel.Warning : NotificationLevel.Ok,
            NotificationText.Of<UsersTexts>(title, left > 0 ? "NotifyBulkLeft" : null, Text(changed), Text(left)), $"/admin/jobs?item={Text(job)}");
        await db.SaveChangesAsync(cancellation);
    }

    private static Dictionary<UserOutcome, int> Together(IReadOnlyDictionary<UserOutcome, int> one, IReadOnlyDictionary<UserOutcome, int> other) =>
        one.Concat(other).GroupBy(pair => pair.Key).ToDictionary(group => group.Key, group => group.Sum(pair => pair.Value));

    private static List<Guid> Ids(string? detail)
    {
        using var json = JsonDocument.Parse(detail ?? "{}");
        return json.RootElement.TryGetProperty("ids", out var ids) ? [.. ids.EnumerateArray().Select(id => id.GetGuid())] : [];
    }

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}
