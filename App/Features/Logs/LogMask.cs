using System.Text.RegularExpressions;

namespace BlazorAdmin.Features.Logs;

/// <summary>Takes secrets out of what is kept: values with telling names, and what looks like one inside a text.</summary>
public static partial class LogMask
{
    public const string Masked = "***";

    // Masks shorten a text: what is beyond this many times the wanted length hardly ever comes into view.
    private const int Considered = 4;

    private static readonly string[] SecretParts = ["password", "passwort", "passwd", "pwd", "secret", "token", "credential", "connectionstring", "authorization", "cookie", "apikey"];

    /// <summary>True if a value of that name must not be kept.</summary>
    public static bool IsSecret(string name) =>
        // Ids of tokens to cancel and the like have no such names here; a key that opens nothing is not missed.
        name.EndsWith("key", StringComparison.OrdinalIgnoreCase) || SecretParts.Any(part => name.Contains(part, StringComparison.OrdinalIgnoreCase));

    /// <summary>
    /// The text without the values of <c>password=...</c> and the like, access tokens and bearer headers, and without what no database
    /// takes. A text that takes too long to look through is masked as a whole.
    /// </summary>
    public static string Clean(string text)
    {
        if (text.Length == 0) return text;
        try
        {
            return WithoutSecrets(Storable(text));
        }
        catch (RegexMatchTimeoutException)
        {
            return Masked;
        }
    }

    public static string Clean(string text, int length) =>
        Clean(Cut(text, length * Considered)) is var clean && clean.Length > length ? Cut(clean, length - 1) + "…" : clean;

    /// <summary>The first characters, at most <paramref name="length"/>; a pair of surrogates stays whole.</summary>
    public static string Cut(string text, int length) => text.Length <= length ? text : text[..(length > 0 && char.IsHighSurrogate(text[length - 1]) ? length - 1 : length)];

    /// <summary>The text without zeros, and with U+FFFD for each half of a pair of surrogates: UTF-8 has no form for one.</summary>
    public static string Storable(string text)
    {
        // A database refuses this character in a text.
        if (text.Contains('\0', StringComparison.Ordinal)) text = text.Replace("\0", "", StringComparison.Ordinal);
        if (text.AsSpan().IndexOfAnyInRange('\uD800', '\uDFFF') < 0) return text;
        return string.Create(text.Length, text, static (span, from) =>
        {
            for (var i = 0; i < from.Length; i++)
            {
                var isPair = char.IsHighSurrogate(from[i]) && i + 1 < from.Length && char.IsLowSurrogate(from[i + 1]);
                span[i] = char.IsSurrogate(from[i]) && !isPair ? '\uFFFD' : from[i];
                if (isPair) span[++i] = from[i];
            }
        });
    }

    private static string WithoutSecrets(string text)
    {
        if (text.AsSpan().IndexOfAny('=', ':') >= 0) text = Assigned().Replace(text, match => match.Groups[1].Value + Masked);
        if (text.Contains("earer ", StringComparison.Ordinal)) text = Bearer().Replace(text, "$1" + Masked);
        return text.Contains("ba_", StringComparison.Ordinal) ? AccessToken().Replace(text, "ba_" + Masked) : text;
    }

    [GeneratedRegex(@"((?:password|passwort|passwd|pwd|secret|token|api[_-]?key|access[_-]?key|credential)""?\s*[=:]\s*""?)(?:'[^']*'|[^\s;,&""'}]+)", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 250)]
    private static partial Regex Assigned();

    [GeneratedRegex(@"([Bb]earer\s+)[A-Za-z0-9._~+/=-]{8,}", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 250)]
    private static partial Regex Bearer();

    [GeneratedRegex(@"\bba_[A-Za-z0-9_-]{16,}", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 250)]
    private static partial Regex AccessToken();
}
