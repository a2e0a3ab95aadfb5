using System.Text.Json;
using BlazorAdmin.Data;
using BlazorAdmin.Features.Documents.Reading;
using BlazorAdmin.Features.Documents.Storage;
using BlazorAdmin.Live;

namespace BlazorAdmin.Features.Documents;

/// <summary>
/// What a reading writes about its document. Each write names the revision and the states it may come from, so that a run which was
/// overtaken (deleted, read again, cancelled) changes nothing.
/// </summary>
internal sealed class DocumentWrites(IDbContextFactory<AppDbContext> databases, Topic<DocumentChanged> changes, ReadDocument reading)
{
    private Document? _document;

    /// <summary>The document in state Reading, or null when this reading is not wanted any more.</summary>
    public async Task<Document?> Begin(DateTimeOffset now, CancellationToken cancel)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        // From Cancelled and Failed as well: then somebody retried the job itself.
        var begun = await Mine(db).Where(d => d.State != DocumentState.Ready && (d.State != DocumentState.Problem || d.Outcome == ReadOutcome.Failed)).ExecuteUpdateAsync(set => set
            .SetProperty(d => d.State, DocumentState.Reading)
            .SetProperty(d => d.Outcome, (ReadOutcome?)null)
            .SetProperty(d => d.ReasonKey, (string?)null)
            .SetProperty(d => d.ReadEndedAt, (DateTimeOffset?)null)
            .SetProperty(d => d.ReadStartedAt, d => d.ReadStartedAt ?? now)
            .SetProperty(d => d.Version, d => d.Version + 1), cancel);
        if (begun == 0) return null;
        _document = await db.Set<Document>().AsNoTracking().SingleAsync(d => d.Id == reading.DocumentId, cancel);
        Tell(_document.Version);
        return _document;
    }

    /// <summary>False when the reading is not wanted any more: deleted, stopped, or another one was asked for.</summary>
    public async Task<bool> IsWanted(CancellationToken cancel)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        return await Mine(db).AnyAsync(d => d.State == DocumentState.Reading, cancel);
    }

    /// <inheritdoc cref="IsWanted"/>
    public async Task<bool> Progress(StepProgress progress, CancellationToken cancel)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        var arguments = Arguments(progress.Message);
        var written = await Mine(db).Where(d => d.State == DocumentState.Reading).ExecuteUpdateAsync(set => set
            .SetProperty(d => d.Progress, progress.Percent)
            .SetProperty(d => d.ProgressKey, progress.Message.Key)
            .SetProperty(d => d.ProgressArguments, arguments)
            .SetProperty(d => d.Version, d => d.Version + 1), cancel);
        if (written > 0) Tell(0);
        return written > 0;
    }

    /// <summary>Inside the transaction of <paramref name="db"/>; false when the reading was overtaken.</summary>
    public async Task<bool> End(AppDbContext db, Documents.Reading.Reading result, StoredContent? searchable, DateTimeOffset now, CancellationToken cancel)
    {
        var state = result.Outcome == ReadOutcome.Ready ? DocumentState.Ready : DocumentState.Problem;
        var recognised = result.Pages.Where(page => page.Confidence is not null).Select(page => page.Confidence!.Value).ToList();
        var type = result.Inspection?.Type;
        var reasonKey = result.Reason?.Key;
        var reasonArguments = Arguments(result.Reason);
        var pages = result.Pages.Count > 0 ? result.Pages.Count : result.Inspection?.Pages;
        var characters = result.Pages.Sum(page => (long)page.Text.Length);
        double? confidence = recognised.Count == 0 ? null : Math.Round(recognised.Average(), 1);
        var quality = Quality.Of(result);
        var (score, reasons) = (quality?.Score, QualityWords.Store(quality?.Reasons));
        var (searchableSha256, searchableSize) = (searchable?.Sha256, searchable?.Size);
        var written = await Mine(db).Where(d => d.State == DocumentState.Reading).ExecuteUpdateAsync(set => set
            .SetProperty(d => d.State, state)
            .SetProperty(d => d.Quality, score)
            .SetProperty(d => d.QualityReasons, reasons)
            .SetProperty(d => d.SearchableSha256, searchableSha256)
            .SetProperty(d => d.SearchableSize, searchableSize)
            .SetProperty(d => d.Outcome, result.Outcome)
            .SetProperty(d => d.ReasonKey, reasonKey)
            .SetProperty(d => d.ReasonArguments, reasonArguments)
            .SetProperty(d => d.Type, d => type ?? d.Type)
            .SetProperty(d => d.Pages, pages)
            .SetProperty(d => d.Characters, characters)
            .SetProperty(d => d.Confidence, confidence)
            .SetProperty(d => d.Warnings, result.Warnings.Count)
            .SetProperty(d => d.Progress, 100)
            .SetProperty(d => d.ProgressKey, (string?)null)
            .SetProperty(d => d.ProgressArguments, (string?)null)
            .SetProperty(d => d.ReadEndedAt, now)
            .SetProperty(d => d.Version, d => d.Version + 1), cancel);
        if (written == 0) return false;
        var version = await Mine(db).Select(d => d.Version).SingleAsync(cancel);
        db.AfterCommit(() => Tell(version));
        return true;
    }

    internal static string? Arguments(ReadReason? reason) => reason is null || reason.Arguments.Length == 0 ? null : JsonSerializer.Serialize(reason.Arguments);

    private IQueryable<Document> Mine(AppDbContext db) => db.Set<Document>().Where(d => d.Id == reading.DocumentId && d.Revision == reading.Revision && d.DeletedAt == null);

    private void Tell(int version) => changes.Publish(new DocumentChanged(reading.DocumentId, _document!.OwnerId, version));
}
