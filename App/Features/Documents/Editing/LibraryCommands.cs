using BlazorAdmin.Features.Documents.Bin;
using BlazorAdmin.Security;
using BlazorAdmin.Shell;
using BlazorAdmin.Shell.Controls;
using BlazorAdmin.Shell.Lists;
using Microsoft.Extensions.Localization;

namespace BlazorAdmin.Features.Documents.Editing;

/// <summary>Editing, bringing back and erasing as a person asks for them: with question, message, undo and refusal in words.</summary>
public sealed class LibraryCommands(
    DocumentEditing editing, DocumentBulk bulk, DocumentsService documents, BinService bin, Confirmations confirmations, Toasts toasts, IStringLocalizer<LibraryTexts> texts, ILogger<LibraryCommands> log)
{
    /// <returns>What is wrong with it; <see cref="EditProblem.None"/>: it was done, or refused as a whole with a message.</returns>
    public async Task<EditProblem> Edit(IReadOnlyList<Guid> ids, DocumentEdit edit)
    {
        var problem = EditProblem.None;
        await Try(async () =>
        {
            var result = await editing.Apply(ids, edit, CancellationToken.None);
            problem = result.Problem;
            if (problem != EditProblem.None) return;
            if (result.Changed.Count == 0) toasts.Show(Tone.Warn, texts["NothingEdited"]);
            else toasts.Done(texts.Count("Edited", result.Changed.Count), result.Undo is { } undo ? () => TakeBack(undo) : null);
        });
        return problem;
    }

    /// <summary>For everything that a list's query matches: a job does it.</summary>
    public async Task<EditProblem> EditAll(DocumentScope scope, ListQuery query, DocumentEdit edit)
    {
        var problem = EditProblem.None;
        await Try(async () =>
        {
            problem = await editing.Check(edit, CancellationToken.None);
            if (problem != EditProblem.None) return;
            Started(await bulk.Start(DocumentCommand.Edit, scope, query, CancellationToken.None, edit));
        });
        return problem;
    }

    /// <returns>Whether it was done.</returns>
    public Task<bool> Restore(IReadOnlyList<Guid> ids) => Try(async () =>
    {
        var restored = await documents.Restore(ids, CancellationToken.None);
        if (restored.Count == 0) toasts.Show(Tone.Warn, texts["NothingEdited"]);
        else toasts.Done(texts.Count("Restored", restored.Count));
    });

    /// <returns>Whether it was begun.</returns>
    public Task<bool> RestoreAll(DocumentScope scope, ListQuery query) => Try(async () => Started(await bulk.Start(DocumentCommand.Restore, scope, query, CancellationToken.None)));

    /// <returns>Whether it was done.</returns>
    public async Task<bool> Erase(IReadOnlyList<Guid> ids, string? name)
    {
        var title = name is not null && ids.Count == 1 ? texts["EraseNamed", name].Value : texts.Count("EraseCount", ids.Count);
        if (!await confirmations.Ask(new Confirmation(title, texts["EraseEffect"], texts["EraseNow"]))) return false;
        return await Try(async () =>
        {
            var erased = await bin.Erase(ids, CancellationToken.None);
            if (erased.Count == 0) toasts.Show(Tone.Warn, texts["NothingEdited"]);
            else toasts.Done(texts.Count("Erased", erased.Count));
        });
    }

    /// <summary>Everything in the bin that the query matches, as a job.</summary>
    /// <returns>Whether it was begun.</returns>
    public async Task<bool> EraseAll(DocumentScope scope, ListQuery query, ListTotal count)
    {
        if (!await confirmations.Ask(new Confirmation(texts.Count("EraseCount", count), texts["EraseEffect"], texts["EraseNow"]))) return false;
        return await Try(async () => Started(await bulk.Start(DocumentCommand.Erase, scope, query, CancellationToken.None)));
    }

    /// <summary>Carries out a command; a refusal becomes a message.</summary>
    public async Task<bool> Try(Func<Task> command)
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
            toasts.Failed(texts["Failed", reference]);
            return false;
        }
    }

    private async Task TakeBack(EditUndo undo) => await Try(async () =>
    {
        var count = await editing.TakeBack(undo, CancellationToken.None);
        if (count == 0) toasts.Show(Tone.Warn, texts["NothingEdited"]);
    });

    private void Started(int count)
    {
        if (count == 0) toasts.Show(Tone.Warn, texts["NothingEdited"]);
        else toasts.Done(texts.Count("JobStarted", count));
    }
}
