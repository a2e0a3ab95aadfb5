using BlazorAdmin.Security;
using BlazorAdmin.Shell;
using BlazorAdmin.Shell.Controls;
using BlazorAdmin.Shell.Lists;
using Microsoft.Extensions.Localization;

namespace BlazorAdmin.Features.Jobs;

/// <summary>What the buttons of the Jobs tab do: ask where it matters, carry out, say what came of it.</summary>
public sealed class JobActions(JobsService jobs, Confirmations confirmations, Toasts toasts, IStringLocalizer<JobsTexts> texts, ILogger<JobActions> log)
{
    public async Task CancelAsync(JobItem job)
    {
        var named = job.Subject is null ? job.Type : $"{job.Type} ({job.Subject})";
        if (!await confirmations.Ask(new Confirmation(texts["CancelTitle", job.Id], texts["CancelText", named], texts["CancelJob"]))) return;
        await TryAsync(async () => Say(await jobs.CancelAsync(job.Id), job.Id, "Cancelled"));
    }

    public Task RetryAsync(JobItem job) => TryAsync(async () => Say(await jobs.RetryAsync(job.Id), job.Id, "Retried"));

    /// <returns>False if the person thought better of it, or it failed.</returns>
    public async Task<bool> CancelAsync(ListSelection selection)
    {
        var question = new Confirmation(texts.Count("CancelManyTitle", selection.Count), texts["CancelManyText"], texts.Count("CancelCount", selection.Count));
        return await confirmations.Ask(question) && await TryAsync(async () => toasts.Done(texts.Count("CancelledMany", await jobs.CancelAsync(selection))));
    }

    /// <returns>False if the person thought better of it, or it failed.</returns>
    public async Task<bool> RetryAsync(ListSelection selection)
    {
        var question = new Confirmation(texts.Count("RetryManyTitle", selection.Count), texts["RetryManyText"], texts.Count("RetryCount", selection.Count)) { Danger = false };
        return await confirmations.Ask(question) && await TryAsync(async () => toasts.Done(texts.Count("RetriedMany", await jobs.RetryAsync(selection))));
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
