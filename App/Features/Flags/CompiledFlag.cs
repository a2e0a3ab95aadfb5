using System.Collections.Frozen;

namespace BlazorAdmin.Features.Flags;

/// <summary>A flag as it is evaluated: names resolved, times as ticks, shares as places. Immutable once the snapshot stands.</summary>
public sealed class CompiledFlag
{
    private readonly Given[] _variants;
    private readonly Given _off;
    private readonly Given _default;
    private readonly Rule[] _rules;
    private readonly uint _seed;
    private readonly uint _spread;
    private (CompiledFlag? Flag, string Variant)[] _needs = [];

    private CompiledFlag(Guid id, Guid tenantId, string key, int version, bool enabled, FlagDefinition definition, string salt, IReadOnlyDictionary<Guid, string> roles, FlagUse use)
    {
        (Id, TenantId, Key, Version, IsEnabled, Definition, Use) = (id, tenantId, key, version, enabled, definition, use);
        _variants = [.. definition.Variants.Select((v, i) => new Given(v.Name, v.Payload, v.Name != definition.Off, i))];
        _off = Find(definition.Off);
        _default = Find(definition.Default);
        _rules = [.. definition.Rules.Select(rule => Compile(rule, roles))];
        _seed = FlagBucket.Seed(salt);
        // Another hash than the share's: the tenth that a rule lets through must not all fall into the first variant.
        _spread = FlagBucket.Seed(salt + ":variants");
    }

    public Guid Id { get; }

    public Guid TenantId { get; }

    public string Key { get; }

    public int Version { get; }

    public bool IsEnabled { get; }

    public FlagDefinition Definition { get; }

    /// <summary>When it was asked for; the same over all snapshots.</summary>
    public FlagUse Use { get; }

    internal static CompiledFlag Of(Flag flag, FlagDefinition definition, IReadOnlyDictionary<Guid, string> roles, FlagUse use) =>
        new(flag.Id, flag.TenantId, flag.Key, flag.Version, flag.Enabled, definition, flag.Salt, roles, use);

    /// <summary>Ties prerequisites to the flags of the same tenant. One that is missing, or leads back here, never holds.</summary>
    internal void Link(IReadOnlyDictionary<string, CompiledFlag> flags, Func<string, bool> isInCycle) =>
        _needs = [.. Definition.Needs.Select(need => (isInCycle(Key) ? null : flags.GetValueOrDefault(need.Flag), need.Variant))];

    /// <summary>What <paramref name="person"/> is given at <paramref name="now"/> (UTC ticks). Allocates nothing.</summary>
    public FlagDecision Evaluate(in FlagPerson person, long now)
    {
        if (!IsEnabled) return _off.For(FlagReason.Off, 0);
        for (var i = 0; i < _needs.Length; i++)
        {
            var (flag, variant) = _needs[i];
            if (flag is null || flag.Evaluate(person, now).Variant != variant) return _off.For(FlagReason.Prerequisite, i + 1);
        }

        for (var i = 0; i < _rules.Length; i++)
        {
            var rule = _rules[i];
            if (Concerns(rule, person, now)) return (rule.Weights.Length == 0 ? rule.Given : Spread(rule, person)).For(FlagReason.Rule, i + 1);
        }

        return _default.For(FlagReason.Default, 0);
    }

    /// <summary>The next moment after <paramref name="now"/> at which a window begins or ends; <see cref="long.MaxValue"/> if none does.</summary>
    internal long BoundaryAfter(long now)
    {
        var next = long.MaxValue;
        foreach (var rule in _rules)
        {
            if (rule.From > now) next = Math.Min(next, rule.From);
            if (rule.Until > now) next = Math.Min(next, rule.Until);
        }

        return next;
    }

    private bool Concerns(Rule rule, in FlagPerson person, long now)
    {
        if (now < rule.From || now >= rule.Until) return false;
        if (rule.People is { } people && (person.Id is not { } id || !people.Contains(id))) return false;
        if (rule.Roles is { } roles && !HasOne(roles, person.Roles)) return false;
        return rule.Below == FlagDefinition.Everybody || (person.Id is { } spread && FlagBucket.Of(_seed, spread) < rule.Below);
    }

    private static bool HasOne(string[] roles, FrozenSet<string> held)
    {
        foreach (var role in roles)
            if (held.Contains(role)) return true;
        return false;
    }

    private Given Spread(Rule rule, in FlagPerson person)
    {
        var place = FlagBucket.Of(_spread, person.Id ?? Guid.Empty);
        foreach (var (below, given) in rule.Weights)
            if (place < below) return given;
        return rule.Weights[^1].Given;
    }

    private Rule Compile(FlagRule rule, IReadOnlyDictionary<Guid, string> roles)
    {
        var sum = 0;
        return new Rule(
            rule.Roles.Count == 0 ? null : [.. rule.Roles.Select(roles.GetValueOrDefault).OfType<string>()],
            rule.People.Count == 0 ? null : rule.People.ToFrozenSet(),
            rule.From?.UtcTicks ?? long.MinValue, rule.Until?.UtcTicks ?? long.MaxValue, rule.Thousandths ?? FlagDefinition.Everybody,
            rule.Variant is null ? _default : Find(rule.Variant),
            [.. rule.Weights.Select(weight => (sum += weight.Thousandths, Find(weight.Variant)))]);
    }

    // A variant that is not there has been refused on saving; what slips past is never given silently as something else.
    private Given Find(string name) => Array.Find(_variants, v => v.Name == name) ?? new Given(name, null, name != Definition.Off, _variants.Length);

    private sealed record Given(string Name, string? Payload, bool IsOn, int Index)
    {
        public FlagDecision For(FlagReason reason, int number) => new(Name, Payload, IsOn, reason, number);
    }

    private sealed record Rule(string[]? Roles, FrozenSet<Guid>? People, long From, long Until, int Below, Given Given, (int Below, Given Given)[] Weights);
}
