using System.Collections.Frozen;
using BlazorAdmin.Security;

namespace BlazorAdmin.Features.Flags;

/// <summary>Why somebody is given a variant.</summary>
public enum FlagReason
{
    /// <summary>There is no such flag, or it is archived: what the code declared is given.</summary>
    Unknown,

    /// <summary>Switched off for everybody.</summary>
    Off,

    /// <summary>Another flag does not give what this one needs.</summary>
    Prerequisite,

    /// <summary>A rule concerns the person.</summary>
    Rule,

    /// <summary>No rule concerns the person.</summary>
    Default,
}

/// <summary>What somebody is given, and why.</summary>
/// <param name="Number">Of the rule or prerequisite that decided, from 1; 0 for none.</param>
/// <param name="IsOn">Something else than the off variant.</param>
public readonly record struct FlagDecision(string Variant, string? Payload, bool IsOn, FlagReason Reason, int Number)
{
    /// <summary>The reason as it is stored with who was given what: <c>rule:2</c>.</summary>
    public string Code => Number == 0 ? Codes[(int)Reason] : Reason == FlagReason.Rule ? $"rule:{Number}" : $"prerequisite:{Number}";

    private static readonly string[] Codes = ["unknown", "off", "prerequisite", "rule", "default"];
}

/// <summary>Whom a flag is asked for.</summary>
/// <param name="Id">The account; null for the portal itself, which no role, person or share concerns.</param>
/// <param name="Roles">Names of the roles that the person has now.</param>
public readonly record struct FlagPerson(Guid TenantId, Guid? Id, FrozenSet<string> Roles)
{
    /// <summary>Somebody else looks at the portal as this person, who sees nothing of it: the answer is the same, and is not noted as given.</summary>
    public bool IsImpersonated { get; init; }

    public static FlagPerson Of(Caller caller) => new(caller.TenantId, caller.UserId, caller.Roles) { IsImpersonated = caller.ImpersonatorId is not null };
}
