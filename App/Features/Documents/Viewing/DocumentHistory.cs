using BlazorAdmin.Data;
using BlazorAdmin.Features.Audit;
using BlazorAdmin.Features.Documents.Reading;
using BlazorAdmin.Security;

namespace BlazorAdmin.Features.Documents.Viewing;

/// <summary>One reading of a document.</summary>
/// <param name="Revision">From 0; each time that somebody asks for it anew is one more.</param>
public sealed record ReadingView(int Revision, DateTimeOffset StartedAt, string Node, IReadOnlyList<DocumentStepView> Steps);

/// <summary>What happened to a document.</summary>
/// <param name="Rows">Commands, newest first, with who gave them.</param>
/// <param name="Readings">Newest first.</param>
public sealed record DocumentHistoryView(IReadOnlyList<AuditRow> Rows, IReadOnlyList<ReadingView> Readings);

/// <summary>The history of one document, for those who may change it.</summary>
public sealed class DocumentHistory(Guard guard, IDbContextFactory<AppDbContext> databases)
{
    private const int MostRows = 100;

    /// <summary>So many of the newest commands on several documents are searched for this one.</summary>
    private const int CommandsSearched = 2_000;

    /// <returns>Null if there is no such document, or the caller may not change it.</returns>
    public async Task<DocumentHistoryView?> Get(Guid id, CancellationToken cancel)
    {
        var caller = await guard.RequireDocuments(cancel);
        await using var db = await databases.CreateDbContextAsync(cancel);
        if (!await db.Visible(caller).Where(DocumentAccess.MayChange(db, caller)).AnyAsync(d => d.Id == id, cancel)) return null;
        var (tenant, subject) = (caller.TenantId, id.ToString());
        var entries = db.Set<AuditEntry>().AsNoTracking().Where(e => e.TenantId == tenant);
        var own = await entries.Where(e => e.SubjectType == "document" && e.SubjectId == subject).OrderByDescending(e => e.Id).Take(MostRows).Select(AuditLog.Row).ToListAsync(cancel);
        var commands = entries.Where(e => e.SubjectType == "document" && e.SubjectId == null).OrderByDescending(e => e.Id).Take(CommandsSearched);
        var shared = await commands.Where(e => e.Detail!.Contains(subject)).OrderByDescending(e => e.Id).Take(MostRows).Select(AuditLog.Row).ToListAsync(cancel);
        var rows = own.Concat(shared).OrderByDescending(r => r.Id).Take(MostRows).ToList();
        var steps = await db.Set<DocumentStepRun>().AsNoTracking().Where(run => run.DocumentId == id)
            .Select(run => new { run.Revision, run.Step, run.Outcome, run.StartedAt, run.DurationMilliseconds, run.Node }).ToListAsync(cancel);
        var readings = steps.GroupBy(run => run.Revision).OrderByDescending(runs => runs.Key).Select(runs => new ReadingView(
            runs.Key, runs.Min(run => run.StartedAt), runs.First().Node,
            [.. runs.GroupBy(run => run.Step).OrderBy(step => step.Min(run => run.StartedAt)).Select(step => new DocumentStepView(
                step.Key, step.Count(), step.Select(run => run.Outcome).FirstOrDefault(outcome => outcome != ReadOutcome.Ready), step.Sum(run => run.DurationMilliseconds)))])).ToList();
        return new DocumentHistoryView(await AuditLog.WithActorsAsync(db, rows, cancel), readings);
    }
}
