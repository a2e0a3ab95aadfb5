using System.Text;
using System.Text.RegularExpressions;

namespace BlazorAdmin.Features.Documents;

/// <summary>Cuts a piece out of a text around the first of the words that were asked for, and marks them.</summary>
public static partial class Snippet
{
    private const int Before = 24;
    private const int Length = 220;
    private const int MostWords = 12;

    /// <summary>The beginning of the text where none of the words stands in it.</summary>
    public static IReadOnlyList<SnippetPart> Of(string text, string search)
    {
        var places = Places(text, search, 0, text.Length);
        var from = places.Count == 0 ? 0 : Start(text, places[0].Start);
        var to = Math.Min(text.Length, from + Length);
        if (to < text.Length && char.IsHighSurrogate(text[to - 1])) to--;
        var piece = Blanks().Replace(text[from..to], " ");
        return [.. Cut((from > 0 ? "… " : "") + piece + (to < text.Length ? " …" : ""), search)];
    }

    /// <summary>The whole text, in parts.</summary>
    public static IReadOnlyList<SnippetPart> Mark(string text, string search) => [.. Cut(text, search)];

    /// <summary>The words of a search: without signs, and without those that must not stand there.</summary>
    public static IReadOnlyList<string> Words(string search) =>
        [.. WordPattern().Matches(search.Normalize(NormalizationForm.FormC)).Where(m => !m.Groups["not"].Success).Select(m => m.Groups["word"].Value).Where(word => !word.Equals("or", StringComparison.OrdinalIgnoreCase))
            .Distinct(StringComparer.OrdinalIgnoreCase).Take(MostWords)];

    private static IEnumerable<SnippetPart> Cut(string text, string search)
    {
        var at = 0;
        foreach (var (start, length) in Places(text, search, 0, text.Length))
        {
            if (start > at) yield return new SnippetPart(text[at..start], false);
            yield return new SnippetPart(text.Substring(start, length), true);
            at = start + length;
        }
        if (at < text.Length) yield return new SnippetPart(text[at..], false);
    }

    private static List<(int Start, int Length)> Places(string text, string search, int from, int to)
    {
        var places = new List<(int Start, int Length)>();
        foreach (var word in Words(search))
        {
            for (var at = text.IndexOf(word, from, to - from, StringComparison.OrdinalIgnoreCase); at >= 0; at = text.IndexOf(word, at + word.Length, to - at - word.Length, StringComparison.OrdinalIgnoreCase))
                if (IsWhole(text, at, word.Length)) places.Add((at, word.Length));
        }
        places.Sort();
        // Of two that overlap the first counts.
        var kept = new List<(int Start, int Length)>();
        foreach (var place in places)
            if (kept.Count == 0 || place.Start >= kept[^1].Start + kept[^1].Length) kept.Add(place);
        return kept;
    }

    // The index knows whole words: parts of words are no hits.
    private static bool IsWhole(string text, int start, int length) =>
        (start == 0 || !char.IsLetterOrDigit(text[start - 1])) && (start + length == text.Length || !char.IsLetterOrDigit(text[start + length]));

    private static int Start(string text, int hit)
    {
        var from = Math.Max(0, hit - Before);
        while (from > 0 && from < hit && !char.IsWhiteSpace(text[from - 1])) from++;
        return from;
    }

    [GeneratedRegex(@"\s+", RegexOptions.None, 1_000)]
    private static partial Regex Blanks();

    [GeneratedRegex(@"(?<not>(?<=^|\s)-)?(?<word>[\p{L}\p{N}]+)", RegexOptions.None, 1_000)]
    private static partial Regex WordPattern();
}
