using System.Globalization;
using BlazorAdmin.Data;
using BlazorAdmin.Features.Documents.Extraction;
using BlazorAdmin.Features.Documents.Reading;
using BlazorAdmin.Features.Documents.Storage;
using BlazorAdmin.Features.Jobs;
using BlazorAdmin.Live;
using BlazorAdmin.Security;

namespace BlazorAdmin.Features.Documents.Classification;

/// <summary>Asks a model about all documents that no person labelled, many in one run of the tool; a run that is cut off goes on after the last part.</summary>
public sealed class ClassifyDocumentsHandler(
    IDbContextFactory<AppDbContext> databases, IContentStore store, ReadingTools tools, TimeProvider time, Topic<DocumentChanged> documents, Topic<ClassifierChanged> changes) : IJobHandler<ClassifyDocuments>
{
    private const int Part = 200;

    public async Task RunAsync(ClassifyDocuments arguments, JobContext job, CancellationToken cancellation)
    {
        await using var db = await databases.CreateDbContextAsync(cancellation);
        if (await db.Set<ClassifierModel>().AsNoTracking().Where(m => m.Id == arguments.ModelId && m.IsActive).Select(m => (Guid?)m.TenantId).SingleOrDefaultAsync(cancellation) is not { } tenant)
        {
            job.Info("Another model is active.");
            return;
        }
        var runner = await tools.Runner(cancellation);
        var place = job.Cursor<Place>() ?? new Place(Guid.Empty, 0);
        var all = place.Done + await Left(db, tenant, arguments.Ids, place.Last).CountAsync(cancellation);
        while (true)
        {
            // Asked each time: another model may be activated, or this one's threshold changed, while this runs.
            if (await ActiveClassifier.Load(db, tenant, null, cancellation) is not { } model || model.Id != arguments.ModelId)
            {
                job.Info("Another model became active.");
                return;
            }
            if (!store.Contains(model.Sha256)) throw new JobFailedException("The model's file is missing.");
            var ids = await Left(db, tenant, arguments.Ids, place.Last).OrderBy(d => d.Id).Select(d => d.Id).Take(Part).ToListAsync(cancellation);
            if (ids.Count == 0) break;
            place = new Place(ids[^1], place.Done + ids.Count);
            await Classify(db, tenant, model, runner, ids, place, job, cancellation);
            job.Progress(100.0 * place.Done / Math.Max(all, place.Done), new ReadReason("ProgressClassifying", Text(place.Done), Text(Math.Max(all, place.Done))).ToString());
        }
        job.Info($"{place.Done} documents.");
        changes.Publish(new ClassifierChanged(arguments.ModelId));
    }

    private async Task Classify(AppDbContext db, Guid tenant, ActiveClassifier model, IProcessRunner runner, List<Guid> ids, Place place, JobContext job, CancellationToken cancel)
    {
        var texts = (await EffectiveText.Load(db, ids, TextFeatures.Characters, cancel)).Select(pair => (Id: pair.Key, Words: TextFeatures.Words(pair.Value))).Where(one => one.Words.Count > 0).ToList();
        IReadOnlyList<double[]> answers;
        using (var folder = WorkFolder.Create(tools.WorkRoot))
            answers = await new FastText(runner, folder, job.Info).Predict(store.PathOf(model.Sha256), [.. texts.Select(one => TextFeatures.Line(one.Words))], model.Labels.Count, cancel);
        await using var transaction = await db.Database.BeginTransactionAsync(cancel);
        var before = await Types(db, ids, cancel);
        for (var i = 0; i < texts.Count; i++)
        {
            var best = model.Scores(answers[i])[0];
            await SuggestionWrites.Write(db, texts[i].Id, new Suggestion(model.Id, best.TypeId, best.Probability, model.IsSure(best.Probability)), cancel);
        }
        var changed = (await Types(db, ids, cancel)).Where(one => one.Value != before.GetValueOrDefault(one.Key)).Select(one => one.Key).ToList();
        await RuleJobs.ValidateAgain(db, Caller.Portal with { TenantId = tenant }, changed, time.GetUtcNow(), cancel);
        await db.SaveChangesAsync(cancel);
        await job.SaveCursorAsync(db, place, cancel);
        await transaction.CommitAsync(cancel);
        var owners = await db.Set<Document>().Where(d => ids.Contains(d.Id)).Select(d => new { d.Id, d.OwnerId, d.Version }).ToListAsync(cancel);
        foreach (var one in owners) documents.Publish(new DocumentChanged(one.Id, one.OwnerId, one.Version));
    }

    private static Task<Dictionary<Guid, Guid?>> Types(AppDbContext db, List<Guid> ids, CancellationToken cancel) =>
        db.Set<Document>().Where(d => ids.Contains(d.Id)).Select(d => new { d.Id, d.TypeId }).ToDictionaryAsync(d => d.Id, d => d.TypeId, cancel);

    private static IQueryable<Document> Left(AppDbContext db, Guid tenant, IReadOnlyList<Guid> some, Guid after)
    {
        var documents = db.Set<Document>().AsNoTracking().Where(d => d.TenantId == tenant && d.DeletedAt == null && d.State == DocumentState.Ready && d.TypeSource != TypeSource.Person && d.Id > after);
        return some.Count == 0 ? documents : documents.Where(d => some.Contains(d.Id));
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    /// <param name="Last">Document that the last part ended with.</param>
    internal sealed record Place(Guid Last, int Done);
}
