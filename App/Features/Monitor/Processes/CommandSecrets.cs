using System.Text.RegularExpressions;

namespace BlazorAdmin.Features.Monitor.Processes;

/// <summary>
/// Masks secrets in the arguments of a process. The bounds of the arguments say where a secret ends, whatever characters it has; what
/// is inside of one argument, as with <c>sh -c</c>, is masked by what it looks like.
/// </summary>
internal static partial class CommandSecrets
{
    public static IEnumerable<string> Mask(IReadOnlyList<string> arguments)
    {
        var tool = default(Tool);
        var hidesNext = false;
        foreach (var argument in arguments)
        {
            var isHidden = hidesNext && argument.Length > 0 && !argument.StartsWith("--", StringComparison.Ordinal);
            hidesNext = false;
            if (isHidden)
            {
                yield return CommandText.Mask;
                continue;
            }

            tool = ToolOf(argument) ?? tool;
            hidesNext = SecretOption().IsMatch(argument) || tool?.HidesNext(argument) == true;
            yield return Within(argument, tool);
        }
    }

    private static string Within(string argument, Tool? tool)
    {
        if (tool?.Glued(argument) is { } glued) return glued;
        if (Assigned().Match(argument) is { Success: true } assigned) return assigned.Value + CommandText.Mask;
        var masked = CommandText.MaskSecrets(argument);
        // A script of its own: its words are arguments of other programs.
        return masked.Contains(' ', StringComparison.Ordinal) ? string.Join(' ', Words(masked)) : masked;
    }

    private static IEnumerable<string> Words(string script)
    {
        var tool = default(Tool);
        var hidesNext = false;
        foreach (var word in script.Split(' '))
        {
            if (hidesNext && word.Length > 0)
            {
                hidesNext = false;
                yield return CommandText.Mask;
                continue;
            }

            tool = ToolOf(word.Trim('"', '\'', '(', ';', '`', '$')) ?? tool;
            hidesNext = hidesNext || tool?.HidesNext(word) == true;
            yield return tool?.Glued(word) ?? word;
        }
    }

    private static Tool? ToolOf(string argument)
    {
        if (argument.StartsWith('-') || argument.Length == 0) return null;
        var name = argument[(argument.LastIndexOf('/') + 1)..];
        return Array.Find(Tools, tool => name.StartsWith(tool.Name, StringComparison.OrdinalIgnoreCase));
    }

    // The short forms that are known to carry a secret, by the beginning of the program's name.
    private static readonly Tool[] Tools =
    [
        new("mysql", [], ["-p"]), new("mariadb", [], ["-p"]), new("sshpass", ["-p"], ["-p"]), new("redis-cli", ["-a"], []), new("ldap", ["-w"], ["-w"]),
        new("curl", ["-u", "--user", "-U", "--proxy-user"], ["-u", "-U", "--user=", "--proxy-user="]),
    ];

    /// <summary>--name, with a name that tells of a secret: the next argument is it.</summary>
    [GeneratedRegex(@"\A--?[\w.-]{0,40}(?:" + CommandText.Names + @"|key)[\w.-]{0,20}\z", RegexOptions.IgnoreCase)]
    private static partial Regex SecretOption();

    /// <summary>--name=SECRET or NAME=SECRET: all the rest of the argument is it.</summary>
    [GeneratedRegex(@"\A(?:--?[\w.-]{0,40}(?:" + CommandText.Names + @"|key)|[\w.]{0,40}" + CommandText.Names + @")[\w.-]{0,20}=", RegexOptions.IgnoreCase)]
    private static partial Regex Assigned();

    /// <param name="Apart">Options whose next argument is a secret.</param>
    /// <param name="Together">Options with the secret in the same argument.</param>
    private sealed record Tool(string Name, string[] Apart, string[] Together)
    {
        public bool HidesNext(string argument) => Apart.Contains(argument);

        public string? Glued(string argument) =>
            Array.Find(Together, option => argument.Length > option.Length && argument.StartsWith(option, StringComparison.Ordinal)) is { } found ? found + CommandText.Mask : null;
    }
}
