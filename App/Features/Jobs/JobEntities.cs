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

    /// <summary>Not before this time.</summary>
    public DateTimeOffset DueAt { get; set; }

    /// <summary>Start of the last attempt.</summary>
    public DateTimeOffset? StartedAt { get; set; }

    public DateTimeOffset? FinishedAt { get; set; }

    public int Attempts { get; set; }

    public int MaxAttempts { get; set; }

    /// <summary>0 to 100.</summary>
    public double? Progress { get; set; }

    public string? ProgressMessage { get; set; }

    /// <summary>Of the last failed attempt, for people.</summary>
    public string? Error { get; set; }

    public bool CancelRequested { get; set; }

    /// <summary>Node that runs it.</summary>
    public string? Node { get; set; }

    /// <summary>Random, new at every claim; every write of the run names it, so a run that lost its lease changes nothing.</summary>
    public Guid? Token { get; set; }

    /// <summary>On the database's clock; renewed by heartbeat.</summary>
    public DateTimeOffset? LeaseUntil { get; set; }

    /// <summary>Grows with every change that a viewer sees.</summary>
    public int Version { get; set; }
}
