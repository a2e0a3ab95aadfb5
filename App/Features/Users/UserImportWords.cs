using BlazorAdmin.Features.Jobs;
using BlazorAdmin.Shell;
using BlazorAdmin.Shell.Controls;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.Localization;

namespace BlazorAdmin.Features.Users;

/// <summary>How imports read to people.</summary>
internal static class UserImportWords
{
    /// <summary>What would happen to a row, or to so many.</summary>
    public static RenderFragment Chip(IStringLocalizer<UsersTexts> texts, ImportAct act, int? count = null)
    {
        var word = texts[$"ImportWill{act}"].Value;
        return StateChip.Markup(act switch { ImportAct.Create => Tone.Ok, ImportAct.Change => Tone.Info, ImportAct.Error => Tone.Bad, _ => Tone.Idle }, count is null ? word : $"{count} {word}");
    }

    /// <summary>Of an error the field and the remedy.</summary>
    public static string? Why(IStringLocalizer<UsersTexts> texts, ImportVerdict verdict) =>
        verdict.Act == ImportAct.Error ? texts[$"Outcome{verdict.Fault}", verdict.Detail ?? ""].Value : null;

    /// <returns>Null if the file can be read.</returns>
    public static string? Fault(IStringLocalizer<UsersTexts> texts, ImportFile file) => file.Fault == ImportFault.None ? null : texts[$"ImportFault{file.Fault}", file.Detail ?? ""].Value;

    public static RenderFragment State(IStringLocalizer<UsersTexts> texts, ImportView view, JobItem? job) => (view.FinishedAt, job?.State) switch
    {
        (not null, _) => StateChip.Markup(view.Counts.ContainsKey(ImportAct.Error) ? Tone.Warn : Tone.Ok, texts["ImportFinished"]),
        (_, JobState.Failed or JobState.Discarded) => StateChip.Markup(Tone.Bad, texts["ImportFailed"], title: job!.Error),
        (_, JobState.Cancelled) => StateChip.Markup(Tone.Idle, texts["ImportStopped"]),
        (_, JobState.Running) => StateChip.Markup(Tone.Info, job!.ProgressMessage ?? texts["ImportRuns"].Value),
        _ => StateChip.Markup(Tone.Info, texts["ImportWaits"], "wait"),
    };

    public static string Counts(IStringLocalizer<UsersTexts> texts, ImportView view) =>
        string.Join(", ", view.Counts.OrderBy(pair => pair.Key).Select(pair => $"{pair.Value} {texts[$"Import{pair.Key}"]}"));
}
