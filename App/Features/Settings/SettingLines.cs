using System.Globalization;

namespace BlazorAdmin.Features.Settings;

/// <summary>A list or map as lines of text that a person edits, and back.</summary>
public static class SettingLines
{
    internal static string Write(SettingShape shape, string key, IEnumerable<SettingItem> items) =>
        string.Join('\n', items.Select(item => shape.Kind == SettingKind.Map ? $"{item.Name[(key.Length + 1)..]}={item.Value}" : item.Value));

    /// <summary>The edits that make the entries of <paramref name="setting"/> those of <paramref name="text"/>, and what hinders them.</summary>
    /// <remarks>An entry that a layer below says cannot be taken away by the portal, only changed; asking for that is an issue.</remarks>
    public static (IReadOnlyList<SettingEdit> Edits, IReadOnlyList<SettingIssue> Issues) Read(SettingValue setting, string text)
    {
        var (edits, issues) = (new List<SettingEdit>(), new List<SettingIssue>());
        var wanted = Entries(setting, text, issues);
        foreach (var (name, value) in wanted)
        {
            var known = setting.Items.FirstOrDefault(item => item.Name.Equals(name, StringComparison.OrdinalIgnoreCase));
            if (known?.Value != value) edits.Add(new SettingEdit(known?.Name ?? name, value, known?.Version ?? 0));
        }

        foreach (var item in setting.Items.Where(item => !wanted.ContainsKey(item.Name)))
        {
            if (item.IsBelow) issues.Add(new SettingIssue(setting.Key, SettingFault.BelowStays, item.Value ?? item.Name, item.File ?? ""));
            else edits.Add(new SettingEdit(item.Name, null, item.Version));
        }

        return (edits, issues);
    }

    private static Dictionary<string, string> Entries(SettingValue setting, string text, List<SettingIssue> issues)
    {
        var entries = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var line in text.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            if (setting.Shape.Kind == SettingKind.List)
            {
                entries.Add($"{setting.Key}:{entries.Count.ToString(CultureInfo.InvariantCulture)}", line);
                continue;
            }

            var cut = line.IndexOf('=', StringComparison.Ordinal);
            if (cut < 1 || line[..cut].Contains(':', StringComparison.Ordinal)) issues.Add(new SettingIssue(setting.Key, SettingFault.NotAPair, line));
            else if (!entries.TryAdd($"{setting.Key}:{line[..cut].TrimEnd()}", line[(cut + 1)..].TrimStart())) issues.Add(new SettingIssue($"{setting.Key}:{line[..cut].TrimEnd()}", SettingFault.Twice));
        }

        return entries;
    }
}
