using System.Text;
using System.Text.RegularExpressions;

namespace BlazorAdmin.Features.Monitor.Processes;

/// <summary>Makes a command line fit for a screen: one line, bounded, and without what looks like a secret.</summary>
internal static partial class CommandText
{
    public const int Longest = 300;

    internal const string Mask = "***";

    // What is beyond cannot come into view, also where masks shorten the text.
    private const int Considered = 2_000;

    /// <param name="arguments">As the kernel keeps them: each ends with a zero byte.</param>
    public static string Of(ReadOnlySpan<byte> arguments)
    {
        var text = Encoding.UTF8.GetString(arguments[..Math.Min(arguments.Length, Considered)]).TrimEnd('\0');
        var line = string.Join(' ', CommandSecrets.Mask(text.Split('\0')));
        return Shorten(string.Create(line.Length, line, static (span, from) =>
        {
            for (var i = 0; i < span.Length; i++) span[i] = char.IsControl(from[i]) ? ' ' : from[i];
        }).Trim());
    }

    public static string MaskSecrets(string line)
    {
        line = Credentials().Replace(line, $"$1{Mask}@");
        line = KnownToken().Replace(line, $"$1{Mask}");
        line = Authorization().Replace(line, $"$1{Mask}");
        line = Assigned().Replace(line, $"$1{Mask}");
        return Option().Replace(line, $"$1{Mask}");
    }

    private static string Shorten(string text)
    {
        if (text.Length <= Longest) return text;
        var cut = char.IsHighSurrogate(text[Longest - 2]) ? Longest - 2 : Longest - 1;
        return string.Concat(text.AsSpan(0, cut), "…");
    }

    internal const string Names = "(?:pass(?:word|wd|phrase)?|pwd|secret|token|api[_-]?key|access[_-]?key|private[_-]?key|account[_-]?key|credentials?|connection[_-]?string|signature)";
    private const string Value = """(?:"[^"]*"|'[^']*'|[^\s;&,"']+)""";

    /// <summary>scheme://user:SECRET@host; a secret may hold slashes and more of the sign.</summary>
    [GeneratedRegex(@"(://[^\s/:@]{0,100}:)\S+@(?=[^\s/@])", RegexOptions.IgnoreCase)]
    private static partial Regex Credentials();

    /// <summary>Tokens that say by their beginning what they are: of this portal, GitHub, GitLab, Slack, AWS, and signed JSON.</summary>
    [GeneratedRegex(@"(?<![A-Za-z0-9_-])(ba_|gh[opsur]_|github_pat_|glpat-|xox[a-z]-|AKIA|eyJ)[A-Za-z0-9_.-]{8,}")]
    private static partial Regex KnownToken();

    [GeneratedRegex(@"\b((?:bearer|basic)\s+)[^\s""']+", RegexOptions.IgnoreCase)]
    private static partial Regex Authorization();

    /// <summary>name=SECRET, also inside of a connection string or of a script.</summary>
    [GeneratedRegex("(" + Names + @"[\w.-]{0,20}\s?[=:]\s?)" + Value, RegexOptions.IgnoreCase)]
    private static partial Regex Assigned();

    /// <summary>--name SECRET, and --key SECRET.</summary>
    [GeneratedRegex(@"((?<=^|\s)--?[\w-]{0,40}(?:" + Names + @"|key)[\w-]{0,20}\s+)(?![-*])" + Value, RegexOptions.IgnoreCase)]
    private static partial Regex Option();
}
