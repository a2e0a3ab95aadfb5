using System.Text.Json;
using BlazorAdmin.Data;
using BlazorAdmin.Data.Keys;
using BlazorAdmin.Features.Account;
using BlazorAdmin.Features.Account.Factors;
using BlazorAdmin.Features.Audit;
using BlazorAdmin.Features.Jobs;
using BlazorAdmin.Live;
using BlazorAdmin.Security;

namespace BlazorAdmin.Features.Users;

/// <summary>What is stored of an import until it is worked off.</summary>
internal sealed record ImportContent(IReadOnlyList<ImportRow> Rows, ImportOptions Options);

/// <summary>An import in the list of the latest.</summary>
/// <param name="Counts">Of the report so far.</param>
public sealed record ImportView(Guid Id, string FileName, DateTimeOffset StartedAt, DateTimeOffset? FinishedAt, string? StartedBy, long? JobId, IReadOnlyDictionary<ImportAct, int> Counts);

/// <summary>Brings people in from a list: preview, start, report.</summary>
public sealed class UserImports(
    IDbContextFactory<AppDbContext> databases, Guard guard, AccountFactory accounts, Invitations invitations, RecentProof proof, SecretBox box, Topic<UserImportChanged> changes, TimeProvider time)
{
    internal const string Purpose = "users.import";

    private const int Latest = 10;

    private static readonly TimeSpan RowsKept = TimeSpan.FromDays(7);
    private static readonly TimeSpan ReportsKept = TimeSpan.FromDays(30);

    /// <summary>New people can be invited by mail.</summary>
    public bool CanInvite => invitations.CanSend;

    /// <summary>What an import would do with each row now. Changes nothing.</summary>
    public async Task<IReadOnlyList<ImportLine>> PreviewAsync(IReadOnlyList<ImportRow> rows, ImportOptions options, CancellationToken cancellation)
    {
        var caller = await guard.Require(UsersPermissions.Manage, cancellation);
        await using var db = await databases.CreateDbContextAsync(cancellation);
        var rules = await UserImportRules.LoadAsync(db, caller, rows, accounts.Normalize, cancellation);
        var lines = new List<ImportLine>(rows.Count);
        foreach (var part in rows.Chunk(500))
        {
            var addresses = part.Select(r => accounts.Normalize(r.Email)).Distinct().ToList();
            var people = await db.Users.AsNoTracking().Where(u => addresses.Contains(u.NormalizedEmail!)).ToDictionaryAsync(u => u.NormalizedEmail!, cancellation);
            var ids = people.Values.Select(u => u.Id).ToList();
            var held = (await db.UserRoles.Where(l => ids.Contains(l.UserId)).ToListAsync(cancellation)).ToLookup(l => l.UserId, l => l.RoleId);
            foreach (var row in part)
            {
                var existing = people.GetValueOrDefault(accounts.Normalize(row.Email));
                lines.Add(new ImportLine(row, rules.Judge(caller, row, options, existing, existing is null ? new HashSet<Guid>() : held[existing.Id].ToHashSet())));
            }
        }

        return lines;
    }

    /// <summary>Stores the rows, sealed, and has a job work them off. Rows with errors are left out by it and stand in its report.</summary>
    public async Task<UserOutcome> StartAsync(string fileName, IReadOnlyList<ImportRow> rows, ImportOptions options, CancellationToken cancellation)
    {
        var caller = await guard.Require(UsersPermissions.Manage, cancellation);
        if (rows.Count is 0 or > UserImportFile.MaxRows) return UserOutcome.NotFound;
        if (options.Invite && !invitations.CanSend) return UserOutcome.MailNotPossible;
        await using var db = await databases.CreateDbContextAsync(cancellation);
        var rules = await UserImportRules.LoadAsync(db, caller, rows, accounts.Normalize, cancellation);
        // Asked for here: the job acts for the person, who may have left by then.
        if (UserRights.AreDelicate(rules.RightsOf(rows.SelectMany(rules.RolesOf).Distinct())) && !await proof.IsFreshAsync(db, caller, cancellation)) return UserOutcome.ProofNeeded;
        var now = time.GetUtcNow();
        await using var transaction = await db.Database.BeginTransactionAsync(cancellation);
        await CleanAsync(db, caller, now, cancellation);
        var name = fileName.Trim() is { Length: > 0 } given ? given[..Math.Min(given.Length, 260)] : "import.csv";
        var import = new UserImport
        {
            Id = Guid.CreateVersion7(now), TenantId = caller.TenantId, FileName = name, StartedBy = caller.PersonId, StartedAt = now,
            Rows = box.Seal(Purpose, JsonSerializer.Serialize(new ImportContent(rows, options), JsonSerializerOptions.Web)),
        };
        var job = db.Enqueue(new ImportUsers(import.Id), caller, now, new EnqueueOptions { Subject = name, SubjectUrl = $"/admin/users/import?item={import.Id}" });
        db.Add(import);
        db.Audit(caller, "users.import", "import", import.Id, name, new { invite = options.Invite, update = options.Update }, rows.Count);
        await db.SaveChangesAsync(cancellation);
        import.JobId = job.Id;
        await db.SaveChangesAsync(cancellation);
        await transaction.CommitAsync(cancellation);
        changes.Publish(new UserImportChanged(import.Id));
        return UserOutcome.Done;
    }

    /// <summary>The latest imports, newest first.</summary>
    public async Task<IReadOnlyList<ImportView>> LatestAsync(CancellationToken cancellation)
    {
        var caller = await guard.Require(UsersPermissions.Read, cancellation);
        await using var db = await databases.CreateDbContextAsync(cancellation);
        var imports = await db.Set<UserImport>().AsNoTracking().Where(i => i.TenantId == caller.TenantId).OrderByDescending(i => i.StartedAt).ThenByDescending(i => i.Id).Take(Latest)
            .Select(i => new { i.Id, i.FileName, i.StartedAt, i.FinishedAt, i.JobId, i.Report, Name = db.Users.Where(u => u.Id == i.StartedBy).Select(u => u.DisplayName).FirstOrDefault() }).ToListAsync(cancellation);
        return [.. imports.Select(i => new ImportView(i.Id, i.FileName, i.StartedAt, i.FinishedAt, i.Name, i.JobId, OpenReport(box, i.Report).CountBy(l => l.Verdict.Act).ToDictionary()))];
    }

    /// <summary>What was done with each row; null if there is no such import. Reading it is recorded.</summary>
    public async Task<(string FileName, IReadOnlyList<ImportLine> Lines)?> ReportAsync(Guid id, CancellationToken cancellation)
    {
        var caller = await guard.Require(UsersPermissions.Manage, cancellation);
        await using var db = await databases.CreateDbContextAsync(cancellation);
        var import = await db.Set<UserImport>().AsNoTracking().SingleOrDefaultAsync(i => i.Id == id && i.TenantId == caller.TenantId, cancellation);
        if (import is null) return null;
        db.Audit(caller, "users.import_report", "import", id, import.FileName);
        await db.SaveChangesAsync(cancellation);
        return (import.FileName, OpenReport(box, import.Report));
    }

    internal static IReadOnlyList<ImportLine> OpenReport(SecretBox box, string? report) =>
        report is null ? [] : JsonSerializer.Deserialize<List<ImportLine>>(box.Open(Purpose, report), JsonSerializerOptions.Web) ?? [];

    // What nobody worked off, and what nobody reads any more.
    private static async Task CleanAsync(AppDbContext db, Caller caller, DateTimeOffset now, CancellationToken cancellation)
    {
        var (oldRows, oldReports) = (now - RowsKept, now - ReportsKept);
        await db.Set<UserImport>().Where(i => i.TenantId == caller.TenantId && i.StartedAt < oldReports).ExecuteDeleteAsync(cancellation);
        await db.Set<UserImport>().Where(i => i.TenantId == caller.TenantId && i.StartedAt < oldRows && i.Rows != null).ExecuteUpdateAsync(set => set.SetProperty(i => i.Rows, (string?)null), cancellation);
    }
}
