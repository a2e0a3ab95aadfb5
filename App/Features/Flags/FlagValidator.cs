using System.Text.RegularExpressions;

namespace BlazorAdmin.Features.Flags;

/// <summary>What a definition is checked against.</summary>
/// <param name="Others">Definitions of the other flags in use, by key.</param>
/// <param name="Roles">Ids of the roles that there are.</param>
public sealed record FlagSurroundings(IReadOnlyDictionary<string, FlagDefinition> Others, IReadOnlySet<Guid> Roles);

/// <summary>Says what is wrong with a flag, field by field.</summary>
public static partial class FlagValidator
{
    public const int KeyLength = 100;
    public const int DescriptionLength = 1_000;
    public const int NoteLength = 500;

    /// <summary>How many flags may stand behind one another: evaluation asks all of them.</summary>
    public const int MostDepth = 5;

    public static IEnumerable<FlagIssue> CheckKey(string key)
    {
        if (key.Length == 0) yield return new("key", "KeyMissing");
        else if (key.Length > KeyLength) yield return new("key", "KeyLong", KeyLength);
        else if (!KeyForm().IsMatch(key)) yield return new("key", "KeyForm");
    }

    public static IEnumerable<FlagIssue> CheckTexts(string? description, string? note)
    {
        if (description?.Length > DescriptionLength) yield return new("description", "DescriptionLong", DescriptionLength);
        if (note?.Length > NoteLength) yield return new("note", "NoteLong", NoteLength);
    }

    /// <returns>Empty if nothing is wrong.</returns>
    public static IReadOnlyList<FlagIssue> Check(string key, FlagDefinition definition, FlagSurroundings around)
    {
        var names = definition.Variants.Select(v => v.Name).ToHashSet(StringComparer.Ordinal);
        return
        [
            .. Variants(definition, names),
            .. definition.Rules.Count > FlagDefinition.MostRules ? [new FlagIssue("rules", "RulesMany", FlagDefinition.MostRules)] : Array.Empty<FlagIssue>(),
            .. definition.Rules.SelectMany((rule, i) => Rule(rule, i, names, around)),
            .. Needs(key, definition, around),
            .. around.Others.SelectMany(other => other.Value.Needs.Where(need => need.Flag == key && !names.Contains(need.Variant)).Select(need => new FlagIssue("variants", "VariantNeeded", need.Variant, other.Key))),
        ];
    }

    private static IEnumerable<FlagIssue> Variants(FlagDefinition definition, HashSet<string> names)
    {
        if (definition.Variants.Count < 2) yield return new("variants", "VariantsFew");
        if (definition.Variants.Count > FlagDefinition.MostVariants) yield return new("variants", "VariantsMany", FlagDefinition.MostVariants);
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var (i, variant) in definition.Variants.Index())
        {
            var field = $"variants.{i}";
            if (variant.Name.Length is 0 or > FlagDefinition.NameLength || !VariantForm().IsMatch(variant.Name)) yield return new(field, "VariantName", i + 1, FlagDefinition.NameLength);
            else if (!seen.Add(variant.Name)) yield return new(field, "VariantTwice", variant.Name);
            if (variant.Payload?.Length > FlagDefinition.PayloadLength) yield return new(field, "PayloadLong", variant.Name, FlagDefinition.PayloadLength);
        }

        if (!names.Contains(definition.Off)) yield return new("off", "OffUnknown", definition.Off);
        if (!names.Contains(definition.Default)) yield return new("default", "DefaultUnknown", definition.Default);
    }

    private static IEnumerable<FlagIssue> Rule(FlagRule rule, int place, HashSet<string> names, FlagSurroundings around)
    {
        var (field, number) = ($"rules.{place}", place + 1);
        if (rule.Roles.Any(role => !around.Roles.Contains(role))) yield return new($"{field}.roles", "RoleUnknown", number);
        if (rule.People.Count > FlagDefinition.MostPeople) yield return new($"{field}.people", "PeopleMany", number, FlagDefinition.MostPeople);
        if (rule is { From: { } from, Until: { } until } && until <= from) yield return new($"{field}.until", "WindowEnds", number);
        if (rule.Thousandths is < 0 or > FlagDefinition.Everybody) yield return new($"{field}.percent", "PercentRange", number);
        if (rule.Weights.Count == 0)
        {
            if (rule.Variant is null || !names.Contains(rule.Variant)) yield return new($"{field}.outcome", "RuleVariantUnknown", number, rule.Variant ?? "");
            yield break;
        }

        if (rule.Variant is not null) yield return new($"{field}.outcome", "RuleOutcomes", number);
        foreach (var weight in rule.Weights)
            if (!names.Contains(weight.Variant)) yield return new($"{field}.outcome", "RuleVariantUnknown", number, weight.Variant);
        if (rule.Weights.DistinctBy(w => w.Variant).Count() < rule.Weights.Count) yield return new($"{field}.outcome", "WeightTwice", number);
        if (rule.Weights.Any(w => w.Thousandths is < 0 or > FlagDefinition.Everybody)) yield return new($"{field}.outcome", "WeightRange", number);
        else if (rule.Weights.Sum(w => w.Thousandths) is not FlagDefinition.Everybody and var sum) yield return new($"{field}.outcome", "WeightsSum", number, sum / 1000m);
    }

    private static IEnumerable<FlagIssue> Needs(string key, FlagDefinition definition, FlagSurroundings around)
    {
        if (definition.Needs.Count > FlagDefinition.MostPrerequisites) yield return new("needs", "NeedsMany", FlagDefinition.MostPrerequisites);
        var isSound = true;
        foreach (var (i, need) in definition.Needs.Index())
        {
            var field = $"needs.{i}";
            if (need.Flag == key) yield return new(field, "NeedSelf", i + 1);
            else if (!around.Others.TryGetValue(need.Flag, out var other)) yield return new(field, "NeedUnknown", i + 1, need.Flag);
            else if (!other.Variants.Any(v => v.Name == need.Variant)) yield return new(field, "NeedVariantUnknown", i + 1, need.Flag, need.Variant);
            else continue;
            isSound = false;
        }

        if (definition.Needs.DistinctBy(n => n.Flag).Count() < definition.Needs.Count) yield return new("needs", "NeedTwice");
        if (!isSound) yield break;
        var graph = around.Others.Where(o => o.Key != key).ToDictionary(o => o.Key, o => o.Value.Needs.Select(n => n.Flag).ToList(), StringComparer.Ordinal);
        graph[key] = [.. definition.Needs.Select(n => n.Flag)];
        if (FlagCycles.Find(key, graph) is { } cycle) yield return new("needs", "NeedCycle", string.Join(" → ", cycle));
        else if (FlagCycles.Depth(key, graph) > MostDepth) yield return new("needs", "NeedDepth", MostDepth);
    }

    [GeneratedRegex(@"^[a-z][a-z0-9_]*(\.[a-z0-9][a-z0-9_]*)+\z", RegexOptions.CultureInvariant)]
    private static partial Regex KeyForm();

    [GeneratedRegex(@"^[A-Za-z0-9][A-Za-z0-9._-]*\z", RegexOptions.CultureInvariant)]
    private static partial Regex VariantForm();
}
