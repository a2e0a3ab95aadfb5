using System.Globalization;
using System.Text.Json;
using BlazorAdmin.Data;
using BlazorAdmin.Features.Documents.Reading;
using BlazorAdmin.Features.Jobs;
using BlazorAdmin.Live;

namespace BlazorAdmin.Features.Documents.Extraction;

/// <summary>Goes through the documents one by one, each in a transaction of its own together with the place to go on from.</summary>
public sealed class ExtractDocumentsHandler(IDbContextFactory<AppDbContext> databases, DocumentExtraction extraction, Topic<DocumentChanged> changes) : IJobHandler<ExtractDocuments>
{
    private const int Part = 200;

    public async Task RunAsync(ExtractDocuments arguments, JobContext job, CancellationToken cancellation)
    {
        var cursor = job.Cursor<ExtractCursor>() ?? new ExtractCursor(null, 0);
        var total = cursor.Done + await Count(arguments, cursor.Last, cancellation);
        while (await Next(arguments, cursor.Last, cancellation) is { Count: > 0 } ids)
        {
            if (await IsOvertaken(arguments, job, cancellation))
            {
                job.Info("A newer pass over the same documents waits, because a rule changed again.");
                return;
            }
            foreach (var id in ids)
            {
                cursor = await One(arguments, id, new ExtractCursor(id, cursor.Done + 1), job, cancellation);
                job.Progress(100.0 * cursor.Done / Math.Max(cursor.Done, total), new ReadReason("ExtractProgress", Text(cursor.Done), Text(Math.Max(cursor.Done, total))).ToString());
            }
        }
        job.Info($"{cursor.Done} documents.");
    }

    private async Task<bool> IsOvertaken(ExtractDocuments arguments, JobContext job, CancellationToken cancel)
    {
        if (arguments.Ids.Count > 0) return false;
        var (name, same) = (JobType.RulesOf(typeof(ExtractDocuments)).Name, JsonSerializer.Serialize(arguments, JsonSerializerOptions.Web));
        await using var db = await databases.CreateDbContextAsync(cancel);
        return await db.Set<Job>().AnyAsync(other => other.TenantId == arguments.TenantId && other.Type == name && other.State == JobState.Queued && other.Id > job.JobId && other.Arguments == same, cancel);
    }

    private async Task<ExtractCursor> One(ExtractDocuments arguments, Guid id, ExtractCursor next, JobContext job, CancellationToken cancel)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        await using var transaction = await db.Database.BeginTransactionAsync(cancel);
        // A document that is being read gets the rules of the moment when that ends.
        var begun = await Meant(db, arguments).Where(document => document.Id == id).ExecuteUpdateAsync(set => set.SetProperty(document => document.Version, document => document.Version + 1), cancel);
        if (begun > 0)
        {
            var owner = await db.Set<Document>().Where(document => document.Id == id).Select(document => document.OwnerId).SingleAsync(cancel);
            if (arguments.OnlyValidate) await extraction.Validate(db, id, cancel);
            else foreach (var warning in await extraction.Apply(db, id, cancel)) job.Warn($"{id}: {warning}");
            db.AfterCommit(() => changes.Publish(new DocumentChanged(id, owner, 0)));
        }
        await job.SaveCursorAsync(db, next, cancel);
        await transaction.CommitAsync(cancel);
        return next;
    }

    private async Task<int> Count(ExtractDocuments arguments, Guid? last, CancellationToken cancel)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        return await After(Meant(db, arguments), last).CountAsync(cancel);
    }

    private async Task<IReadOnlyList<Guid>> Next(ExtractDocuments arguments, Guid? last, CancellationToken cancel)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        return await After(Meant(db, arguments), last).OrderBy(document => document.Id).Select(document => document.Id).Take(Part).ToListAsync(cancel);
    }

    private static IQueryable<Document> After(IQueryable<Document> documents, Guid? last) => last is { } id ? documents.Where(document => document.Id > id) : documents;

    private static IQueryable<Document> Meant(AppDbContext db, ExtractDocuments arguments)
    {
        var documents = db.Set<Document>().Where(document => document.TenantId == arguments.TenantId && document.DeletedAt == null && document.State != DocumentState.Waiting && document.State != DocumentState.Reading);
        if (arguments.Ids.Count > 0) documents = documents.Where(document => arguments.Ids.Contains(document.Id));
        return arguments.TypeId is { } type ? documents.Where(document => document.TypeId == type) : documents;
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}

/// <param name="Last">The document that was done last.</param>
public sealed record ExtractCursor(Guid? Last, int Done);
