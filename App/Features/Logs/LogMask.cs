using System.Text.RegularExpressions;

namespace BlazorAdmin.Features.Logs;

/// <summary>Takes secrets out of what is kept: values with telling names, and what looks like one inside a text.</summary>
public static partial class LogMask
{
    public const string Masked = "***";

    private static readonly string[] SecretParts = ["password", "passwort", "passwd", "pwd", "secret", "token", "credential", "connectionstring", "authorization", "cookie", "apikey"];

    /// <summary>True if a value of that name must not be kept.</summary>
    public static bool IsSecret(string name) =>
        // Ids of tokens to cancel and the like have no such names here; a key that opens nothing is not missed.
        name.EndsWith("key", StringComparison.OrdinalIgnoreCase) || SecretParts.Any(part => name.Contains(part, StringComparison.OrdinalIgnoreCase));

    /// <summary>The text without the values of <c>password=...</c> and the like, access tokens and bearer headers.</summary>
    public static string Clean(string text)
    {
        if (text.Length == 0) return text;
        // A database refuses this character in a text.
        if (text.Contains('\0', StringComparison.Ordinal)) text = text.Replace("\0", "", StringComparison.Ordinal);
        if (text.AsSpan().IndexOfAny('=', ':') >= 0) text = Assigned().Replace(text, match => match.Groups[1].Value + Masked);
        if (text.Contains("earer ", StringComparison.Ordinal)) text = Bearer().Replace(text, "$1" + Masked);
        return text.Contains("ba_", StringComparison.Ordinal) ? AccessToken().Replace(text, "ba_" + Masked) : text;
    }

    public static string Clean(string text, int length) => Clean(text) is var clean && clean.Length > length ? string.Concat(clean.AsSpan(0, length - 1), "…") : clean;

    [GeneratedRegex(@"((?:password|passwort|passwd|pwd|secret|token|api[_-]?key|access[_-]?key|credential)""?\s*[=:]\s*""?)(?:'[^']*'|[^\s;,&""'}]+)", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 250)]
    private static partial Regex Assigned();

    [GeneratedRegex(@"([Bb]earer\s+)[A-Za-z0-9._~+/=-]{8,}", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 250)]
    private static partial Regex Bearer();

    [GeneratedRegex(@"\bba_[A-Za-z0-9_-]{16,}", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 250)]
    private static partial Regex AccessToken();
}
