using BlazorAdmin.Shell;
using BlazorAdmin.Shell.Controls;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.Localization;

namespace BlazorAdmin.Features.Jobs.Schedules;

/// <summary>How schedules and ticks look and read, the same in list and details.</summary>
internal static class ScheduleLook
{
    public static RenderFragment Chip(this ScheduleItem item, IStringLocalizer<SchedulesTexts> texts, Display display) => item switch
    {
        { Rules.Problem: { } problem } => StateChip.Markup(Tone.Bad, texts["StateBroken"], title: problem),
        { IsPaused: true } => StateChip.Markup(Tone.Idle, texts["StatePaused"], "pause", item.Rules.Entry?.PauseReason),
        { Warning: { } warning } => StateChip.Markup(Tone.Warn, texts["StateWarned"], title: warning.Say(texts, display)),
        _ => StateChip.Markup(Tone.Ok, texts["StateActive"]),
    };

    public static RenderFragment Chip(this TickItem tick, IStringLocalizer<SchedulesTexts> texts) => tick switch
    {
        { Outcome: TickOutcome.Missed } => StateChip.Markup(Tone.Warn, texts["TickMissed"]),
        { Outcome: TickOutcome.Overlapped } => StateChip.Markup(Tone.Idle, texts["TickOverlapped"], "forbidden"),
        { Outcome: TickOutcome.Paused } => StateChip.Markup(Tone.Idle, texts["TickPaused"], "pause"),
        { Outcome: TickOutcome.Holiday } => StateChip.Markup(Tone.Idle, texts["TickHoliday"], "schedule"),
        { State: { } state } => StateChip.Markup(JobLook.ToneOf(state), texts[$"Job{state}"], title: tick.Error),
        _ => StateChip.Markup(Tone.Idle, texts["JobGone"]),
    };

    public static string Say(this ScheduleWarning warning, IStringLocalizer<SchedulesTexts> texts, Display display) => warning.Since is { } since
        ? texts["WarnedSince", display.Ago(since), display.Duration(warning.Expected)]
        : texts["WarnedNever", display.Duration(warning.Expected)];
}
