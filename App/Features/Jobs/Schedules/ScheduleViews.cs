namespace BlazorAdmin.Features.Jobs.Schedules;

/// <summary>A schedule as the list shows it.</summary>
/// <param name="Last">The last tick that a viewer cares for; null if there was none.</param>
/// <param name="Warning">Null while all is well.</param>
public sealed record ScheduleItem(EffectiveSchedule Rules, DateTimeOffset? NextAt, TickItem? Last, ScheduleWarning? Warning, bool IsPaused);

/// <summary>A tick with what became of its job.</summary>
/// <param name="State">Of its job; null without one, or if that is deleted by now.</param>
public sealed record TickItem(DateTimeOffset DueAt, TickOutcome Outcome, bool Manual, string? Node, long? JobId, JobState? State, DateTimeOffset? StartedAt, DateTimeOffset? FinishedAt, string? Error)
{
    public TimeSpan? RunTime => StartedAt is { } start && FinishedAt is { } end && end >= start ? end - start : null;
}

/// <summary>Everything about one schedule but its history.</summary>
/// <param name="Next">Its next ten runs, without pauses and holidays.</param>
/// <param name="Arguments">Indented JSON; secrets are masked.</param>
public sealed record ScheduleDetail(ScheduleItem Item, IReadOnlyList<DateTimeOffset> Next, string Arguments);

/// <summary>What a backfill would do.</summary>
/// <param name="Count">Occurrences that would run.</param>
/// <param name="TooMany">More than one backfill may bring.</param>
public sealed record BackfillPreview(int Count, bool TooMany, DateTimeOffset? First, DateTimeOffset? Last);

/// <summary>Where bad input is and what is wrong: <paramref name="Key"/> and <paramref name="Values"/> make the text.</summary>
/// <param name="Field">Name of the field of the draft.</param>
public sealed record FieldProblem(string Field, string Key, params object[] Values);

public enum ScheduleOutcome
{
    Done,

    /// <summary>The problems say why not.</summary>
    Invalid,
    NotFound,

    /// <summary>Somebody else changed it after it was read.</summary>
    Changed,

    /// <summary>It is already so, or does not apply to this kind of schedule.</summary>
    NotPossible,
}

/// <summary>What came of a command.</summary>
public sealed record ScheduleResult(ScheduleOutcome Outcome)
{
    public IReadOnlyList<FieldProblem> Problems { get; init; } = [];

    /// <summary>The job that was made: the run, or the one that fills back.</summary>
    public long? JobId { get; init; }

    public int Count { get; init; }

    public static ScheduleResult Done { get; } = new(ScheduleOutcome.Done);

    public static ScheduleResult Invalid(params IReadOnlyList<FieldProblem> problems) => new(ScheduleOutcome.Invalid) { Problems = problems };
}
