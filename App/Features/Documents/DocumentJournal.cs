using System.Text.Json;
using BlazorAdmin.Data;
using BlazorAdmin.Features.Documents.Reading;

namespace BlazorAdmin.Features.Documents;

/// <summary>Keeps the recorded steps of one reading in the database, each in a transaction of its own.</summary>
internal sealed class DocumentJournal(IDbContextFactory<AppDbContext> databases, NodeInfo node, Guid documentId, Guid tenantId, int revision) : IReadingJournal
{
    public async Task<StepResult<T>?> Find<T>(string step, string version, string part, CancellationToken cancel)
        where T : class
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        var output = await Runs(db, step, part).Where(run => run.Version == version).Select(run => run.Output).SingleOrDefaultAsync(cancel);
        return output is null ? null : JsonSerializer.Deserialize<StepResult<T>>(output);
    }

    public async Task Record<T>(StepRecord record, StepResult<T> result, CancellationToken cancel)
        where T : class
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        await using var transaction = await db.Database.BeginTransactionAsync(cancel);
        // A run of another version, or of a node that lost its lease in the meantime.
        await Runs(db, record.Step, record.Part).ExecuteDeleteAsync(cancel);
        db.Add(new DocumentStepRun
        {
            DocumentId = documentId,
            Revision = revision,
            TenantId = tenantId,
            Step = record.Step,
            Part = record.Part,
            Version = record.Version,
            Input = record.Input,
            Outcome = result.Outcome,
            Output = JsonSerializer.Serialize(result).Replace("\\u0000", ""),
            StartedAt = record.StartedAt,
            DurationMilliseconds = (long)record.Duration.TotalMilliseconds,
            Node = node.Name,
        });
        await db.SaveChangesAsync(cancel);
        await transaction.CommitAsync(cancel);
    }

    private IQueryable<DocumentStepRun> Runs(AppDbContext db, string step, string part) =>
        db.Set<DocumentStepRun>().AsNoTracking().Where(run => run.DocumentId == documentId && run.Revision == revision && run.Step == step && run.Part == part);
}
