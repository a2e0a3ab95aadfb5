using System.Text.Json;
using BlazorAdmin.Data;
using BlazorAdmin.Features.Documents.Classification;
using BlazorAdmin.Features.Documents.Collections;
using BlazorAdmin.Features.Documents.Duplicates;
using BlazorAdmin.Features.Documents.Extraction;
using BlazorAdmin.Features.Documents.Reading;
using BlazorAdmin.Features.Documents.Storage;
using BlazorAdmin.Features.Jobs;
using BlazorAdmin.Features.Notifications;
using BlazorAdmin.Live;
using BlazorAdmin.Security;
using Microsoft.Extensions.Options;

namespace BlazorAdmin.Features.Documents;

/// <summary>
/// Runs a reading. Every step is recorded as it ends, so a run after a crash goes on where the last one stopped; a document that
/// cannot be read is a result of the job, not its failure.
/// </summary>
public sealed class ReadDocumentHandler(
    IDbContextFactory<AppDbContext> databases, IContentStore store, ReadingTools tools, DocumentReader reader, DocumentExtraction extraction, IOptionsMonitor<ReadingOptions> options,
    NodeInfo node, TimeProvider time, Topic<DocumentChanged> changes, ILogger<ReadDocumentHandler> log, ClassifyReading? classify = null) : IJobHandler<ReadDocument>
{
    private const int PagesPerSave = 200;
    private static readonly TimeSpan TellAfter = TimeSpan.FromSeconds(30);
    private static readonly SketchStep Sketching = new();

    public async Task RunAsync(ReadDocument arguments, JobContext job, CancellationToken cancellation)
    {
        var writes = new DocumentWrites(databases, changes, arguments);
        if (await writes.Begin(time.GetUtcNow(), cancellation) is not { } document)
        {
            await Leave(job, cancellation);
            return;
        }

        if (!store.Contains(document.Sha256))
        {
            DocumentsLog.ContentMissing(log, document.Sha256);
            throw new JobFailedException("The stored file is missing.");
        }

        var runner = await tools.Runner(cancellation);
        Documents.Reading.Reading reading;
        byte[]? signature = null;
        Suggestion? suggestion = null;
        StoredContent? searchable = null;
        var wanted = options.CurrentValue.WithLanguages(await LanguagesOf(document, cancellation));
        await using (var progress = new ReadingProgress(writes, arguments, changes, job, time))
        using (var folder = WorkFolder.Create(tools.WorkRoot))
        using (var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation, progress.Unwanted))
        {
            var context = new StepContext(folder, wanted, runner, progress, job.Info);
            var journal = new DocumentJournal(databases, node, document.Id, document.TenantId, arguments.Revision);
            try
            {
                reading = await reader.Read(new DocumentSource(store.PathOf(document.Sha256), document.Name), context, journal, stop.Token);
                searchable = await Keep(reading, wanted, job, stop.Token);
                if (reading.Outcome == ReadOutcome.Ready)
                {
                    var sketched = await Sketching.Run(new SketchInput(reading.Pages.Count, [.. reading.Pages.Select(page => page.Text)]), context, stop.Token);
                    signature = sketched.Output?.Signature;
                    if (classify is not null) suggestion = await classify.Suggest(document, reading.Pages, reader, context, journal, stop.Token);
                }
            }
            catch (OperationCanceledException) when (progress.Unwanted.IsCancellationRequested && !cancellation.IsCancellationRequested)
            {
                await Forget(document, [.. new[] { searchable?.Sha256 }.OfType<string>()], cancellation);
                await Leave(job, cancellation);
                return;
            }
        }

        job.Info($"{reading.Outcome}{(reading.Reason is null ? "" : $" ({reading.Reason.Key})")}, {reading.Pages.Count} pages");
        // The machine's fault, not the file's: the next attempt may find the tool or the disk again.
        var failed = reading.Outcome == ReadOutcome.Failed;
        if (failed && !job.IsLastAttempt) throw new IOException($"Reading failed: {reading.Reason?.Key}.");
        var attached = await DocumentAttachments.Store(databases, store, document, reading, options.CurrentValue, job, cancellation);
        if (!await Save(document, reading, new Parts(attached, signature, suggestion, searchable), writes, job, cancellation))
        {
            await Forget(document, [.. attached.Select(one => one.Sha256), .. new[] { searchable?.Sha256 }.OfType<string>()], cancellation);
            await Leave(job, cancellation);
            return;
        }
        if (failed) throw new JobFailedException($"Reading failed: {reading.Reason?.Key}.");
        job.Progress(100);
    }

    /// <summary>Ends a reading that nobody wants. That of a stopped document ends by the cancel of its job, which is on its way.</summary>
    private async Task Leave(JobContext job, CancellationToken cancellation)
    {
        await using (var db = await databases.CreateDbContextAsync(cancellation))
            if (await db.Set<Job>().AnyAsync(j => j.Id == job.JobId && j.CancelRequested, cancellation))
                await Task.Delay(Timeout.InfiniteTimeSpan, time, cancellation);
        job.Info("The document was deleted, or another reading of it was asked for.");
    }

    /// <returns>False when the reading was overtaken; then nothing is kept.</returns>
    private async Task<bool> Save(Document document, Documents.Reading.Reading reading, Parts parts, DocumentWrites writes, JobContext job, CancellationToken cancellation)
    {
        await using var db = await databases.CreateDbContextAsync(cancellation);
        await using var transaction = await db.Database.BeginTransactionAsync(cancellation);
        // Nothing of an overtaken reading is kept. First of all, as corrections do: of two that write the pages one waits for the other.
        if (!await writes.End(db, reading, parts.Searchable, time.GetUtcNow(), cancellation)) return false;
        await db.Set<DocumentPage>().Where(page => page.DocumentId == document.Id).ExecuteDeleteAsync(cancellation);
        var corrected = await CorrectedPages.Keep(db, document.Id, reading.Pages, cancellation);
        foreach (var pages in reading.Pages.Chunk(PagesPerSave))
        {
            db.AddRange(pages.Select(page => Page(document, page, corrected.GetValueOrDefault(page.Number, page.Text), reading.Warnings.FirstOrDefault(warning => warning.Page == page.Number))));
            await db.SaveChangesAsync(cancellation);
            db.ChangeTracker.Clear();
        }
        Notify(db, document, reading);
        if (document.SearchableSha256 is { } former && former != parts.Searchable?.Sha256) db.EraseUnused(document.TenantId, [former], time.GetUtcNow());
        await db.SaveChangesAsync(cancellation);
        await DocumentAttachments.Add(db, document, parts.Attached, node, time.GetUtcNow(), changes, cancellation);
        await SketchWrites.Replace(db, document.Id, document.TenantId, parts.Signature, cancellation);
        if (classify is not null && parts.Suggestion is not null) await classify.Keep(db, document.Id, parts.Suggestion, cancellation);
        // Last: which rules apply depends on the type.
        foreach (var warning in await extraction.Apply(db, document.Id, cancellation)) job.Warn($"{warning}");
        await transaction.CommitAsync(cancellation);
        return true;
    }

    /// <summary>Puts the searchable PDF into the store. A reading without one is a reading all the same.</summary>
    private async Task<StoredContent?> Keep(Documents.Reading.Reading reading, ReadingOptions limits, JobContext job, CancellationToken cancellation)
    {
        if (reading.Searchable is not { } file) return null;
        try
        {
            await using var content = File.OpenRead(file.Path);
            return await store.Save(content, limits.MaxFileBytes, cancellation);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException or ContentTooLargeException)
        {
            job.Warn($"The searchable PDF was not kept: {fault.Message}");
            return null;
        }
    }

    private async Task<string?> LanguagesOf(Document document, CancellationToken cancellation)
    {
        if (document.CollectionId is not { } id) return null;
        await using var db = await databases.CreateDbContextAsync(cancellation);
        return await db.Set<Collection>().Where(collection => collection.Id == id).Select(collection => collection.Languages).SingleOrDefaultAsync(cancellation);
    }

    /// <summary>Has the bytes of a searchable PDF removed that no document took.</summary>
    private async Task Forget(Document document, IReadOnlyList<string> contents, CancellationToken cancellation)
    {
        if (contents.Count == 0) return;
        await using var db = await databases.CreateDbContextAsync(cancellation);
        db.EraseUnused(document.TenantId, contents, time.GetUtcNow());
        await db.SaveChangesAsync(cancellation);
    }

    /// <summary>Tells the owner what needs them, and what took so long that they have turned away.</summary>
    private void Notify(AppDbContext db, Document document, Documents.Reading.Reading reading)
    {
        var took = time.GetUtcNow() - (document.ReadStartedAt ?? time.GetUtcNow());
        var problem = reading.Outcome != ReadOutcome.Ready;
        if (!problem && took < TellAfter) return;
        var text = problem ? NotificationText.Of<DocumentsTexts>("NotifyProblem", reading.Reason is { Arguments.Length: 0 } reason ? reason.Key : null, document.Name) : NotificationText.Of<DocumentsTexts>("NotifyReady", null, document.Name);
        db.Notify(Caller.Portal with { TenantId = document.TenantId }, Audience.Person(document.OwnerId), problem ? "documents.problem" : "documents.ready",
            problem ? NotificationLevel.Warning : NotificationLevel.Ok, text, $"/documents?item={document.Id}");
    }

    private static DocumentPage Page(Document document, PageText page, string text, ReadWarning? warning) => new()
    {
        DocumentId = document.Id,
        TenantId = document.TenantId,
        Number = page.Number,
        Text = text,
        Markdown = page.Markdown,
        Origin = page.Origin,
        Confidence = page.Confidence,
        WarningKey = warning?.Reason.Key,
        WarningArguments = warning is null ? null : JsonSerializer.Serialize(warning.Reason.Arguments),
    };

    /// <summary>What a reading brings beside the pages; it commits with them.</summary>
    private sealed record Parts(IReadOnlyList<StoredAttachment> Attached, byte[]? Signature, Suggestion? Suggestion, StoredContent? Searchable);
}
