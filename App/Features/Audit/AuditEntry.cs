namespace BlazorAdmin.Features.Audit;

public enum AuditOutcome
{
    Done,
    Denied,
    Failed,
}

/// <summary>One command, refusal or sensitive read. Append-only. The actor's name is held apart in <see cref="AuditActor"/>.</summary>
public sealed class AuditEntry
{
    public long Id { get; set; }

    public Guid TenantId { get; set; }

    public DateTimeOffset At { get; set; }

    /// <summary>Who did it; null for the portal itself and for strangers.</summary>
    public Guid? ActorId { get; set; }

    public Guid? SessionId { get; set; }

    public string? Address { get; set; }

    public string Node { get; set; } = "";

    /// <summary>Verb in the form <c>slice.verb</c>, for instance <c>jobs.retry</c>.</summary>
    public required string Action { get; set; }

    public AuditOutcome Outcome { get; set; }

    /// <summary>Kind of the thing acted on, for instance <c>job</c>.</summary>
    public string? SubjectType { get; set; }

    public string? SubjectId { get; set; }

    /// <summary>What a person calls the thing: a file name, a job type.</summary>
    public string? SubjectName { get; set; }

    /// <summary>How many things a bulk command touched.</summary>
    public int Count { get; set; } = 1;

    /// <summary>JSON: changed properties of the audited entities before the command.</summary>
    public string? Before { get; set; }

    /// <summary>JSON: the same properties after it.</summary>
    public string? After { get; set; }

    /// <summary>JSON: what else the command was given (filter, ids, reason).</summary>
    public string? Detail { get; set; }

    /// <summary>Place in the sealed chain; null until sealed.</summary>
    public long? Sequence { get; set; }

    public byte[]? PreviousHash { get; set; }

    public byte[]? Hash { get; set; }
}

/// <summary>The name of somebody who stands in audit rows; erasing it leaves the rows valid.</summary>
public sealed class AuditActor
{
    public Guid Id { get; set; }

    public string? Name { get; set; }

    public DateTimeOffset? ErasedAt { get; set; }
}
