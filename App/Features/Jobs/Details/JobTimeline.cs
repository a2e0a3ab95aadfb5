using BlazorAdmin.Shell.Controls;

namespace BlazorAdmin.Features.Jobs.Details;

public enum JobEventKind
{
    Created,
    Due,
    Started,
    AttemptEnded,
    StopRequested,
    Stuck,
    Ended,
}

/// <summary>One thing that happened, or will.</summary>
/// <param name="Attempt">The run that it belongs to.</param>
public sealed record JobEvent(JobEventKind Kind, DateTimeOffset At, Tone Tone, int Attempt = 0, JobOutcome? Outcome = null, JobState? State = null, string? Text = null, TimeSpan? Took = null);

/// <summary>What happened to a job, in order.</summary>
public static class JobTimeline
{
    public static IReadOnlyList<JobEvent> Of(JobItem job, JobTimes times, IReadOnlyList<JobAttempt> attempts)
    {
        var events = new List<JobEvent> { new(JobEventKind.Created, job.CreatedAt, Tone.Idle) };
        // "At once" is no event; after the first attempt the time is that of the next one.
        if (attempts.Count == 0 ? job.DueAt - job.CreatedAt > TimeSpan.FromSeconds(2) : job.State == JobState.Queued) events.Add(new(JobEventKind.Due, job.DueAt, Tone.Idle));
        foreach (var attempt in attempts)
        {
            events.Add(new(JobEventKind.Started, attempt.StartedAt, Tone.Info, attempt.Number, Text: attempt.Node));
            events.Add(new(JobEventKind.AttemptEnded, attempt.FinishedAt, JobLook.ToneOf(attempt.Outcome), attempt.Number, attempt.Outcome, Text: attempt.Error, Took: attempt.FinishedAt - attempt.StartedAt));
        }

        if (job is { State: JobState.Running, StartedAt: { } started }) events.Add(new(JobEventKind.Started, started, Tone.Info, job.Attempts, Text: job.Node));
        if (times.StopRequestedAt is { } asked) events.Add(new(JobEventKind.StopRequested, asked, Tone.Warn));
        if (job.StuckAt is { } stuck) events.Add(new(JobEventKind.Stuck, stuck, Tone.Bad));
        events = [.. events.OrderBy(e => e.At)];
        // The attempt's end and the job's are written together; the clock between them says nothing.
        if (job.FinishedAt is { } ended && job.State.IsFinal()) events.Add(new(JobEventKind.Ended, ended, JobLook.ToneOf(job.State), State: job.State));
        return events;
    }
}

/// <summary>Times that only the details show.</summary>
public sealed record JobTimes(DateTimeOffset? StopRequestedAt);
