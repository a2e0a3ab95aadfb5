namespace BlazorAdmin.Features.Flags;

public enum FlagOutcome
{
    Done,

    /// <summary>Nothing differs from what is stored.</summary>
    Unchanged,

    /// <summary>See the issues.</summary>
    Wrong,

    /// <summary>Somebody else saved meanwhile; <see cref="FlagResult.Version"/> is theirs.</summary>
    Conflict,
    NotFound,

    /// <summary>Take it back from the archive first.</summary>
    IsArchived,

    /// <summary>Only what is archived can be deleted.</summary>
    NotArchived,

    /// <summary>Code of the portal asks for it.</summary>
    Declared,

    /// <summary>It waits for a second person.</summary>
    Proposed,

    /// <summary>Somebody else's proposal waits already: confirm or reject that one first.</summary>
    ProposalWaits,

    /// <summary>Who proposed it does not confirm it.</summary>
    OwnProposal,

    /// <summary>There is no proposal any more.</summary>
    NoProposal,

    /// <summary>The flag changed since it was proposed.</summary>
    ProposalStale,
}

/// <summary>What became of a command on one flag.</summary>
public sealed record FlagResult(FlagOutcome Outcome, int Version = 0, Guid? Id = null)
{
    public IReadOnlyList<FlagIssue> Issues { get; init; } = [];
}

/// <summary>What became of a command on several flags.</summary>
/// <param name="Changed">Those that are different now; what undo has to take.</param>
/// <param name="Needed">Keys of those that stay because others need them.</param>
public sealed record FlagBulkResult(IReadOnlyList<Guid> Changed, IReadOnlyList<string> Needed)
{
    /// <summary>Keys of those whose change waits for a second person now.</summary>
    public IReadOnlyList<string> Proposed { get; init; } = [];

    /// <summary>Keys of those that stay because a second person has to take part, and does so in their changes only.</summary>
    public IReadOnlyList<string> Guarded { get; init; } = [];
}

/// <summary>What a flag shall be.</summary>
/// <param name="Note">Why; null if nobody says.</param>
public sealed record FlagForm(string? Description, FlagDefinition Definition, string? Note);
