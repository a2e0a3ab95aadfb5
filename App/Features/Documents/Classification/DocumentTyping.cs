using BlazorAdmin.Data;
using BlazorAdmin.Features.Audit;
using BlazorAdmin.Features.Documents.Extraction;
using BlazorAdmin.Features.Documents.Reading;
using BlazorAdmin.Features.Documents.Storage;
using BlazorAdmin.Live;
using BlazorAdmin.Security;

namespace BlazorAdmin.Features.Documents.Classification;

/// <summary>What people and models say of the type of documents, and what waits for a person.</summary>
public sealed class DocumentTyping(
    Guard guard, IDbContextFactory<AppDbContext> databases, IContentStore store, ReadingTools tools, TimeProvider time, Topic<DocumentChanged> changes, Topic<ClassifierChanged> classifier, ILogger<DocumentTyping> log)
{
    /// <summary>So many of the most frequent words are tried for a reason.</summary>
    private const int TriedWords = 40;

    private const int ShownWords = 8;

    /// <summary>Explaining runs a tool; more people at once than this wait.</summary>
    private static readonly SemaphoreSlim Explaining = new(2, 2);

    /// <exception cref="ForbiddenException"/>
    public async Task<DocumentTyped?> Of(Guid id, CancellationToken cancel)
    {
        var caller = await guard.RequireDocuments(cancel);
        await using var db = await databases.CreateDbContextAsync(cancel);
        var changeable = db.Changeable(caller).Select(d => d.Id);
        return await db.Visible(caller).AsNoTracking().Where(d => d.Id == id).Select(d => new DocumentTyped(
            d.TypeId, db.Set<DocumentType>().Where(t => t.Id == d.TypeId).Select(t => t.Name).FirstOrDefault(), d.TypeSource,
            d.SuggestedTypeId, db.Set<DocumentType>().Where(t => t.Id == d.SuggestedTypeId).Select(t => t.Name).FirstOrDefault(), d.SuggestedConfidence,
            db.Set<ClassifierModel>().Where(m => m.Id == d.SuggestedByModelId).Select(m => (int?)m.Number).FirstOrDefault(), changeable.Contains(d.Id))).SingleOrDefaultAsync(cancel);
    }

    /// <summary>A person says of what type documents are; models learn from it. Null takes back what was said.</summary>
    /// <returns>Those that were changed; what the caller may not change is left out silently.</returns>
    /// <exception cref="ForbiddenException"/>
    public async Task<IReadOnlyList<Guid>> Set(IReadOnlyCollection<Guid> ids, Guid? typeId, CancellationToken cancel)
    {
        var caller = await guard.RequireChange(DocumentsPermissions.Own, cancel);
        await using var db = await databases.CreateDbContextAsync(cancel);
        var name = typeId is null ? null : await db.Set<DocumentType>().Where(t => t.Id == typeId && t.TenantId == caller.TenantId).Select(t => t.Name).SingleOrDefaultAsync(cancel);
        if (typeId is not null && name is null) return [];
        var wanted = ids.Take(DocumentsService.LargestCommand).ToList();
        var visible = db.Visible(caller).Select(d => d.Id);
        var documents = await db.Changeable(caller).Where(d => wanted.Contains(d.Id) && visible.Contains(d.Id)).ToListAsync(cancel);
        if (documents.Count == 0) return [];
        foreach (var document in documents) document.SetType(typeId);
        if (documents is [var one]) db.Audit(caller, "documents.set_type", "document", one.Id, one.Name, new { type = name });
        else db.Audit(caller, "documents.set_type", "document", detail: new { type = name, ids = documents.Select(d => d.Id) }, count: documents.Count);
        db.AfterCommit(() =>
        {
            documents.ForEach(d => changes.Publish(new DocumentChanged(d.Id, d.OwnerId, d.Version)));
            classifier.Publish(new ClassifierChanged(null));
        });
        await RuleJobs.ValidateAgain(db, caller, [.. documents.Select(d => d.Id)], time.GetUtcNow(), cancel);
        await db.SaveChangesAsync(cancel);
        return [.. documents.Select(d => d.Id)];
    }

    /// <summary>
    /// What waits for the caller, the least confident answer first: a label there teaches a model most (D. Lewis and W. Gale, "A sequential algorithm
    /// for training text classifiers", 1994).
    /// </summary>
    /// <exception cref="ForbiddenException"/>
    public async Task<UnsurePage> Unsure(int most, CancellationToken cancel)
    {
        var caller = await guard.RequireDocuments(cancel);
        await using var db = await databases.CreateDbContextAsync(cancel);
        var total = await db.Unsure(caller).Select(d => d.Id).Take(10_000).CountAsync(cancel);
        var rows = await db.Unsure(caller).OrderBy(d => d.SuggestedConfidence).ThenBy(d => d.Id).Take(most).Select(d => new
        {
            d.Id, d.Name, d.CreatedAt, SuggestedId = d.SuggestedTypeId!.Value, Confidence = d.SuggestedConfidence ?? 0,
            Owner = db.Users.Where(u => u.Id == d.OwnerId).Select(u => u.DisplayName).FirstOrDefault(),
            Suggested = db.Set<DocumentType>().Where(t => t.Id == d.SuggestedTypeId).Select(t => t.Name).FirstOrDefault(),
        }).ToListAsync(cancel);
        var texts = await EffectiveText.Load(db, [.. rows.Select(r => r.Id)], 600, cancel);
        return new UnsurePage([.. rows.Where(r => r.Suggested is not null).Select(r => new UnsureDocument(r.Id, r.Name, r.CreatedAt, r.Owner, r.SuggestedId, r.Suggested!, r.Confidence, texts.GetValueOrDefault(r.Id, "")))], total);
    }

    /// <summary>How many documents wait for the caller, counted to 10,000.</summary>
    /// <exception cref="ForbiddenException"/>
    public async Task<int> CountUnsure(CancellationToken cancel)
    {
        var caller = await guard.RequireDocuments(cancel);
        await using var db = await databases.CreateDbContextAsync(cancel);
        return await db.Unsure(caller).Select(d => d.Id).Take(10_000).CountAsync(cancel);
    }

    /// <summary>
    /// The words that speak for the suggestion. The model averages the vectors of words (A. Joulin et al., "Bag of tricks for efficient text classification", 2017),
    /// so the part of a word is its share of the text times what the log odds of the suggestion are for the word alone, above those for no word. Leaving words
    /// out in turn would say nothing where the model is sure: without any one of them it still is.
    /// </summary>
    /// <returns>The heaviest first; null when the model, its file, the tool or the text is not there (any more).</returns>
    /// <exception cref="ForbiddenException"/>
    public async Task<IReadOnlyList<ReasonWord>?> Reasons(Guid id, CancellationToken cancel)
    {
        var caller = await guard.RequireDocuments(cancel);
        await using var db = await databases.CreateDbContextAsync(cancel);
        var document = await db.Visible(caller).AsNoTracking().Where(d => d.Id == id).Select(d => new { d.SuggestedTypeId, d.SuggestedByModelId }).SingleOrDefaultAsync(cancel);
        if (document is not { SuggestedTypeId: { } type, SuggestedByModelId: { } modelId } || await ActiveClassifier.Load(db, caller.TenantId, modelId, cancel) is not { } model || !store.Contains(model.Sha256)) return null;
        var words = TextFeatures.Words((await EffectiveText.Load(db, [id], TextFeatures.Characters, cancel)).GetValueOrDefault(id, ""));
        var tried = words.Where(word => word.Length > 2).GroupBy(word => word).OrderByDescending(group => group.Count()).ThenBy(group => group.Key, StringComparer.Ordinal).Take(TriedWords)
            .Select(group => (Word: group.Key, Share: (double)group.Count() / words.Count)).ToList();
        if (tried.Count == 0 || await Ask(model, ["", .. tried.Select(one => TextFeatures.Line([one.Word]))], cancel) is not { } answers) return null;
        var odds = answers.Select(answer => LogOdds(model.Scores(answer).FirstOrDefault(score => score.TypeId == type)?.Probability ?? 0)).ToList();
        return [.. tried.Select((one, i) => new ReasonWord(one.Word, one.Share * (odds[i + 1] - odds[0]))).Where(reason => reason.Weight > 0.001).OrderByDescending(reason => reason.Weight).Take(ShownWords)];
    }

    private async Task<IReadOnlyList<double[]>?> Ask(ActiveClassifier model, string[] lines, CancellationToken cancel)
    {
        var runner = await tools.Runner(cancel);
        await Explaining.WaitAsync(cancel);
        try
        {
            using var folder = WorkFolder.Create(tools.WorkRoot);
            return await new FastText(runner, folder, line => ClassificationLog.Explained(log, line)).Predict(store.PathOf(model.Sha256), lines, model.Labels.Count, cancel);
        }
        catch (ClassifierFaultException)
        {
            return null;
        }
        finally
        {
            Explaining.Release();
        }
    }

    private static double LogOdds(double probability) => Math.Log(Math.Clamp(probability, 1e-6, 1 - 1e-6) / (1 - Math.Clamp(probability, 1e-6, 1 - 1e-6)));
}
