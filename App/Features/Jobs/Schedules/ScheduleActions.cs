using BlazorAdmin.Security;
using BlazorAdmin.Shell;
using BlazorAdmin.Shell.Controls;
using Microsoft.Extensions.Localization;

namespace BlazorAdmin.Features.Jobs.Schedules;

/// <summary>What the buttons of the Schedules tab do: ask where it matters, carry out, say what came of it.</summary>
internal sealed class ScheduleActions(
    ScheduleCommands commands, HolidayCalendars calendars, Confirmations confirmations, Toasts toasts, IStringLocalizer<SchedulesTexts> texts, ILogger<ScheduleActions> log)
{
    public Task<ScheduleResult?> RunNowAsync(string name) => TryAsync(() => commands.RunNowAsync(name), result =>
        toasts.Show(Tone.Ok, texts["RunStarted", name], linkText: texts["JobLink", result.JobId!], link: $"/admin/jobs?item={result.JobId}"));

    public Task<ScheduleResult?> ResumeAsync(string name) => TryAsync(() => commands.ResumeAsync(name), _ => toasts.Done(texts["Resumed", name]));

    public Task<ScheduleResult?> PauseAsync(string name, string reason, DateTimeOffset? until) =>
        TryAsync(() => commands.PauseAsync(name, reason, until), _ => toasts.Done(texts["PausedToast", name]));

    public Task<ScheduleResult?> SaveAsync(ScheduleDraft draft) => TryAsync(() => commands.SaveAsync(draft), _ => toasts.Done(texts["Saved", draft.Name.Trim()]));

    public async Task<ScheduleResult?> ResetAsync(string name) =>
        await confirmations.Ask(new Confirmation(texts["ResetTitle", name], texts["ResetText"], texts["Reset"])) ? await TryAsync(() => commands.ResetAsync(name), _ => toasts.Done(texts["ResetDone", name])) : null;

    public async Task<ScheduleResult?> DeleteAsync(string name) =>
        await confirmations.Ask(new Confirmation(texts["DeleteTitle", name], texts["DeleteText"], texts["Delete"])) ? await TryAsync(() => commands.DeleteAsync(name), _ => toasts.Done(texts["Deleted", name])) : null;

    public Task<ScheduleResult?> BackfillAsync(string name, DateTimeOffset from, DateTimeOffset until) => TryAsync(() => commands.BackfillAsync(name, from, until), result =>
    {
        if (result.JobId is { } job) toasts.Show(Tone.Ok, texts.Count("BackfillAsJob", result.Count), linkText: texts["JobLink", job], link: $"/admin/jobs?item={job}");
        else toasts.Done(texts.Count("Backfilled", result.Count));
    });

    public Task<ScheduleResult?> SaveCalendarAsync(string? original, string name, string days) => TryAsync(() => calendars.SaveAsync(original, name, days), _ => toasts.Done(texts["CalendarSaved", name.Trim()]));

    public async Task<ScheduleResult?> DeleteCalendarAsync(string name) =>
        await confirmations.Ask(new Confirmation(texts["DeleteCalendarTitle", name], texts["DeleteCalendarText"], texts["Delete"])) ? await TryAsync(() => calendars.DeleteAsync(name), _ => toasts.Done(texts["CalendarDeleted", name])) : null;

    /// <summary>A problem in the person's words.</summary>
    public string Say(FieldProblem problem) => texts[problem.Key, problem.Values];

    /// <returns>Null if it failed, which was said.</returns>
    private async Task<ScheduleResult?> TryAsync(Func<Task<ScheduleResult>> command, Action<ScheduleResult> done)
    {
        try
        {
            var result = await command();
            switch (result.Outcome)
            {
                case ScheduleOutcome.Done: done(result); break;
                case ScheduleOutcome.NotFound: toasts.Show(Tone.Warn, texts["NotFound"]); break;
                case ScheduleOutcome.Changed: toasts.Show(Tone.Warn, texts["ChangedMeanwhile"]); break;
                case ScheduleOutcome.NotPossible: toasts.Show(Tone.Warn, texts["NotPossible"]); break;
                // The problems of a form stand beside its fields; the confirmations have no fields.
                case ScheduleOutcome.Invalid when result.Problems is [{ Field: "CalendarName", Key: "CalendarInUse" } used]: toasts.Show(Tone.Warn, Say(used)); break;
            }

            return result;
        }
        catch (ForbiddenException)
        {
            toasts.Failed(texts["CommandForbidden"]);
        }
        catch (Exception exception)
        {
            var reference = ErrorReference.New();
            SchedulesLog.CommandFailed(log, exception, reference);
            toasts.Failed(texts["CommandFailed", reference]);
        }

        return null;
    }
}
