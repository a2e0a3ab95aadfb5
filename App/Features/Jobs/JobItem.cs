using System.Linq.Expressions;

namespace BlazorAdmin.Features.Jobs;

/// <summary>A job as the list shows it.</summary>
public sealed record JobItem(
    long Id, string Type, JobState State, string? Subject, string? SubjectUrl, int Priority, DateTimeOffset CreatedAt, DateTimeOffset DueAt, DateTimeOffset? StartedAt,
    DateTimeOffset? FinishedAt, int Attempts, int MaxAttempts, double? Progress, string? ProgressMessage, string? Error, bool CancelRequested, string? Node, DateTimeOffset? StuckAt, int Version)
{
    internal static readonly Expression<Func<Job, JobItem>> Of = j => new JobItem(
        j.Id, j.Type, j.State, j.Subject, j.SubjectUrl, j.Priority, j.CreatedAt, j.DueAt, j.StartedAt,
        j.FinishedAt, j.Attempts, j.MaxAttempts, j.Progress, j.ProgressMessage, j.Error, j.CancelRequested, j.Node, j.StuckAt, j.Version);

    internal static readonly Func<Job, JobItem> From = Of.Compile();

    /// <summary>It waits, and no living node runs its type.</summary>
    public bool NoNode { get; init; }

    /// <summary>Waits for another attempt after a failed one.</summary>
    public bool IsRetrying => State == JobState.Queued && Attempts > 0;

    public bool CanCancel => State.CanCancel(CancelRequested) || CanGiveUp;

    /// <summary>It ignores that it was told to stop: cancelled once more, it ends here, whatever its run does.</summary>
    public bool CanGiveUp => State == JobState.Running && CancelRequested && StuckAt is not null;

    public bool CanRetry => State.CanRetry();

    public bool CanDiscard => State.CanDiscard();

    /// <summary>How long the last attempt has run, or ran.</summary>
    public TimeSpan? RunTime(DateTimeOffset now) => StartedAt is not { } start ? null
        : State == JobState.Running ? now - start
        : FinishedAt is { } end && end >= start ? end - start
        : null;

    /// <summary>Time left as the progress so far suggests; null where it says nothing yet.</summary>
    public TimeSpan? TimeLeft(DateTimeOffset now) =>
        State == JobState.Running && Progress is >= 2 and < 100 and var done && RunTime(now) is { Ticks: > 0 } run ? run * ((100 - done) / done) : null;
}

/// <summary>Everything about one job but its attempts and log.</summary>
/// <param name="Arguments">Indented JSON; secrets are masked.</param>
/// <param name="OwnerName">Who caused it; null for the portal itself.</param>
/// <param name="Typical">Middle run time of the type's last successes.</param>
public sealed record JobDetail(JobItem Job, string Queue, string Arguments, string IdempotencyKey, Guid? OwnerId, string? OwnerName, DateTimeOffset? LeaseUntil, TimeSpan? Typical)
{
    /// <summary>How long no node may know its type before it is laid aside.</summary>
    public TimeSpan UnknownFor { get; init; }

    public DateTimeOffset? StopRequestedAt { get; init; }

    public string? Tags { get; init; }

    public string? Schedule { get; init; }

    public string? LimitKey { get; init; }

    /// <summary>JSON; secrets are masked.</summary>
    public string? Cursor { get; init; }
}

/// <summary>What a command did to a job.</summary>
public enum JobCommandResult
{
    Done,

    /// <summary>It runs; its worker was told to stop.</summary>
    Requested,

    /// <summary>Its state does not allow it (any more).</summary>
    NotPossible,
    NotFound,
}
