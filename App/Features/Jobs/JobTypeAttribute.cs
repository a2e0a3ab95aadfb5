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
}
