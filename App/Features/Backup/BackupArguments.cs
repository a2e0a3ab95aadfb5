using BlazorAdmin.Shell;

namespace BlazorAdmin.Features.Backup;

/// <summary>The words behind a verb: one free word, options with a value, switches. Settings of the portal (<c>--DataDirectory=…</c>) are none of its business.</summary>
internal sealed record BackupArguments(string? Free, IReadOnlyDictionary<string, string> Options)
{
    public bool Has(string name) => Options.ContainsKey(name);

    public string? Value(string name) => Options.GetValueOrDefault(name);

    /// <returns>Null with a message if a word is left over or a value is missing.</returns>
    public static (BackupArguments? Arguments, string? Problem) Read(IReadOnlyList<string> words, IReadOnlyCollection<string> valued, IReadOnlyCollection<string> switches, bool takesFree)
    {
        var options = new Dictionary<string, string>();
        string? free = null;
        for (var i = 0; i < words.Count; i++)
        {
            var (name, value) = words[i].Split('=', 2) is [var before, var after] ? (before, after) : (words[i], null);
            if (switches.Contains(name)) options[name] = "";
            else if (valued.Contains(name))
            {
                if (value is null && i + 1 < words.Count && !words[i + 1].StartsWith('-')) value = words[++i];
                if (string.IsNullOrEmpty(value)) return (null, $"{name} wants a value behind it.");
                options[name] = value;
            }
            else if (!words[i].StartsWith('-'))
            {
                if (!takesFree || free is not null) return (null, $"'{words[i]}' is one word too many.");
                free = words[i];
            }
            else if (CommandLine.IsSetting(name))
            {
                // A setting in two words takes the second with it.
                if (value is null && i + 1 < words.Count && !words[i + 1].StartsWith('-')) i++;
            }
            else return (null, $"There is no option {name}.");
        }

        return (new BackupArguments(free, options), null);
    }
}
