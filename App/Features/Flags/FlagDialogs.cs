using BlazorAdmin.Security;
using BlazorAdmin.Shell;
using BlazorAdmin.Shell.Controls;
using BlazorAdmin.Shell.Lists;
using Microsoft.Extensions.Localization;

namespace BlazorAdmin.Features.Flags;

/// <summary>The commands as a person gives them: question, message, undo, refusal in words.</summary>
public sealed class FlagDialogs(FlagsService flags, FlagDirectory directory, Confirmations confirmations, Toasts toasts, IStringLocalizer<FlagsTexts> texts, ILogger<FlagDialogs> log)
{
    /// <summary>Switches one flag, off only after a question that says what is given then.</summary>
    public async Task SwitchAsync(FlagRow row, bool on)
    {
        var given = on ? FlagWords.Gives(texts, row with { Enabled = true }) : texts["GivesAll", row.Definition?.Off ?? FlagDefinition.OffName];
        var question = new Confirmation(texts[on ? "OnTitle" : "OffTitle", row.Key], texts[on ? "OnText" : "OffText", given], texts[on ? "SwitchOn" : "SwitchOff"]) { Danger = !on };
        if (await confirmations.Ask(question)) await SwitchAsync([row.Id], on, row.Key);
    }

    /// <returns>Whether it was done.</returns>
    public async Task<bool> SwitchAsync(ListSelection selection, bool on)
    {
        var question = new Confirmation(texts.Count(on ? "OnCount" : "OffCount", selection.Count), texts[on ? "OnManyText" : "OffManyText"], texts[on ? "SwitchOn" : "SwitchOff"]) { Danger = !on };
        return await confirmations.Ask(question) && await SwitchAsync(await IdsAsync(selection), on, null);
    }

    public async Task ArchiveAsync(FlagRow row)
    {
        if (await confirmations.Ask(new Confirmation(texts["ArchiveTitle", row.Key], texts[row.IsDeclared ? "ArchiveDeclaredText" : "ArchiveText"], texts["Archive"]))) await ArchiveAsync([row.Id], row.Key);
    }

    /// <returns>Whether it was done.</returns>
    public async Task<bool> ArchiveAsync(ListSelection selection) =>
        await confirmations.Ask(new Confirmation(texts.Count("ArchiveCount", selection.Count), texts["ArchiveText"], texts["Archive"])) && await ArchiveAsync(await IdsAsync(selection), null);

    /// <returns>Whether it was done.</returns>
    public async Task<bool> UnarchiveAsync(ListSelection selection) => await UnarchiveAsync(await IdsAsync(selection), null);

    public Task<bool> UnarchiveAsync(IReadOnlyList<Guid> ids, string? key) => TryAsync(async () =>
    {
        var result = await flags.UnarchiveAsync(ids, CancellationToken.None);
        if (result.Changed.Count == 0) toasts.Show(Tone.Warn, texts["NothingChanged"]);
        else toasts.Done(Said("Unarchived", key, result.Changed.Count), undo: () => TryAsync(() => flags.ArchiveAsync(result.Changed, CancellationToken.None)));
    });

    /// <returns>Whether it was done.</returns>
    public async Task<bool> DeleteAsync(FlagRow row)
    {
        var question = new Confirmation(texts["DeleteTitle", row.Key], texts["DeleteText"], texts["Delete"]) { TypeToConfirm = row.Key };
        if (!await confirmations.Ask(question)) return false;
        var isDone = false;
        await TryAsync(async () =>
        {
            var result = await flags.DeleteAsync(row.Id, CancellationToken.None);
            isDone = result.Outcome == FlagOutcome.Done;
            if (isDone) toasts.Done(texts["Deleted", row.Key]);
            else toasts.Show(Tone.Warn, Describe(result));
        });
        return isDone;
    }

    public string Describe(FlagResult result) => result.Issues is [var first, ..] ? FlagWords.Issue(texts, first) : texts[$"Outcome{result.Outcome}", result.Version];

    public void Done(string text) => toasts.Done(text);

    public void Warn(string text) => toasts.Show(Tone.Warn, text);

    /// <summary>Carries out a command; a refusal or failure becomes a message.</summary>
    /// <returns>False if it did not come to its end.</returns>
    public async Task<bool> TryAsync(Func<Task> command)
    {
        try
        {
            await command();
            return true;
        }
        catch (ForbiddenException)
        {
            toasts.Failed(texts["Forbidden"]);
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            var reference = ErrorReference.New();
            FlagsLog.CommandFailed(log, exception, reference);
            toasts.Failed(texts["Failed", reference]);
        }

        return false;
    }

    private Task<bool> SwitchAsync(IReadOnlyList<Guid> ids, bool on, string? key) => TryAsync(async () =>
    {
        var result = await flags.SwitchAsync(ids, on, null, CancellationToken.None);
        if (result.Proposed.Count > 0) toasts.Done(texts["ProposedKeys", string.Join(", ", result.Proposed)]);
        if (result.Guarded.Count > 0) toasts.Show(Tone.Warn, texts["ProposalWaitsKeys", string.Join(", ", result.Guarded)]);
        if (result.Changed.Count == 0 && result.Proposed.Count + result.Guarded.Count == 0) toasts.Show(Tone.Warn, texts["NothingChanged"]);
        else if (result.Changed.Count > 0) toasts.Done(Said(on ? "SwitchedOn" : "SwitchedOff", key, result.Changed.Count), undo: () => TryAsync(() => flags.SwitchAsync(result.Changed, !on, texts["UndoNote"], CancellationToken.None)));
    });

    private Task<bool> ArchiveAsync(IReadOnlyList<Guid> ids, string? key) => TryAsync(async () =>
    {
        var result = await flags.ArchiveAsync(ids, CancellationToken.None);
        if (result.Changed.Count > 0) toasts.Done(Said("Archived", key, result.Changed.Count), undo: () => TryAsync(() => flags.UnarchiveAsync(result.Changed, CancellationToken.None)));
        else if (result.Needed.Count + result.Guarded.Count == 0) toasts.Show(Tone.Warn, texts["NothingChanged"]);
        if (result.Guarded.Count > 0) toasts.Show(Tone.Warn, texts["StayGuarded", string.Join(", ", result.Guarded)]);
        if (result.Needed.Count > 0) toasts.Show(Tone.Warn, texts["StayNeeded", string.Join(", ", result.Needed)]);
    });

    private string Said(string text, string? key, int count) => key is null ? texts.Count(text, count) : texts[$"{text}Named", key];

    private async Task<IReadOnlyList<Guid>> IdsAsync(ListSelection selection) => selection.AllThatMatch
        ? [.. (await directory.AllAsync(selection.Query, CancellationToken.None)).Select(row => row.Id)]
        : [.. selection.Ids.Select(Guid.Parse)];
}
