namespace BlazorAdmin.Features.Jobs;

public enum JobState
{
    /// <summary>Waits for its time or a worker.</summary>
    Queued,
    Running,
    Succeeded,

    /// <summary>Out of attempts, or failed for good: waits for a person.</summary>
    Failed,
    Cancelled,

    /// <summary>Waits for other jobs to end; a batch waits for its members.</summary>
    Waiting,

    /// <summary>Failed, and a person decided that it need not succeed.</summary>
    Discarded,
}

/// <summary>One piece of queued work.</summary>
public sealed class Job
{
    public long Id { get; set; }

    public Guid TenantId { get; set; }

    /// <summary>Who caused it; null for the portal itself.</summary>
    public Guid? OwnerId { get; set; }

    /// <summary><see cref="JobTypeAttribute.Name"/>.</summary>
    public required string Type { get; set; }

    public required string Queue { get; set; }

    /// <summary>1 (lowest) to 10.</summary>
    public int Priority { get; set; }

    public JobState State { get; set; }

    /// <summary>What people call its object: a file name, a schedule.</summary>
    public string? Subject { get; set; }

    /// <summary>Where its object is shown, as a local path.</summary>
    public string? SubjectUrl { get; set; }

    /// <summary>JSON.</summary>
    public required string Arguments { get; set; }

    public required string IdempotencyKey { get; set; }

    public DateTimeOffset CreatedAt { get; set; }

    /// <summary>Not before this time, on the database's clock; left at its default it becomes the time of the insert.</summary>
    public DateTimeOffset DueAt { get; set; }

    /// <summary>Start of the last attempt.</summary>
    public DateTimeOffset? StartedAt { get; set; }

    public DateTimeOffset? FinishedAt { get; set; }

    /// <summary>Counted when a worker claims it, so that a run that kills its process counts too.</summary>
    public int Attempts { get; set; }

    /// <summary>A person's retry raises it, so that attempts keep their numbers.</summary>
    public int MaxAttempts { get; set; }

    /// <summary>0 to 100.</summary>
    public double? Progress { get; set; }

    public string? ProgressMessage { get; set; }

    /// <summary>Of the last failed attempt, for people.</summary>
    public string? Error { get; set; }

    public bool CancelRequested { get; set; }

    /// <summary>Node that runs it, or ran it last.</summary>
    public string? Node { get; set; }

    /// <summary>Random, new at every claim; every write of the run names it, so a run that lost its lease changes nothing.</summary>
    public Guid? Token { get; set; }

    /// <summary>On the database's clock; renewed by heartbeat.</summary>
    public DateTimeOffset? LeaseUntil { get; set; }

    /// <summary>Its runs share a limit with the other jobs of its type that carry the same key; null for types without such a limit.</summary>
    public string? LimitKey { get; set; }

    /// <summary>The job whose handler enqueued it.</summary>
    public long? ParentId { get; set; }

    /// <summary>The batch that it belongs to, itself a job.</summary>
    public long? BatchId { get; set; }

    /// <summary>How many jobs must end before it is queued (or, for a batch, before it ends).</summary>
    public int WaitsFor { get; set; }

    /// <summary>Other jobs wait for its end.</summary>
    public bool HasFollowers { get; set; }

    /// <summary>The schedule whose tick it is.</summary>
    public string? Schedule { get; set; }

    /// <summary>JSON that the handler saved to go on from after an interruption.</summary>
    public string? Cursor { get; set; }

    /// <summary>For people, separated by blanks; the words stand in <see cref="JobField"/> too.</summary>
    public string? Tags { get; set; }

    /// <summary>When its run was told to stop, on the database's clock.</summary>
    public DateTimeOffset? StopRequestedAt { get; set; }

    /// <summary>Since when its run is known to ignore that.</summary>
    public DateTimeOffset? StuckAt { get; set; }

    /// <summary>Grows with every change that a viewer sees.</summary>
    public int Version { get; set; }

    /// <summary>Whether a person may stop it now.</summary>
    public bool CanCancel => State.CanCancel(CancelRequested);

    /// <summary>Whether a person may have it run again.</summary>
    public bool CanRetry => State.CanRetry();
}

/// <summary>Which commands a state allows; the statements that carry them out ask for the same.</summary>
public static class JobStates
{
    public static bool CanCancel(this JobState state, bool alreadyRequested) => state is JobState.Queued or JobState.Waiting || (state == JobState.Running && !alreadyRequested);

    public static bool CanRetry(this JobState state) => state is JobState.Failed or JobState.Cancelled or JobState.Discarded;

    public static bool CanDiscard(this JobState state) => state == JobState.Failed;

    public static bool IsFinal(this JobState state) => state is JobState.Succeeded or JobState.Failed or JobState.Cancelled or JobState.Discarded;
}

/// <summary>How a run ended.</summary>
public enum JobOutcome
{
    Succeeded,
    Failed,
    TimedOut,
    Cancelled,

    /// <summary>The node shut down; the run does not count.</summary>
    Interrupted,

    /// <summary>The handler asked for a later time; the run does not count.</summary>
    Snoozed,

    /// <summary>The node stopped answering, or was started anew while the job ran.</summary>
    NodeLost,
}

/// <summary>One finished run of a job. The run that goes on now stands in the job itself.</summary>
public sealed class JobAttempt
{
    public long JobId { get; set; }

    /// <summary>The run's fencing token.</summary>
    public Guid Token { get; set; }

    /// <summary>1 for the first; a run that did not count (<see cref="JobOutcome.Interrupted"/>) shares its number with the next.</summary>
    public int Number { get; set; }

    public DateTimeOffset StartedAt { get; set; }

    public DateTimeOffset FinishedAt { get; set; }

    public string? Node { get; set; }

    public JobOutcome Outcome { get; set; }

    public string? Error { get; set; }
}

/// <summary>A line that a handler wrote.</summary>
public sealed class JobLogLine
{
    public long Id { get; set; }

    public long JobId { get; set; }

    public int Attempt { get; set; }

    public DateTimeOffset At { get; set; }

    public LogLevel Level { get; set; }

    public required string Message { get; set; }
}


/// <summary>A process that runs jobs.</summary>
public sealed class WorkerNode
{
    public required string Name { get; set; }

    /// <summary>New at every start of the process.</summary>
    public Guid Instance { get; set; }

    public DateTimeOffset StartedAt { get; set; }

    /// <summary>On the database's clock.</summary>
    public DateTimeOffset HeartbeatAt { get; set; }

    public int Slots { get; set; }

    public int Running { get; set; }

    /// <summary>Claimed for the next free slot.</summary>
    public int Buffered { get; set; }

    /// <summary>It finishes what it has and takes nothing new, because a person asked for it.</summary>
    public bool Draining { get; set; }
}
