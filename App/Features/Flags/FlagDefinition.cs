using System.Text.Json;
using System.Text.Json.Serialization;
using BlazorAdmin.Features.Audit;

namespace BlazorAdmin.Features.Flags;

/// <summary>What a flag can give.</summary>
/// <param name="Payload">Any text that the code which asks understands; null for none.</param>
public sealed record FlagVariant(string Name, string? Payload = null);

/// <summary>A share of people for a variant, in thousandths of a percent: 100,000 is everybody.</summary>
public sealed record FlagWeight(string Variant, int Thousandths);

/// <summary>Another flag that has to give the person this variant first; else the person is given the off variant.</summary>
public sealed record FlagPrerequisite(string Flag, string Variant);

/// <summary>Conditions that all have to hold, and what is given then. A condition without value always holds.</summary>
public sealed record FlagRule
{
    /// <summary>Ids of roles of which the person has at least one.</summary>
    public IReadOnlyList<Guid> Roles { get; init; } = [];

    /// <summary>Ids of accounts of which the person's is one.</summary>
    public IReadOnlyList<Guid> People { get; init; } = [];

    public DateTimeOffset? From { get; init; }

    /// <summary>The first moment at which it does not hold any more.</summary>
    public DateTimeOffset? Until { get; init; }

    /// <summary>Share of people in thousandths of a percent, chosen by <see cref="FlagBucket"/>; null: everybody.</summary>
    public int? Thousandths { get; init; }

    /// <summary>What is given; null where <see cref="Weights"/> spread people over several variants.</summary>
    public string? Variant { get; init; }

    public IReadOnlyList<FlagWeight> Weights { get; init; } = [];
}

/// <summary>What a flag gives to whom, as it is stored in <see cref="Flag.Definition"/>.</summary>
public sealed record FlagDefinition
{
    public const int CurrentFormat = 1;
    public const int Everybody = 100_000;
    public const int MostVariants = 20;
    public const int MostRules = 50;
    public const int MostPeople = 1_000;
    public const int MostPrerequisites = 10;
    public const int NameLength = 60;
    public const int PayloadLength = 10_000;
    public const string OnName = "on";
    public const string OffName = "off";

    private static readonly JsonSerializerOptions Json = new(AuditExtensions.Json) { DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull };

    public int Format { get; init; } = CurrentFormat;

    public IReadOnlyList<FlagVariant> Variants { get; init; } = [];

    /// <summary>Given while the flag is switched off, and where a prerequisite does not hold.</summary>
    public string Off { get; init; } = "";

    /// <summary>Given to whom no rule concerns.</summary>
    public string Default { get; init; } = "";

    /// <summary>In order: the first whose conditions hold decides.</summary>
    public IReadOnlyList<FlagRule> Rules { get; init; } = [];

    public IReadOnlyList<FlagPrerequisite> Needs { get; init; } = [];

    /// <summary>The day until which the flag is expected to be of use; after it, it counts as stale. Changes nothing in what it gives.</summary>
    public DateOnly? EndsOn { get; init; }

    /// <summary>Meant to stay, as a kill switch is: never counts as stale.</summary>
    public bool Permanent { get; init; }

    /// <summary>Changes of what it gives are proposed by one person and confirmed by another; switching it off is not a change that waits.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool FourEyes { get; init; }

    /// <summary>On and off; on is given to everybody.</summary>
    public static FlagDefinition OnOff { get; } = new() { Variants = [new(OnName), new(OffName)], Off = OffName, Default = OnName };

    /// <summary>Whom the rules of these forms name, at most <see cref="MostPeople"/>.</summary>
    public static IReadOnlyList<Guid> PeopleOf(IEnumerable<FlagDefinition?> definitions) => [.. definitions.OfType<FlagDefinition>().SelectMany(d => d.Rules).SelectMany(r => r.People).Distinct().Take(MostPeople)];

    public string ToJson() => JsonSerializer.Serialize(this, Json);

    /// <exception cref="JsonException">No definition, or one of a format that this version does not know.</exception>
    public static FlagDefinition FromJson(string json)
    {
        var read = JsonSerializer.Deserialize<FlagDefinition>(json, Json) ?? throw new JsonException("The definition is empty.");
        return read.Format == CurrentFormat ? read : throw new JsonException($"The definition has format {read.Format}; this version reads {CurrentFormat}.");
    }

    /// <returns>Null if it cannot be read.</returns>
    public static FlagDefinition? TryRead(string json)
    {
        try
        {
            return FromJson(json);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    // The lists inside compare by reference: what is stored is what counts.
    public bool Equals(FlagDefinition? other) => other is not null && ToJson() == other.ToJson();

    public override int GetHashCode() => ToJson().GetHashCode(StringComparison.Ordinal);
}
