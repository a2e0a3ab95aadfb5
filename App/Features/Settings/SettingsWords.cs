using BlazorAdmin.Shell.Controls;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.Localization;

namespace BlazorAdmin.Features.Settings;

/// <summary>How settings read to people.</summary>
public static class SettingsWords
{
    /// <summary>A sentence that names the setting and the remedy.</summary>
    public static string Issue(IStringLocalizer<SettingsTexts> texts, SettingIssue issue) =>
        issue is { Fault: SettingFault.Other, Key: null } ? string.Join(' ', issue.Arguments) : texts[$"Issue{issue.Fault}", [issue.Key ?? "", .. issue.Arguments, "", ""]];

    public static RenderFragment Source(IStringLocalizer<SettingsTexts> texts, SettingSource source, string? file, string? owner = null) => source switch
    {
        SettingSource.Default => StateChip.Markup(Tone.Idle, texts["SourceDefault"], "circle"),
        SettingSource.File => StateChip.Markup(Tone.Info, file ?? texts["SourceFile"].Value, "document"),
        SettingSource.Database => StateChip.Markup(Tone.Ok, texts["SourcePortal"], "edit"),
        SettingSource.Environment => StateChip.Markup(Tone.Idle, texts["SourceEnvironment"], "lock", owner),
        SettingSource.CommandLine => StateChip.Markup(Tone.Idle, texts["SourceCommandLine"], "lock", owner),
        _ => StateChip.Markup(Tone.Idle, texts["SourceOther"], "circle"),
    };

    /// <summary>What a setting is for, in the person's language; null where it has no text.</summary>
    public static string? About(IStringLocalizer<SettingDocs> docs, string key) => docs[key] is { ResourceNotFound: false } text ? text.Value : null;

    public static string Section(IStringLocalizer<SettingDocs> docs, string section) => About(docs, $"Section.{section}") ?? section;

    /// <summary>Whether each word of <paramref name="search"/> stands in the key, its description or the title of its section.</summary>
    public static bool Matches(IStringLocalizer<SettingDocs> docs, string section, string key, string search) => search.Split(' ', StringSplitOptions.RemoveEmptyEntries).All(word =>
        key.Contains(word, StringComparison.OrdinalIgnoreCase) || About(docs, key)?.Contains(word, StringComparison.OrdinalIgnoreCase) == true || Section(docs, section).Contains(word, StringComparison.OrdinalIgnoreCase));

    /// <summary>Which values are taken; null if every text is.</summary>
    public static string? Allowed(IStringLocalizer<SettingsTexts> texts, SettingShape shape) => shape switch
    {
        { Least: { } least, Most: { } most } => texts["AllowedRange", Number(least), Number(most)].Value,
        { Kind: SettingKind.Whole } => texts["AllowedWhole"].Value,
        { Kind: SettingKind.List } => texts["AllowedList"].Value,
        { Kind: SettingKind.Map } => texts["AllowedMap"].Value,
        { Type: var type } when type == typeof(TimeSpan) => texts["AllowedSpan"].Value,
        { IsAddress: true } => texts["AllowedAddress"].Value,
        _ => null,
    };

    private static string Number(double number) => number.ToString(number == Math.Floor(number) ? "N0" : "N2", System.Globalization.CultureInfo.CurrentCulture);
}
