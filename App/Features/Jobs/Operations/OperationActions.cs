using BlazorAdmin.Features.Jobs.Rules;
using BlazorAdmin.Security;
using BlazorAdmin.Shell;
using BlazorAdmin.Shell.Controls;
using Microsoft.Extensions.Localization;

namespace BlazorAdmin.Features.Jobs.Operations;

/// <summary>What the buttons of the queue and worker pages do: ask where it matters, carry out, say what came of it.</summary>
public sealed class OperationActions(
    JobRulesService rules, WorkersService workers, Confirmations confirmations, Toasts toasts, IStringLocalizer<OperationsTexts> texts, ILogger<OperationActions> log)
{
    /// <returns>Null if it failed otherwise than by what was typed; the person knows.</returns>
    public Task<PauseResult?> PauseAsync(PauseScope scope, string name, string reason, DateTimeOffset? until) => TryAsync(async () =>
    {
        var result = await rules.PauseAsync(scope, name, reason, until);
        if (result.Outcome != RuleOutcome.Invalid) Say(result.Outcome, texts["PausedDone", name]);
        return result;
    });

    public Task ResumeAsync(PauseScope scope, string name) => TryAsync(async () =>
    {
        var outcome = await rules.ResumeAsync(scope, name);
        if (outcome == RuleOutcome.NotFound) toasts.Show(Tone.Warn, texts["NotPaused", name]);
        else Say(outcome, texts["ResumedDone", name]);
        return outcome.ToString();
    });

    /// <returns>Null if it failed otherwise than by what was typed; the person knows.</returns>
    public Task<RulesResult?> SaveRulesAsync(RulesView view, RuleDraft draft) => TryAsync(async () =>
    {
        var result = await rules.SaveRulesAsync(view.Type, draft, view.Seen);
        if (result.Outcome != RuleOutcome.Invalid) Say(result.Outcome, texts["RulesSaved", view.Type]);
        return result;
    });

    /// <returns>Null if the person thought better of it, or it failed.</returns>
    public async Task<RulesResult?> ResetRulesAsync(RulesView view) =>
        await confirmations.Ask(new Confirmation(texts["ResetTitle", view.Type], texts["ResetText"], texts["ResetAll"])) ? await SaveRulesAsync(view, new RuleDraft()) : null;

    /// <summary>Drains a node or takes it up again; the toast takes it back.</summary>
    public Task DrainAsync(string node, bool draining) => TryAsync(async () =>
    {
        var outcome = await workers.DrainAsync(node, draining);
        if (outcome == WorkerOutcome.Done) toasts.Done(texts[draining ? "DrainDone" : "TakeUpDone", node], () => DrainAsync(node, !draining));
        else toasts.Show(Tone.Warn, texts["WorkerGone", node]);
        return outcome.ToString();
    });

    public async Task RemoveAsync(string node)
    {
        if (!await confirmations.Ask(new Confirmation(texts["RemoveTitle", node], texts["RemoveText"], texts["Remove"]))) return;
        await TryAsync(async () =>
        {
            var outcome = await workers.RemoveAsync(node);
            if (outcome == WorkerOutcome.Done) toasts.Done(texts["RemoveDone", node]);
            else toasts.Show(Tone.Warn, texts[outcome == WorkerOutcome.Alive ? "WorkerAlive" : "WorkerGone", node]);
            return outcome.ToString();
        });
    }

    private void Say(RuleOutcome outcome, string done)
    {
        switch (outcome)
        {
            case RuleOutcome.Done: toasts.Done(done); break;
            case RuleOutcome.Changed: toasts.Show(Tone.Warn, texts["ChangedMeanwhile"]); break;
            default: toasts.Show(Tone.Warn, texts["NoSuchName"]); break;
        }
    }

    private async Task<T?> TryAsync<T>(Func<Task<T>> command) where T : class
    {
        try
        {
            return await command();
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

        return null;
    }
}
