namespace BlazorAdmin.Features.Audit;

/// <summary>One line of the audit list.</summary>
public sealed record AuditRow
{
    public long Id { get; init; }

    public DateTimeOffset At { get; init; }

    public Guid? ActorId { get; init; }

    /// <summary>Null: the portal itself, a stranger, or somebody whose name was erased.</summary>
    public string? Actor { get; init; }

    /// <summary>The actor's name was erased.</summary>
    public bool IsActorErased { get; init; }

    public required string Action { get; init; }

    public AuditOutcome Outcome { get; init; }

    public string? SubjectType { get; init; }

    public string? SubjectId { get; init; }

    public string? SubjectName { get; init; }

    public int Count { get; init; }

    public string? Address { get; init; }

    /// <summary>Place in the chain; null until sealed.</summary>
    public long? Sequence { get; init; }
}

/// <summary>Everything about one row.</summary>
public sealed record AuditDetails(AuditRow Row, Guid? SessionId, string Node, string? Detail, IReadOnlyList<AuditChange> Changes)
{
    /// <summary>Hash of the sealed row, hex.</summary>
    public string? Hash { get; init; }
}

/// <summary>One property of one thing, before and after; null before: it was made, null after: it was deleted.</summary>
public sealed record AuditChange(string Entity, string EntityId, string Property, string? Before, string? After);
