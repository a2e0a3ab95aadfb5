using System.Text;
using System.Text.RegularExpressions;

namespace BlazorAdmin.Benchmarks.Documents;

/// <summary>
/// Normalised indel similarity of two Markdown texts over words: 2 * LCS / (words of a + words of b), where LCS is the length of
/// the longest common subsequence. Marks are stripped first: comments, tags, link targets, entities, fences, table rules and the
/// marks of headings, lists, quotes and emphasis. Words are runs of letters and digits in compatibility form (NFKC).
/// </summary>
internal static partial class TextSimilarity
{
    /// <returns>1 for the same words in the same order; two texts without words are the same.</returns>
    public static double Of(string first, string second)
    {
        var (a, b) = (Words(first), Words(second));
        return a.Count + b.Count == 0 ? 1 : 2.0 * CommonLength(a, b) / (a.Count + b.Count);
    }

    public static IReadOnlyList<string> Words(string markdown) =>
        [.. Word().Matches(Strip(markdown).Normalize(NormalizationForm.FormKC)).Select(match => match.Value)];

    internal static string Strip(string markdown)
    {
        var text = Comment().Replace(markdown, " ");
        text = Line().Replace(text, "");
        text = Link().Replace(text, "$1");
        text = Reference().Replace(text, "$1");
        text = Tag().Replace(text, " ");
        text = System.Net.WebUtility.HtmlDecode(text);
        return Escape().Replace(text, "$1");
    }

    /// <summary>Two rows of the table of Wagner and Fischer (1974) are enough for the length.</summary>
    private static int CommonLength(IReadOnlyList<string> a, IReadOnlyList<string> b)
    {
        var (above, row) = (new int[b.Count + 1], new int[b.Count + 1]);
        foreach (var word in a)
        {
            for (var j = 1; j <= b.Count; j++) row[j] = word == b[j - 1] ? above[j - 1] + 1 : Math.Max(above[j], row[j - 1]);
            (above, row) = (row, above);
        }
        return above[b.Count];
    }

    [GeneratedRegex("<!--.*?-->", RegexOptions.Singleline)]
    private static partial Regex Comment();

    /// <summary>Numbers of lists count as marks: which of them a converter writes depends on its dialect.</summary>
    [GeneratedRegex(@"^[ \t]*(#{1,6} |(>\s?)+|([-*+]|\d{1,3}[.)]) |```\w*|~~~~?\w*|\|?[ :|-]*-[ :|-]*\|?[ \t]*$)", RegexOptions.Multiline)]
    private static partial Regex Line();

    [GeneratedRegex(@"!?\[((?:[^\[\]]|\[[^\]]*\])*)\]\([^()\s]*(?:\([^()]*\)[^()\s]*)*(?:\s+""[^""]*"")?\)")]
    private static partial Regex Link();

    [GeneratedRegex(@"\[\^(\w+)\]:?")]
    private static partial Regex Reference();

    [GeneratedRegex(@"</?[a-zA-Z][^<>]*>")]
    private static partial Regex Tag();

    [GeneratedRegex(@"\\([\\`*_\[\]<>|#.()+!{}$~-])")]
    private static partial Regex Escape();

    [GeneratedRegex(@"[\p{L}\p{M}\p{N}]+")]
    private static partial Regex Word();
}
