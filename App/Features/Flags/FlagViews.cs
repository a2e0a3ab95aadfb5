namespace BlazorAdmin.Features.Flags;

/// <summary>Why a flag looks as if nobody needed it any more.</summary>
public enum FlagStale
{
    None,

    /// <summary>No code has asked for it for 30 days.</summary>
    NotAsked,

    /// <summary>Unchanged for 30 days, and everybody was given the same variant.</summary>
    SameForAll,

    /// <summary>Past the day until which it was expected to be of use.</summary>
    PastEnd,
}

/// <summary>One line of the list, and the head of the details.</summary>
public sealed record FlagRow
{
    public required Guid Id { get; init; }

    public required string Key { get; init; }

    /// <summary>The person's own words; null where only the code's description is there.</summary>
    public string? Description { get; init; }

    public bool Enabled { get; init; }

    /// <summary>Null if this version cannot read it.</summary>
    public FlagDefinition? Definition { get; init; }

    public int Version { get; init; }

    public DateTimeOffset CreatedAt { get; init; }

    public DateTimeOffset ChangedAt { get; init; }

    public DateTimeOffset? ArchivedAt { get; init; }

    public DateTimeOffset? LastAskedAt { get; init; }

    /// <summary>Code of the portal asks for it: it cannot be deleted.</summary>
    public bool IsDeclared { get; init; }

    public FlagStale Stale { get; init; }

    /// <summary>A window of it begins or ends in the future.</summary>
    public bool IsScheduledAt(DateTimeOffset now) => Definition?.Rules.Any(rule => rule.From > now || rule.Until > now) == true;

    internal static FlagRow Of(Flag flag, FlagCatalog catalog) => new()
    {
        Id = flag.Id, Key = flag.Key, Description = flag.Description, Enabled = flag.Enabled, Definition = FlagDefinition.TryRead(flag.Definition), Version = flag.Version,
        CreatedAt = flag.CreatedAt, ChangedAt = flag.ChangedAt, ArchivedAt = flag.ArchivedAt, LastAskedAt = flag.LastAskedAt, IsDeclared = catalog.Find(flag.Key) is not null,
    };
}

/// <summary>A form that the flag had.</summary>
/// <param name="Author">Null for the portal itself, and for somebody whose account is gone.</param>
public sealed record FlagVersionRow(int Version, bool Enabled, FlagDefinition? Definition, DateTimeOffset CreatedAt, string? Author, string? Note);

/// <summary>Who was given what.</summary>
/// <param name="Person">Null if the account is gone.</param>
/// <param name="Reason">As <see cref="FlagDecision.Code"/>.</param>
public sealed record FlagExposureRow(Guid UserId, string? Person, string Variant, int Version, string Reason, DateTimeOffset FirstAt, DateTimeOffset LastAt);

/// <summary>Somebody whom a rule can name.</summary>
public sealed record FlagPersonRow(Guid Id, string Name, string? Email);

/// <summary>A role that a rule can name.</summary>
public sealed record FlagRoleRow(Guid Id, string Name);

/// <summary>Another flag that one can need.</summary>
public sealed record FlagNeedRow(string Key, IReadOnlyList<string> Variants);

/// <summary>What the editor offers.</summary>
/// <param name="KnowsPeople">The caller may see who somebody is; else <paramref name="People"/> is empty.</param>
public sealed record FlagChoices(IReadOnlyList<FlagRoleRow> Roles, IReadOnlyList<FlagNeedRow> Flags, IReadOnlyDictionary<Guid, FlagPersonRow> People, bool KnowsPeople)
{
    /// <summary>Name of the text for somebody who is not among <see cref="People"/>.</summary>
    public string Nameless => KnowsPeople ? "PersonGone" : "PersonHidden";
}

/// <summary>How many people get another variant by a change.</summary>
/// <param name="People">Active people who were looked at.</param>
/// <param name="IsCut">There are more people than were looked at.</param>
/// <param name="Moves">From, to and how many, the most first; nothing that stays.</param>
public sealed record FlagImpact(int People, bool IsCut, IReadOnlyList<FlagMove> Moves);

public sealed record FlagMove(string From, string To, int People);

/// <summary>What a chosen person would be given, step by step.</summary>
public sealed record FlagPreview(FlagPersonRow Person, FlagDecision Decision);
