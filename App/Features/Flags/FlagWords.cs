using System.Globalization;
using BlazorAdmin.Shell;
using BlazorAdmin.Shell.Controls;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.Localization;

namespace BlazorAdmin.Features.Flags;

/// <summary>Names for the ids that rules hold.</summary>
/// <param name="Nameless">Name of the text for people that are not among them.</param>
public sealed record FlagNames(IReadOnlyDictionary<Guid, string> Roles, IReadOnlyDictionary<Guid, string> People, string Nameless)
{
    public static FlagNames None { get; } = new(new Dictionary<Guid, string>(), new Dictionary<Guid, string>(), "PersonGone");

    /// <param name="more">People whom an editor has added.</param>
    public static FlagNames Of(FlagChoices choices, IEnumerable<FlagPersonRow>? more = null) =>
        new(choices.Roles.ToDictionary(r => r.Id, r => r.Name), choices.People.Values.Concat(more ?? []).DistinctBy(p => p.Id).ToDictionary(p => p.Id, p => p.Name), choices.Nameless);
}

/// <summary>How flags read to people.</summary>
public static class FlagWords
{
    private const int NamesShown = 5;

    /// <summary>What the flag gives now, in one line.</summary>
    public static string Gives(IStringLocalizer<FlagsTexts> t, FlagRow row) => row switch
    {
        { Definition: null } => t["GivesUnreadable"],
        { ArchivedAt: not null } => t["GivesArchived"],
        { Enabled: false } => t["GivesAll", row.Definition.Off],
        { Definition.Rules.Count: 0 } => t["GivesAll", row.Definition.Default],
        _ => t.Count("GivesRules", row.Definition.Rules.Count, row.Definition.Default),
    };

    public static RenderFragment State(IStringLocalizer<FlagsTexts> t, FlagRow row) => row switch
    {
        { ArchivedAt: not null } => StateChip.Markup(Tone.Idle, t["StateArchived"], "inbox"),
        { Enabled: false } => StateChip.Markup(Tone.Warn, t["StateOff"], "stop"),
        _ => StateChip.Markup(Tone.Ok, t["StateOn"]),
    };

    /// <summary>The badge of a flag that nobody seems to need any more; nothing for others.</summary>
    public static RenderFragment? Stale(IStringLocalizer<FlagsTexts> t, FlagRow row) =>
        row.Stale == FlagStale.None ? null : StateChip.Markup(Tone.Warn, t[$"Stale{row.Stale}"], "wait", StaleReason(t, row));

    public static string StaleReason(IStringLocalizer<FlagsTexts> t, FlagRow row) => t[$"Stale{row.Stale}Hint", FlagDirectory.StaleDays];

    /// <summary>Why somebody is given what they are, from <see cref="FlagDecision.Code"/>.</summary>
    public static string Reason(IStringLocalizer<FlagsTexts> t, string code) => code.Split(':') switch
    {
        ["rule", var number] => t["ReasonRule", number],
        ["prerequisite", var number] => t["ReasonPrerequisite", number],
        ["off"] => t["ReasonOff"],
        ["default"] => t["ReasonDefault"],
        _ => t["ReasonUnknown"],
    };

    public static string Issue(IStringLocalizer<FlagsTexts> t, FlagIssue issue) => t[$"Issue{issue.Code}", issue.Arguments];

    /// <summary>The conditions of a rule in one line; "everybody" without any.</summary>
    public static string Conditions(IStringLocalizer<FlagsTexts> t, Display display, FlagRule rule, FlagNames names)
    {
        var parts = new List<string>();
        if (rule.Roles.Count > 0) parts.Add(t["IfRoles", string.Join(", ", rule.Roles.Select(r => names.Roles.GetValueOrDefault(r) ?? t["RoleGone"]))]);
        if (rule.People.Count > 0) parts.Add(t["IfPeople", NamesOf(t, rule.People, names)]);
        if (rule.From is { } from) parts.Add(t["IfFrom", display.DateTime(from)]);
        if (rule.Until is { } until) parts.Add(t["IfUntil", display.DateTime(until)]);
        if (rule.Thousandths is { } share) parts.Add(t["IfShare", Percent(share)]);
        return parts.Count == 0 ? t["IfAlways"] : string.Join("; ", parts);
    }

    public static string Outcome(FlagRule rule) => rule.Weights.Count == 0
        ? rule.Variant ?? ""
        : string.Join(", ", rule.Weights.Select(w => $"{w.Variant} {Percent(w.Thousandths)}"));

    /// <summary>Thousandths of a percent as a person reads them: "12.5 %".</summary>
    public static string Percent(int thousandths) => (thousandths / 1000m).ToString("0.###", CultureInfo.CurrentCulture) + "\u00A0%";

    /// <summary>The whole definition, a line for each thing: what a comparison shows.</summary>
    public static string Lines(IStringLocalizer<FlagsTexts> t, Display display, bool? enabled, FlagDefinition? definition, string? description, FlagNames names)
    {
        var lines = new List<string>();
        if (enabled is { } on) lines.Add(t[on ? "LineOn" : "LineOff"]);
        if (!string.IsNullOrWhiteSpace(description)) lines.Add(t["LineDescription", description.ReplaceLineEndings(" ")]);
        if (definition is null) return string.Join('\n', [.. lines, t["GivesUnreadable"]]);
        lines.AddRange(definition.Variants.Select(v => v.Payload is null ? t["LineVariant", v.Name].Value : t["LinePayload", v.Name, v.Payload.ReplaceLineEndings(" ")].Value));
        lines.Add(t["LineOffVariant", definition.Off]);
        lines.AddRange(definition.Needs.Select(n => t["LineNeed", n.Flag, n.Variant].Value));
        lines.AddRange(definition.Rules.Select((rule, i) => t["LineRule", i + 1, Conditions(t, display, rule, names), Outcome(rule)].Value));
        lines.Add(t["LineDefault", definition.Default]);
        if (definition.EndsOn is { } ends) lines.Add(t["LineEnds", ends.ToString("D", CultureInfo.CurrentCulture)]);
        if (definition.Permanent) lines.Add(t["LinePermanent"]);
        if (definition.FourEyes) lines.Add(t["LineFourEyes"]);
        return string.Join('\n', lines);
    }

    private static string NamesOf(IStringLocalizer<FlagsTexts> t, IReadOnlyList<Guid> people, FlagNames names)
    {
        var shown = string.Join(", ", people.Take(NamesShown).Select(p => names.People.GetValueOrDefault(p) ?? t[names.Nameless]));
        return people.Count > NamesShown ? t["AndMore", shown, people.Count - NamesShown] : shown;
    }
}
