using BlazorAdmin.Features.Documents.Duplicates;
using BlazorAdmin.Security;
using BlazorAdmin.Shell;
using BlazorAdmin.Shell.Controls;
using Microsoft.Extensions.Localization;

namespace BlazorAdmin.Features.Documents.Classification;

/// <summary>The commands on types, models, duplicates and versions as a person gives them: question, message, undo, refusal in words.</summary>
public sealed class ClassificationCommands(
    DocumentTypes types, DocumentTyping typing, ClassifierModels models, DuplicateCommands duplicates, DocumentVersions versions, DocumentsService documents,
    Confirmations confirmations, Toasts toasts, IStringLocalizer<ClassificationTexts> texts, ILogger<ClassificationCommands> log)
{
    /// <returns>The problem to show beside the field; null when the command could not be carried out at all.</returns>
    public async Task<TypeProblem?> SaveType(TypeRow? row, string name, string? description)
    {
        TypeProblem? problem = null;
        await Try(async () =>
        {
            problem = row is null ? await types.Add(name, description, CancellationToken.None) : await types.Change(row.Id, row.Version, name, description, CancellationToken.None);
            if (problem == TypeProblem.None) toasts.Done(texts["TypeSaved", name.Trim()]);
        });
        return problem;
    }

    public async Task MergeType(TypeRow row, TypeChoice into)
    {
        if (!await confirmations.Ask(new Confirmation(texts["MergeTitle", row.Name, into.Name], texts["MergeText"], texts["Merge"]) { Facts = [new Fact(texts["Documents"], row.Documents.Count.ToString("N0") + (row.Documents.More ? "+" : ""))] })) return;
        await Try(async () => Say(await types.Merge(row.Id, row.Version, into.Id, CancellationToken.None), texts["TypeMerged", row.Name, into.Name]));
    }

    public async Task DeleteType(TypeRow row)
    {
        if (!await confirmations.Ask(new Confirmation(texts["DeleteTypeTitle", row.Name], texts["DeleteTypeText"], texts["Delete"]))) return;
        await Try(async () => Say(await types.Delete(row.Id, row.Version, CancellationToken.None), texts["TypeDeleted", row.Name]));
    }

    /// <returns>Whether the document has the type now.</returns>
    public async Task<bool> SetType(Guid documentId, Guid? typeId)
    {
        var done = false;
        await Try(async () =>
        {
            done = (await typing.Set([documentId], typeId, CancellationToken.None)).Count > 0;
            if (!done) toasts.Show(Tone.Warn, texts["NothingChanged"]);
        });
        return done;
    }

    public Task Train() => Try(async () => Say(await models.Train(CancellationToken.None), texts["TrainingBegun"]));

    public Task CancelTraining(ModelRow row) => Try(async () => Say(await models.Cancel(row.Id, CancellationToken.None), texts["TrainingStopped"]));

    public Task Activate(ModelRow row) => Try(async () => Say(await models.Activate(row.Id, CancellationToken.None), texts["ModelActivated", row.Number]));

    public async Task DeleteModel(ModelRow row)
    {
        if (!await confirmations.Ask(new Confirmation(texts["DeleteModelTitle", row.Number], texts["DeleteModelText"], texts["Delete"]))) return;
        await Try(async () => Say(await models.Delete(row.Id, CancellationToken.None), texts["ModelDeleted", row.Number]));
    }

    public Task SetThreshold(ModelRow row, double threshold) => Try(async () => Say(await models.SetThreshold(row.Id, threshold, CancellationToken.None), texts["ThresholdSet"]));

    public Task Keep(Guid id, SimilarDocument other) => Try(async () =>
    {
        var result = await duplicates.Keep(id, other.Id, CancellationToken.None);
        if (result == DuplicateResult.Done) toasts.Done(texts["BothKept"], undo: () => Try(() => duplicates.Unkeep(id, other.Id, CancellationToken.None)));
        else toasts.Show(Tone.Warn, texts["NothingChanged"]);
    });

    public async Task Join(Guid id, string name, SimilarDocument other)
    {
        if (!await confirmations.Ask(new Confirmation(texts["JoinTitle", name, other.Name], texts["JoinText"], texts["Join"]) { Danger = false })) return;
        await Try(async () =>
        {
            var result = await duplicates.Join(id, other.Id, CancellationToken.None);
            if (result is { Result: DuplicateResult.Done, Undo: { } undo }) toasts.Done(texts["Joined", name, other.Name], undo: () => TakeBack(undo));
            else toasts.Show(Tone.Warn, texts["NothingChanged"]);
        });
    }

    public Task Discard(Guid id, string name) => Try(async () =>
    {
        var deleted = await documents.Delete([id], CancellationToken.None);
        if (deleted.Count > 0) toasts.Done(texts["Binned", name], undo: () => Try(() => documents.Restore(deleted, CancellationToken.None)));
        else toasts.Show(Tone.Warn, texts["NothingChanged"]);
    });

    public Task Split(DocumentVersionRow row) => Try(async () => Say(await duplicates.Split(row.Id, andLater: false, CancellationToken.None), texts["SplitOff", row.Name]));

    public Task MakeLatest(DocumentVersionRow row) => Try(async () => Say(await versions.MakeLatest(row.Id, CancellationToken.None), texts["MadeLatest", row.Name]));

    private Task TakeBack(JoinUndo undo) => Try(async () =>
    {
        if (await duplicates.TakeBack(undo, CancellationToken.None) != DuplicateResult.Done) toasts.Show(Tone.Warn, texts["NothingChanged"]);
    });

    private void Say(TypeProblem problem, string done)
    {
        if (problem == TypeProblem.None) toasts.Done(done);
        else toasts.Show(Tone.Warn, texts[$"Problem{problem}"]);
    }

    private void Say(ModelResult result, string done)
    {
        if (result == ModelResult.Done) toasts.Done(done);
        else toasts.Show(Tone.Warn, texts[$"Model{result}"]);
    }

    private void Say(DuplicateResult result, string done)
    {
        if (result == DuplicateResult.Done) toasts.Done(done);
        else toasts.Show(Tone.Warn, texts["NothingChanged"]);
    }

    private async Task Try(Func<Task> command)
    {
        try
        {
            await command();
        }
        catch (ForbiddenException)
        {
            toasts.Failed(texts["NotAllowed"]);
        }
        catch (Exception exception)
        {
            var reference = ErrorReference.New();
            ClassificationLog.CommandFailed(log, exception, reference);
            toasts.Failed(texts["Failed", reference]);
        }
    }
}
