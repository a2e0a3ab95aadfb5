namespace BlazorAdmin.Features.Audit.Chain;

/// <summary>
/// A row of the audit exactly as it is stored, for sealing and verifying: the outcome stays text, so that a value that the
/// portal would not know is still read and found wrong.
/// </summary>
public sealed record ChainRow
{
    public required long Id { get; init; }

    /// <summary>Place in the chain; null until sealed.</summary>
    public long? Sequence { get; init; }

    public byte[]? PreviousHash { get; init; }

    public byte[]? Hash { get; init; }

    public Guid TenantId { get; init; }

    public DateTimeOffset At { get; init; }

    public Guid? ActorId { get; init; }

    public Guid? SessionId { get; init; }

    public string? Address { get; init; }

    public string Node { get; init; } = "";

    public string Action { get; init; } = "";

    public string Outcome { get; init; } = "";

    public string? SubjectType { get; init; }

    public string? SubjectId { get; init; }

    public string? SubjectName { get; init; }

    public int Count { get; init; }

    public string? Before { get; init; }

    public string? After { get; init; }

    public string? Detail { get; init; }

    /// <summary>The columns hold what no portal wrote, for instance a time out of range; nothing but the place is known.</summary>
    public bool IsUnreadable { get; init; }
}
