using BlazorAdmin.Shell;
using BlazorAdmin.Shell.Controls;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.Localization;

namespace BlazorAdmin.Features.Jobs;

/// <summary>How states of jobs look and read, the same in list, details and widgets.</summary>
internal static class JobLook
{
    /// <summary>The states in the order in which people look at them.</summary>
    public static readonly IReadOnlyList<JobState> Listed = [JobState.Queued, JobState.Waiting, JobState.Running, JobState.Failed, JobState.Succeeded, JobState.Cancelled, JobState.Discarded];

    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(5);

    public static RenderFragment Chip(this JobItem job, IStringLocalizer<JobsTexts> texts, Display display) => job switch
    {
        { State: JobState.Running, StuckAt: not null } => StateChip.Markup(Tone.Bad, texts["StateStuck"], "alert"),
        { State: JobState.Running, CancelRequested: true } => StateChip.Markup(Tone.Warn, texts["StateStopping"], "stop"),
        { IsRetrying: true } => StateChip.Markup(Tone.Warn, texts["StateRetrying", job.Attempts + 1, job.MaxAttempts], "retry"),
        { State: JobState.Queued } when job.DueAt > display.Now + Soon => StateChip.Markup(Tone.Idle, texts["StateScheduled"], "schedule"),
        { NoNode: true } => StateChip.Markup(Tone.Warn, texts["StateNoNode"], "alert"),
        { State: JobState.Queued } => StateChip.Markup(Tone.Idle, texts["StateQueued"], "wait"),
        { State: JobState.Running } => StateChip.Markup(Tone.Info, texts["StateRunning"]),
        { State: JobState.Succeeded } => StateChip.Markup(Tone.Ok, texts["StateSucceeded"]),
        { State: JobState.Failed } => StateChip.Markup(Tone.Bad, texts["StateFailed"]),
        { State: JobState.Waiting } => StateChip.Markup(Tone.Idle, texts["StateWaiting"], "pause"),
        { State: JobState.Discarded } => StateChip.Markup(Tone.Idle, texts["StateDiscarded"], "trash"),
        _ => StateChip.Markup(Tone.Idle, texts["StateCancelled"], "forbidden"),
    };

    public static Tone ToneOf(JobState state) => state switch
    {
        JobState.Running => Tone.Info,
        JobState.Succeeded => Tone.Ok,
        JobState.Failed => Tone.Bad,
        _ => Tone.Idle,
    };

    public static Tone ToneOf(JobOutcome outcome) => outcome switch
    {
        JobOutcome.Succeeded => Tone.Ok,
        JobOutcome.Failed or JobOutcome.TimedOut => Tone.Bad,
        JobOutcome.NodeLost => Tone.Warn,
        _ => Tone.Idle,
    };

    public static Tone ToneOf(LogLevel level) => level switch
    {
        LogLevel.Warning => Tone.Warn,
        LogLevel.Error or LogLevel.Critical => Tone.Bad,
        _ => Tone.Idle,
    };

    public static string Word(LogLevel level) => level switch
    {
        LogLevel.Trace => "trace",
        LogLevel.Debug => "debug",
        LogLevel.Warning => "warn",
        LogLevel.Error => "error",
        LogLevel.Critical => "fatal",
        _ => "info",
    };

    /// <summary>What matters about the job now, in one line: where it is, when it goes on, why it failed.</summary>
    public static string? Line(this JobItem job, IStringLocalizer<JobsTexts> texts, Display display)
    {
        switch (job.State)
        {
            case JobState.Running:
                var left = job.TimeLeft(display.Now) is { } time ? texts["TimeLeft", display.Duration(time)].Value : null;
                return Join(job.Progress is { } percent ? display.Percent(percent / 100) : null, job.ProgressMessage, left);
            case JobState.Queued when job.DueAt > display.Now + Soon:
                return Join(texts[job.IsRetrying ? "NextTry" : "StartsAt", display.Ago(job.DueAt)], job.Error);
            case JobState.Queued when job.NoNode:
                return Join(texts["NoNode"], job.Error);
            case JobState.Queued or JobState.Failed or JobState.Discarded:
                return job.Error;
            case JobState.Succeeded:
                return job.ProgressMessage;
            default:
                return null;
        }
    }

    private static string? Join(params ReadOnlySpan<string?> parts)
    {
        var said = new List<string>();
        foreach (var part in parts)
            if (!string.IsNullOrEmpty(part)) said.Add(part);
        return said.Count == 0 ? null : string.Join(", ", said);
    }
}
