using System.Globalization;
using System.Text.Json;
using BlazorAdmin.Data;
using BlazorAdmin.Data.Keys;
using BlazorAdmin.Features.Account;
using BlazorAdmin.Features.Audit;
using BlazorAdmin.Features.Jobs;
using BlazorAdmin.Features.Notifications;
using BlazorAdmin.Live;
using BlazorAdmin.Security;
using Microsoft.AspNetCore.Identity;

namespace BlazorAdmin.Features.Users;

/// <summary>
/// Works off an import row by row, for the person who asked and with the rights that they have at each part. Each row is one
/// transaction with its verdict, so a run after a crash goes on behind it and the report misses none.
/// </summary>
public sealed class ImportUsersHandler(
    IDbContextFactory<AppDbContext> databases, IDatabaseDialect dialect, CurrentCaller current, PersonRights rights, AccountFactory accounts, Invitations invitations, SecretBox box,
    Topic<AccessChanged> access, Topic<UserImportChanged> changes, TimeProvider time) : IJobHandler<ImportUsers>
{
    internal const int Part = 100;

    public async Task RunAsync(ImportUsers arguments, JobContext job, CancellationToken cancellation)
    {
        var person = (await current.GetAsync(cancellation))?.UserId ?? throw new JobFailedException("Nobody asked for this.");
        if (await ReadAsync(arguments.ImportId, cancellation) is not { } stored) return;
        var (content, report) = stored;
        var cursor = job.Cursor<ImportCursor>() ?? new ImportCursor(0, []);
        var tail = cursor.Tail.ToList();
        try
        {
            for (var next = cursor.Next; next < content.Rows.Count;)
            {
                var caller = await BecomeAsync(person, cancellation);
                var rules = await RulesAsync(caller, content, cancellation);
                for (var end = Math.Min(content.Rows.Count, next + Part - tail.Count); next < end; next++)
                {
                    cancellation.ThrowIfCancellationRequested();
                    tail.Add(await WorkAsync(caller, rules, content, next, tail, job, arguments.ImportId, cancellation));
                    job.Progress(100.0 * (next + 1) / content.Rows.Count, $"{Text(next + 1)} of {Text(content.Rows.Count)}");
                }

                report = await ReportAsync(arguments.ImportId, content, report, tail, next, job, cancellation);
                tail = [];
            }
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested && tail.Count > 0)
        {
            // Whoever stopped it can read what was done so far.
            await ReportAsync(arguments.ImportId, content, report, tail, job.Cursor<ImportCursor>()!.Next, job, CancellationToken.None);
            throw;
        }

        await EndAsync(arguments.ImportId, person, report, cancellation);
        job.Info($"{report.Count} rows worked off.");
    }

    private async Task<(ImportContent Content, IReadOnlyList<ImportLine> Report)?> ReadAsync(Guid id, CancellationToken cancellation)
    {
        await using var db = await databases.CreateDbContextAsync(cancellation);
        var import = await db.Set<UserImport>().AsNoTracking().SingleOrDefaultAsync(i => i.Id == id, cancellation) ?? throw new JobFailedException("The import is not kept any more.");
        if (import.FinishedAt is not null) return null;
        if (import.Rows is null) throw new JobFailedException("The rows are not kept any more. Start the import again.");
        return (JsonSerializer.Deserialize<ImportContent>(box.Open(UserImports.Purpose, import.Rows), JsonSerializerOptions.Web)!, UserImports.OpenReport(box, import.Report));
    }

    private async Task<Caller> BecomeAsync(Guid person, CancellationToken cancellation)
    {
        var caller = await rights.GetAsync(person, cancellation) ?? throw new JobFailedException("The account of the person who asked for it is closed.");
        if (!caller.May(UsersPermissions.Manage)) throw new JobFailedException("The person who asked for it may not do that any more.");
        current.Use(caller);
        return caller;
    }

    private async Task<UserImportRules> RulesAsync(Caller caller, ImportContent content, CancellationToken cancellation)
    {
        await using var db = await databases.CreateDbContextAsync(cancellation);
        return await UserImportRules.LoadAsync(db, caller, content.Rows, accounts.Normalize, cancellation);
    }

    private async Task<ImportVerdict> WorkAsync(
        Caller caller, UserImportRules rules, ImportContent content, int index, IReadOnlyList<ImportVerdict> tail, JobContext job, Guid import, CancellationToken cancellation)
    {
        var row = content.Rows[index];
        try
        {
            return await ApplyAsync(refused: null);
        }
        catch (DbUpdateException exception) when (dialect.IsDuplicateKey(exception))
        {
            // Somebody made the account meanwhile.
            return await ApplyAsync(new ImportVerdict(row.Line, ImportAct.Error, UserOutcome.EmailTaken));
        }

        async Task<ImportVerdict> ApplyAsync(ImportVerdict? refused)
        {
            await using var db = await databases.CreateDbContextAsync(cancellation);
            await db.Database.OpenConnectionAsync(cancellation);
            await using var held = await dialect.LockAsync(db.Database.GetDbConnection(), UserRights.AdministratorLock, cancellation);
            await using var transaction = await db.Database.BeginTransactionAsync(cancellation);
            var account = accounts.Normalize(row.Email);
            var user = refused is null ? await db.Users.SingleOrDefaultAsync(u => u.NormalizedEmail == account, cancellation) : null;
            var links = user is null ? [] : await db.UserRoles.Where(l => l.UserId == user.Id).ToListAsync(cancellation);
            var verdict = refused ?? rules.Judge(caller, row, content.Options, user, links.Select(l => l.RoleId).ToHashSet());
            if (verdict.Act == ImportAct.Create && await CreateAsync(db, caller, rules, row, content.Options, import, cancellation) is not UserOutcome.Done and var fault)
                verdict = new ImportVerdict(row.Line, ImportAct.Error, fault);
            if (verdict.Act == ImportAct.Change && await ChangeAsync(db, caller, rules, row, user!, links, import, cancellation) is not UserOutcome.Done and var why)
                verdict = new ImportVerdict(row.Line, ImportAct.Error, why);
            // Nothing of a row that went wrong half-way is saved.
            if (verdict.Act == ImportAct.Error) db.ChangeTracker.Clear();
            await db.SaveChangesAsync(cancellation);
            await job.SaveCursorAsync(db, new ImportCursor(index + 1, [.. tail, verdict]), cancellation);
            await transaction.CommitAsync(cancellation);
            if (verdict.Act == ImportAct.Change) access.Publish(new AccessChanged(user!.Id));
            return verdict;
        }
    }

    private async Task<UserOutcome> CreateAsync(AppDbContext db, Caller caller, UserImportRules rules, ImportRow row, ImportOptions options, Guid import, CancellationToken cancellation)
    {
        var ids = rules.RolesOf(row);
        var roles = await db.Roles.Where(r => ids.Contains(r.Id)).ToListAsync(cancellation);
        var user = accounts.Add(db, row.Email, row.Name, password: null, roles);
        user.TenantId = caller.TenantId;
        db.Audit(caller, "users.create", "user", user.Id, user.DisplayName, new { roles = roles.Select(r => r.Name).Order(), invited = options.Invite, import });
        return options.Invite ? await invitations.WriteAsync(db, caller, user, cancellation) : UserOutcome.Done;
    }

    private static async Task<UserOutcome> ChangeAsync(
        AppDbContext db, Caller caller, UserImportRules rules, ImportRow row, User user, List<IdentityUserRole<Guid>> links, Guid import, CancellationToken cancellation)
    {
        var wanted = row.Roles is null ? [.. links.Select(l => l.RoleId)] : rules.RolesOf(row);
        var taken = links.Where(l => !wanted.Contains(l.RoleId)).ToList();
        var given = wanted.Where(id => !links.Exists(l => l.RoleId == id)).ToList();
        if (taken.Count > 0 && await UserRights.IsLastAdministratorAsync(db, user.Id, cancellation)) return UserOutcome.LastAdministrator;
        db.RemoveRange(taken);
        db.AddRange(given.Select(id => new IdentityUserRole<Guid> { UserId = user.Id, RoleId = id }));
        user.DisplayName = row.Name;
        db.Audit(caller, "users.import_changed", "user", user.Id, user.DisplayName, new { import, given, taken = taken.Select(l => l.RoleId) });
        await db.KeepActorAsync(user.Id, user.DisplayName, cancellation);
        return UserOutcome.Done;
    }

    private async Task<IReadOnlyList<ImportLine>> ReportAsync(
        Guid id, ImportContent content, IReadOnlyList<ImportLine> report, IReadOnlyList<ImportVerdict> tail, int next, JobContext job, CancellationToken cancellation)
    {
        var rows = content.Rows.Skip(report.Count).Zip(tail, (row, verdict) => new ImportLine(row, verdict));
        IReadOnlyList<ImportLine> whole = [.. report, .. rows];
        await using var db = await databases.CreateDbContextAsync(cancellation);
        await using var transaction = await db.Database.BeginTransactionAsync(cancellation);
        var import = await db.Set<UserImport>().SingleAsync(i => i.Id == id, cancellation);
        import.Report = box.Seal(UserImports.Purpose, JsonSerializer.Serialize(whole, JsonSerializerOptions.Web));
        await db.SaveChangesAsync(cancellation);
        await job.SaveCursorAsync(db, new ImportCursor(next, []), cancellation);
        await transaction.CommitAsync(cancellation);
        changes.Publish(new UserImportChanged(id));
        return whole;
    }

    private async Task EndAsync(Guid id, Guid person, IReadOnlyList<ImportLine> report, CancellationToken cancellation)
    {
        await using var db = await databases.CreateDbContextAsync(cancellation);
        var import = await db.Set<UserImport>().SingleAsync(i => i.Id == id, cancellation);
        (import.Rows, import.FinishedAt) = (null, time.GetUtcNow());
        string Of(ImportAct act) => Text(report.Count(l => l.Verdict.Act == act));
        db.Notify(Caller.Portal with { TenantId = import.TenantId }, Audience.Person(person), "users.imported", report.Any(l => l.Verdict.Act == ImportAct.Error) ? NotificationLevel.Warning : NotificationLevel.Ok,
            NotificationText.Of<UsersTexts>("NotifyImported", "NotifyImportedBody", import.FileName, Of(ImportAct.Create), Of(ImportAct.Change), Of(ImportAct.Unchanged), Of(ImportAct.Error)), $"/admin/users/import?item={id}");
        await db.SaveChangesAsync(cancellation);
        changes.Publish(new UserImportChanged(id));
        // New people stand in open lists.
        access.Publish(new AccessChanged(person));
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
