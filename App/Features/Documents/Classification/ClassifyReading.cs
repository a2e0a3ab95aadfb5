using BlazorAdmin.Data;
using BlazorAdmin.Features.Documents.Extraction;
using BlazorAdmin.Features.Documents.Reading;
using BlazorAdmin.Features.Documents.Storage;
using BlazorAdmin.Live;

namespace BlazorAdmin.Features.Documents.Classification;

/// <summary>What a model says of a document.</summary>
/// <param name="Sure">With enough confidence to stand until a person says otherwise.</param>
public sealed record Suggestion(Guid ModelId, Guid TypeId, double Confidence, bool Sure);

/// <summary>Classifies a document at the end of its reading. Without a model, a tool or an answer there is no suggestion; the reading does not suffer.</summary>
public sealed class ClassifyReading(IDbContextFactory<AppDbContext> databases, IContentStore store, Topic<ClassifierChanged> changes)
{
    private static readonly ClassifyStep Step = new();

    public async Task<Suggestion?> Suggest(Document document, IReadOnlyList<PageText> pages, DocumentReader reader, StepContext context, IReadingJournal journal, CancellationToken cancel)
    {
        ActiveClassifier? model;
        Dictionary<int, string> corrections;
        await using (var db = await databases.CreateDbContextAsync(cancel))
        {
            model = await ActiveClassifier.Load(db, document.TenantId, null, cancel);
            if (model is null) return null;
            corrections = await db.Set<PageCorrection>().AsNoTracking().Where(c => c.DocumentId == document.Id).ToDictionaryAsync(c => c.Page, c => c.Text, cancel);
        }
        if (!store.Contains(model.Sha256))
        {
            context.Log("The model's file is missing; the document is not classified.");
            return null;
        }
        var text = string.Join('\n', pages.Where(page => page.Number <= EffectiveText.Pages).Select(page => corrections.GetValueOrDefault(page.Number, page.Text)));
        var result = await reader.Step(Step, new ClassifyInput(model, store.PathOf(model.Sha256), text), model.Id.ToString("n"), context, journal, cancel);
        if (result.Output is not { Scores: [var best, ..] })
        {
            context.Log($"Not classified: {result.Reason}.");
            return null;
        }
        return new Suggestion(model.Id, best.TypeId, best.Probability, model.IsSure(best.Probability));
    }

    /// <summary>Inside the transaction of the reading; after it, whoever decides about unsure documents learns of one more or one less.</summary>
    internal async Task Keep(AppDbContext db, Guid documentId, Suggestion suggestion, CancellationToken cancel)
    {
        var wasUnsure = suggestion.Sure && await db.Set<Document>().AnyAsync(d => d.Id == documentId && d.TypeId == null && d.SuggestedTypeId != null, cancel);
        if (await SuggestionWrites.Write(db, documentId, suggestion, cancel) && (wasUnsure || !suggestion.Sure)) db.AfterCommit(() => changes.Publish(new ClassifierChanged(null)));
    }
}
