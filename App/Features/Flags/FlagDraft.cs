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
    /// <summary>The variant itself, whatever it is called meanwhile.</summary>
    public required VariantDraft Variant { get; init; }

    public decimal Percent { get; set; }
}

/// <summary>A rule in the editor; times are the person's wall times.</summary>
public sealed class RuleDraft
{
    // The moment behind a wall time that nobody has touched: twice in a year an hour happens twice, and the wall time alone means its other half.
    private (DateTime? Wall, DateTimeOffset? At) _from, _until;

    public HashSet<Guid> Roles { get; init; } = [];

    public List<FlagPersonRow> People { get; init; } = [];

    public DateTime? From { get => _from.Wall; set => Set(ref _from, value); }

    public DateTime? Until { get => _until.Wall; set => Set(ref _until, value); }

    public decimal? Percent { get; set; }

    /// <summary>Null where weights spread people.</summary>
    public string? Variant { get; set; }

    public List<WeightDraft> Weights { get; init; } = [];

    /// <summary>Takes over the moments of a window as they are stored.</summary>
    public void Show(DateTimeOffset? from, DateTimeOffset? until, Display display)
    {
        _from = (from is { } begin ? display.Local(begin).DateTime : null, from);
        _until = (until is { } end ? display.Local(end).DateTime : null, until);
    }

    public DateTimeOffset? FromAt(Display display) => AtOf(_from, display);

    public DateTimeOffset? UntilAt(Display display) => AtOf(_until, display);

    // Fields hold minutes: what comes back without its seconds is not touched.
    private static void Set(ref (DateTime? Wall, DateTimeOffset? At) moment, DateTime? wall)
    {
        if (Minute(wall) != Minute(moment.Wall)) moment = (wall, null);
    }

    private static DateTime? Minute(DateTime? wall) => wall?.AddTicks(-(wall.Value.Ticks % TimeSpan.TicksPerMinute));

    private static DateTimeOffset? AtOf((DateTime? Wall, DateTimeOffset? At) moment, Display display) => moment.At ?? (moment.Wall is { } wall ? display.Instant(wall) : null);
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

    public bool FourEyes { get; set; }

    public static FlagDraft Of(FlagDefinition definition, string? description, FlagChoices choices, Display display, string goneName)
    {
        var draft = new FlagDraft
        {
            Description = description ?? "", Off = definition.Off, Default = definition.Default, EndsOn = definition.EndsOn, Permanent = definition.Permanent, FourEyes = definition.FourEyes,
            Variants = [.. definition.Variants.Select(v => new VariantDraft { Name = v.Name, Payload = v.Payload ?? "" })],
            Needs = [.. definition.Needs.Select(n => new NeedDraft { Flag = n.Flag, Variant = n.Variant })],
        };
        foreach (var stored in definition.Rules)
        {
            var rule = new RuleDraft
            {
                Roles = [.. stored.Roles], People = [.. stored.People.Select(p => choices.People.GetValueOrDefault(p) ?? new FlagPersonRow(p, goneName, null))],
                Percent = stored.Thousandths / 1000m, Variant = stored.Variant,
            };
            rule.Show(stored.From, stored.Until, display);
            foreach (var weight in stored.Weights)
                if (draft.Variants.Find(v => v.Name == weight.Variant && rule.Weights.TrueForAll(w => w.Variant != v)) is { } variant)
                    rule.Weights.Add(new WeightDraft { Variant = variant, Percent = weight.Thousandths / 1000m });
            draft.Rules.Add(rule);
        }

        draft.FillWeights();
        return draft;
    }

    public FlagDefinition ToDefinition(Display display) => new()
    {
        Off = Off, Default = Default, EndsOn = EndsOn, Permanent = Permanent, FourEyes = FourEyes,
        Variants = [.. Variants.Select(v => new FlagVariant(v.Name.Trim(), v.Payload.Length == 0 ? null : v.Payload.ReplaceLineEndings("\n")))],
        Needs = [.. Needs.Select(n => new FlagPrerequisite(n.Flag, n.Variant))],
        Rules =
        [
            .. Rules.Select(r => new FlagRule
            {
                Roles = [.. r.Roles.Order()], People = [.. r.People.Select(p => p.Id).Distinct()], From = r.FromAt(display), Until = r.UntilAt(display),
                Thousandths = Thousandths(r.Percent), Variant = r.Variant, Weights = [.. r.Weights.Select(w => new FlagWeight(w.Variant.Name.Trim(), Thousandths(w.Percent) ?? 0))],
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
        foreach (var rule in Rules.Where(r => r.Variant == before)) rule.Variant = variant.Name;
    }

    public void AddVariant()
    {
        Variants.Add(new VariantDraft());
        FillWeights();
    }

    public void RemoveVariant(VariantDraft variant)
    {
        Variants.Remove(variant);
        foreach (var rule in Rules) rule.Weights.RemoveAll(w => w.Variant == variant);
    }

    /// <summary>Spreads the people of a rule evenly over the variants that have a name; what does not divide goes to the first.</summary>
    public void Spread(RuleDraft rule)
    {
        rule.Variant = null;
        rule.Weights.Clear();
        var named = Variants.Where(v => v.Name.Length > 0).DistinctBy(v => v.Name).ToList();
        var share = Math.Floor(100_000m / Math.Max(1, named.Count)) / 1_000;
        rule.Weights.AddRange(named.Select((variant, i) => new WeightDraft { Variant = variant, Percent = i == 0 ? 100 - share * (named.Count - 1) : share }));
        FillWeights();
    }

    /// <summary>Moves a rule; outside the list nothing happens.</summary>
    public void Move(RuleDraft rule, int by)
    {
        var (from, to) = (Rules.IndexOf(rule), Rules.IndexOf(rule) + by);
        if (from < 0 || to < 0 || to >= Rules.Count) return;
        Rules.RemoveAt(from);
        Rules.Insert(to, rule);
    }

    // At the end: the order decides who falls into which share, and a variant more must not move anybody.
    private void FillWeights()
    {
        foreach (var rule in Rules.Where(r => r.Variant is null))
            rule.Weights.AddRange([.. Variants.Where(v => rule.Weights.TrueForAll(w => w.Variant != v)).Select(v => new WeightDraft { Variant = v })]);
    }

    // Beyond any share it stays beyond: the check names the field.
    private static int? Thousandths(decimal? percent) => percent is { } share ? (int)Math.Round(Math.Clamp(share, -1, 1_000) * 1_000) : null;
}
