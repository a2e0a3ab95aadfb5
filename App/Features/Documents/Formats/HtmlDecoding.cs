using System.Text;
using System.Text.RegularExpressions;
using BlazorAdmin.Features.Documents.Reading;

namespace BlazorAdmin.Features.Documents.Formats;

/// <summary>The encoding of an HTML file: its bytes where they tell, else what its own meta element says.</summary>
internal static partial class HtmlDecoding
{
    private const int MetaWithin = 4_096;

    public static string? Decode(byte[] bytes)
    {
        var guessed = TextDecoding.Guess(bytes, whole: true);
        if (guessed is null || guessed.CodePage != 1252) return guessed?.GetString(bytes).TrimStart('\uFEFF');
        // Neither UTF-8 nor UTF-16: one of the old code pages, which only the author knows.
        var head = Encoding.Latin1.GetString(bytes.AsSpan(0, Math.Min(bytes.Length, MetaWithin)));
        return Meta().Match(head) is { Success: true } match ? EmailCoding.CharacterSet(match.Groups[1].Value, bytes) : guessed.GetString(bytes);
    }

    [GeneratedRegex("""<meta[^>]{0,200}charset\s*=\s*["']?([\w-]{2,30})""", RegexOptions.IgnoreCase)]
    private static partial Regex Meta();
}
