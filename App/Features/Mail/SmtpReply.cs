using System.Text.RegularExpressions;

namespace BlazorAdmin.Features.Mail;

/// <summary>One answer of a mail server: a code and its lines (RFC 5321, 4.2).</summary>
internal sealed partial record SmtpReply(int Code, IReadOnlyList<string> Lines)
{
    private const int LongestText = 900;

    /// <summary>Code and, if there is one, enhanced status, without the server's words: a server that repeats a command would repeat the password.</summary>
    public string Verdict => EnhancedOf(Text) is { } status ? $"{Code} {status}" : $"{Code}";

    /// <summary>Code and words on one line, as people and the log read them.</summary>
    public string Text => MailRenderer.OneLine($"{Code} {string.Join(" ", Lines)}", LongestText);

    /// <summary>The enhanced status code (RFC 3463) with which an answer's words begin; null if there is none.</summary>
    public static string? EnhancedOf(string? text) => text is not null && Status().Match(text) is { Success: true } match ? match.Groups[1].Value : null;

    [GeneratedRegex(@"^(?:\d{3}\s+)?([245]\.\d{1,3}\.\d{1,3})\b", RegexOptions.CultureInvariant)]
    private static partial Regex Status();
}
