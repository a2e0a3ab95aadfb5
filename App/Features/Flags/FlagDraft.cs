using BlazorAdmin.Shell;

namespace BlazorAdmin.Features.Flags;

/// <summary>A variant in the editor.</summary>
public sealed class VariantDraft
{
    public string Name { get; set; } = "";

    public string Payload { get; set; } = "";
}

/// <summary>A prerequisite in the editor.</summary>
public sealed class NeedDraft
{
    public string Flag { get; set; } = "";

    public string Variant { get; set; } = "";
}

/// <summary>A weight in the editor, in percent.</summary>
public sealed class WeightDraft
{
    public string Variant { get; set; } = "";

    public decimal Percent { get; set; }
}

/// <summary>A rule in the editor; times are the person's wall times.</summary>
public sealed class RuleDraft
{
    public HashSet<Guid> Roles { get; init; } = [];

    public List<FlagPersonRow> People { get; init; } = [];

    public DateTime? From { get; set; }

    public DateTime? Until { get; set; }

    public decimal? Percent { get; set; }

    /// <summary>Null where weights spread people.</summary>
    public string? Variant { get; set; }

    public List<WeightDraft> Weights { get; init; } = [];
}

/// <summary>A definition as the editor holds it, until it is saved.</summary>
public sealed class FlagDraft
{
    public string Description { get; set; } = "";

    public List<VariantDraft> Variants { get; init; } = [];

    public string Off { get; set; } = "";

    public string Default { get; set; } = "";

    public List<RuleDraft> Rules { get; init; } = [];

    public List<NeedDraft> Needs { get; init; } = [];

    public DateOnly? EndsOn { get; set; }

    public bool Permanent { get; set; }

    public static FlagDraft Of(FlagDefinition definition, string? description, FlagChoices choices, Display display, string goneName) => new()
    {
        Description = description ?? "", Off = definition.Off, Default = definition.Default, EndsOn = definition.EndsOn, Permanent = definition.Permanent,
        Variants = [.. definition.Variants.Select(v => new VariantDraft { Name = v.Name, Payload = v.Payload ?? "" })],
        Needs = [.. definition.Needs.Select(n => new NeedDraft { Flag = n.Flag, Variant = n.Variant })],
        Rules =
        [
            .. definition.Rules.Select(r => new RuleDraft
            {
                Roles = [.. r.Roles], People = [.. r.People.Select(p => choices.People.GetValueOrDefault(p) ?? new FlagPersonRow(p, goneName, null))],
                From = r.From is { } from ? display.Local(from).DateTime : null, Until = r.Until is { } until ? display.Local(until).DateTime : null,
                Percent = r.Thousandths / 1000m, Variant = r.Variant, Weights = [.. r.Weights.Select(w => new WeightDraft { Variant = w.Variant, Percent = w.Thousandths / 1000m })],
            }),
        ],
    };

    public FlagDefinition ToDefinition(Display display) => new()
    {
        Off = Off, Default = Default, EndsOn = EndsOn, Permanent = Permanent,
        Variants = [.. Variants.Select(v => new FlagVariant(v.Name.Trim(), v.Payload.Length == 0 ? null : v.Payload.ReplaceLineEndings("\n")))],
        Needs = [.. Needs.Select(n => new FlagPrerequisite(n.Flag, n.Variant))],
        Rules =
        [
            .. Rules.Select(r => new FlagRule
            {
                Roles = [.. r.Roles.Order()], People = [.. r.People.Select(p => p.Id).Distinct()], From = r.From is { } from ? display.Instant(from) : null,
                Until = r.Until is { } until ? display.Instant(until) : null, Thousandths = Thousandths(r.Percent), Variant = r.Variant,
                Weights = [.. r.Weights.Select(w => new FlagWeight(w.Variant, Thousandths(w.Percent) ?? 0))],
            }),
        ],
    };

    /// <summary>Gives a variant another name wherever this draft names it.</summary>
    public void Rename(VariantDraft variant, string name)
    {
        var before = variant.Name;
        variant.Name = name.Trim();
        // A second one of the old name is still meant.
        if (before.Length == 0 || Variants.Exists(v => v.Name == before)) return;
        if (Off == before) Off = variant.Name;
        if (Default == before) Default = variant.Name;
        foreach (var rule in Rules)
        {
            if (rule.Variant == before) rule.Variant = variant.Name;
            foreach (var weight in rule.Weights.Where(w => w.Variant == before)) weight.Variant = variant.Name;
        }
    }

    /// <summary>Moves a rule; outside the list nothing happens.</summary>
    public void Move(RuleDraft rule, int by)
    {
        var (from, to) = (Rules.IndexOf(rule), Rules.IndexOf(rule) + by);
        if (from < 0 || to < 0 || to >= Rules.Count) return;
        Rules.RemoveAt(from);
        Rules.Insert(to, rule);
    }

    // Beyond any share it stays beyond: the check names the field.
    private static int? Thousandths(decimal? percent) => percent is { } share ? (int)Math.Round(Math.Clamp(share, -1, 1_000) * 1_000) : null;
}
