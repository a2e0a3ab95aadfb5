using BlazorAdmin.Features.Jobs.Bulk;
using BlazorAdmin.Features.Jobs.Editing;
using BlazorAdmin.Security;
using BlazorAdmin.Shell;
using BlazorAdmin.Shell.Controls;
using BlazorAdmin.Shell.Lists;
using Microsoft.Extensions.Localization;

namespace BlazorAdmin.Features.Jobs;

/// <summary>What the buttons of the Jobs tab do: ask where it matters, carry out, say what came of it.</summary>
public sealed class JobActions(JobsService jobs, BulkService bulk, IEnumerable<IUndoableJobs> undoable, JobEditing editing, Confirmations confirmations, Toasts toasts, IStringLocalizer<JobsTexts> texts, ILogger<JobActions> log)
{
    public async Task CancelAsync(JobItem job)
    {
        var named = job.Subject is null ? job.Type : $"{job.Type} ({job.Subject})";
        if (!await confirmations.Ask(new Confirmation(texts["CancelTitle", job.Id], texts["CancelText", named], texts["CancelJob"]))) return;
        await TryAsync(async () => Say(await jobs.CancelAsync(job.Id), job.Id, "Cancelled"));
    }

    public Task RetryAsync(JobItem job) => TryAsync(async () => Say(await jobs.RetryAsync(job.Id), job.Id, "Retried"));

    public Task DiscardAsync(JobItem job) => TryAsync(async () =>
    {
        var result = await jobs.DiscardAsync(job.Id);
        if (result == JobCommandResult.Done) toasts.Done(texts["Discarded", job.Id], () => UndoAsync(new BulkResult(JobAction.Discard, [new ChangedJob(job.Id, JobState.Failed)], null)));
        else Say(result, job.Id, "Discarded");
    });

    /// <returns>The job that runs instead; null if none does.</returns>
    public async Task<long?> RunAgainAsync(JobItem job)
    {
        RunAgainResult? result = null;
        await TryAsync(async () => Say((result = await editing.RunAsync(job.Id, null)).Result, result.JobId, "RunsAsNew"));
        return result is { Result: JobCommandResult.Done } ? result.JobId : null;
    }

    /// <returns>False if the person thought better of it, or it failed.</returns>
    public async Task<bool> DoAsync(JobAction action, ListSelection selection)
    {
        var question = new Confirmation(texts.Count($"{action}ManyTitle", selection.Count), texts[$"{action}ManyText"], texts.Count($"{action}Count", selection.Count)) { Danger = action != JobAction.Retry };
        return await confirmations.Ask(question) && await TryAsync(async () => Say(await bulk.DoAsync(action, selection)));
    }

    /// <summary>Takes a command on many things back.</summary>
    /// <param name="type">Of the job that carried it out.</param>
    public Task UndoAsync(long bulkId, string type = BulkJobs.Name) => TryAsync(async () =>
    {
        if (undoable.FirstOrDefault(u => u.Type == type) is { } kind && await kind.UndoAsync(bulkId) is { } undo) toasts.Show(Tone.Ok, texts["UndoStarted", undo], null, texts["BulkOpen"], $"/admin/jobs?item={undo}");
        else toasts.Show(Tone.Warn, texts["UndoNot"]);
    });

    private Task UndoAsync(BulkResult result) => TryAsync(async () => toasts.Done(texts.Count("Undone", await bulk.UndoAsync(result))));

    private void Say(BulkResult result)
    {
        if (result.BulkId is { } id)
        {
            toasts.Show(Tone.Ok, texts["BulkStarted", id], () => UndoAsync(id), texts["BulkOpen"], $"/admin/jobs?item={id}");
            return;
        }

        var done = result.Action switch { JobAction.Retry => "RetriedMany", JobAction.Cancel => "CancelledMany", _ => "DiscardedMany" };
        toasts.Done(texts.Count(done, result.Changed.Count), result.Changed.Any(c => c.Before is not (JobState.Running or JobState.Waiting)) ? () => UndoAsync(result) : null);
    }

    private void Say(JobCommandResult result, long id, string done)
    {
        switch (result)
        {
            case JobCommandResult.Done: toasts.Done(texts[done, id]); break;
            case JobCommandResult.Requested: toasts.Done(texts["CancelRequested", id]); break;
            case JobCommandResult.NotFound: toasts.Show(Tone.Warn, texts["NotFound", id]); break;
            default: toasts.Show(Tone.Warn, texts["NotPossible", id]); break;
        }
    }

    private async Task<bool> TryAsync(Func<Task> command)
    {
        try
        {
            await command();
            return true;
        }
        catch (ForbiddenException)
        {
            toasts.Failed(texts["CommandForbidden"]);
        }
        catch (Exception exception)
        {
            var reference = ErrorReference.New();
            JobsLog.CommandFailed(log, exception, reference);
            toasts.Failed(texts["CommandFailed", reference]);
        }

        return false;
    }
}
