namespace BlazorAdmin.Features.Jobs;

/// <summary>Names a class of job arguments: the name is stored, so the class may be renamed.</summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class JobTypeAttribute(string name) : Attribute
{
    /// <summary><c>slice.verb</c>, for instance <c>documents.read</c>.</summary>
    public string Name { get; } = name;

    public string Queue { get; init; } = "default";

    /// <summary>1 (lowest) to 10.</summary>
    public int Priority { get; init; } = 5;

    /// <summary>How often it is tried in all before it is dead.</summary>
    public int MaxAttempts { get; init; } = 5;

    /// <summary>Longest run of one attempt; 0 for no limit.</summary>
    public int TimeoutSeconds { get; init; } = 3600;

    /// <summary>How many of this type run at once on one node; 0 for no limit but the node's own.</summary>
    public int MaxConcurrency { get; init; }

    /// <summary>How many of this type run at once on all nodes together; 0 for no limit.</summary>
    public int MaxRunning { get; init; }

    /// <summary>How many with the same <see cref="EnqueueOptions.LimitKey"/> run at once on all nodes together; 0 for no limit.</summary>
    public int MaxRunningPerKey { get; init; }

    /// <summary>How many with the same key start in a minute; 0 for no limit.</summary>
    public double StartsPerMinute { get; init; }

    /// <summary>
    /// Whether operators may give such a job arguments of their own (edit them, or schedule it). Not for types whose arguments
    /// carry somebody's right: the handler does what they say.
    /// </summary>
    public bool ByHand { get; init; } = true;

    /// <summary>The handler does what its owner may: such a job is never handed over, it ends with the account.</summary>
    public bool AsOwner { get; init; }

    /// <summary>Permission that somebody needs besides that for jobs to have such a job run again; then it is also left out where many are run again. Null: none.</summary>
    public string? Needs { get; init; }

    /// <summary>Keeps the portal itself in order, or says what cannot wait: it is also begun while the portal is in maintenance, when all else waits.</summary>
    public bool Upkeep { get; init; }

    /// <summary>Waits between attempts, as <see cref="Rules.RetryStrategy"/> reads it; null for the portal's own (settings <c>Jobs</c>).</summary>
    public string? Retry { get; init; }

    /// <summary>Exceptions (and those derived from them) that no further attempt can help.</summary>
    public Type[] FinalErrors { get; init; } = [];
}
