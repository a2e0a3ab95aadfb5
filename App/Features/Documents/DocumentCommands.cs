using BlazorAdmin.Features.Documents.Extraction;
using BlazorAdmin.Security;
using BlazorAdmin.Shell;
using BlazorAdmin.Shell.Controls;
using BlazorAdmin.Shell.Lists;
using Microsoft.Extensions.Localization;

namespace BlazorAdmin.Features.Documents;

/// <summary>A document somebody acts on.</summary>
/// <param name="Name">Null when it is not on screen.</param>
public sealed record PickedDocument(Guid Id, string? Name);

/// <summary>The commands as a person gives them: with question, message, undo and refusal in words.</summary>
public sealed class DocumentCommands(DocumentsService documents, DocumentBulk bulk, DocumentCorrections corrections, Confirmations confirmations, Toasts toasts, IStringLocalizer<DocumentsTexts> texts, ILogger<DocumentCommands> log)
{
    /// <returns>Whether it was done.</returns>
    public async Task<bool> Delete(IReadOnlyList<PickedDocument> picked)
    {
        if (picked.Count == 0 || IsTooMany(picked)) return false;
        var title = picked is [{ Name: { } name }] ? texts["DeleteNamed", name] : texts.Count("DeleteCount", picked.Count);
        if (!await confirmations.Ask(new Confirmation(title, texts["DeleteEffect"], texts["Delete"]))) return false;
        return await Try(async () =>
        {
            var deleted = await documents.Delete([.. picked.Select(one => one.Id)], CancellationToken.None);
            if (deleted.Count == 0) toasts.Show(Tone.Warn, texts["NothingChanged"]);
            else toasts.Done(texts.Count("Deleted", deleted.Count), undo: () => Try(() => documents.Restore(deleted, CancellationToken.None)));
        });
    }

    /// <returns>Whether it was done.</returns>
    public async Task<bool> ReadAgain(IReadOnlyList<PickedDocument> picked)
    {
        if (picked.Count == 0 || IsTooMany(picked)) return false;
        return await Try(async () =>
        {
            var again = await documents.ReadAgain([.. picked.Select(one => one.Id)], CancellationToken.None);
            if (again.Count == 0) toasts.Show(Tone.Warn, texts["NothingChanged"]);
            else toasts.Done(texts.Count("ReadingAgain", again.Count));
        });
    }

    /// <summary>Has entities, fields and type looked for anew in the text as it is.</summary>
    /// <returns>Whether it was begun.</returns>
    public async Task<bool> FindAgain(IReadOnlyList<PickedDocument> picked)
    {
        if (picked.Count == 0 || IsTooMany(picked)) return false;
        return await Try(async () =>
        {
            var count = await corrections.ExtractAgain([.. picked.Select(one => one.Id)], CancellationToken.None);
            if (count == 0) toasts.Show(Tone.Warn, texts["NothingChanged"]);
            else toasts.Done(texts.Count("FindingAgain", count));
        });
    }

    /// <summary>For more documents than <see cref="DocumentsService.LargestCommand"/>: a job carries it out.</summary>
    /// <returns>Whether it was begun.</returns>
    public async Task<bool> Start(DocumentCommand command, DocumentScope scope, ListSelection selection)
    {
        var question = command switch
        {
            DocumentCommand.Delete => new Confirmation(texts.Count("DeleteCount", selection.Count), texts["DeleteManyEffect"], texts["Delete"]),
            DocumentCommand.FindAgain => new Confirmation(texts.Count("FindAgainCount", selection.Count), texts["FindAgainEffect"], texts["FindAgain"]) { Danger = false },
            _ => new Confirmation(texts.Count("ReadAgainCount", selection.Count), texts["ReadAgainEffect"], texts["ReadAgain"]) { Danger = false },
        };
        if (!await confirmations.Ask(question)) return false;
        return await Try(async () =>
        {
            var count = await bulk.Start(command, scope, selection.Query, CancellationToken.None);
            if (count == 0) toasts.Show(Tone.Warn, texts["NothingChanged"]);
            else toasts.Done(texts.Count("BulkStarted", count));
        });
    }

    /// <returns>Whether it was done.</returns>
    public Task<bool> Stop(PickedDocument picked) => Try(async () =>
    {
        var stopped = await documents.Stop([picked.Id], CancellationToken.None);
        if (stopped.Count == 0) toasts.Show(Tone.Warn, texts["NothingChanged"]);
        else toasts.Done(texts["StoppedReading"]);
    });

    private bool IsTooMany(IReadOnlyList<PickedDocument> picked)
    {
        if (picked.Count <= DocumentsService.LargestCommand) return false;
        toasts.Failed(texts["TooManyPicked", DocumentsService.LargestCommand]);
        return true;
    }

    private async Task<bool> Try(Func<Task> command)
    {
        try
        {
            await command();
            return true;
        }
        catch (ForbiddenException)
        {
            toasts.Failed(texts["NotAllowed"]);
            return false;
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            var reference = ErrorReference.New();
            DocumentsLog.CommandFailed(log, exception, reference);
            toasts.Failed(texts["CommandFailed", reference]);
            return false;
        }
    }
}
