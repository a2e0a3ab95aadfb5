using System.Globalization;
using System.Text;

namespace BlazorAdmin.Features.Documents.Classification;

/// <summary>
/// What the classifier sees of a text: the words of its beginning in lower case, digits as their shape; besides, the first three words with
/// their places and as groups of two and three (titles, letterheads, question words), and the first four letters of longer words
/// (inflected forms and German compounds share them).
/// </summary>
internal static class TextFeatures
{
    /// <summary>So much of the beginning counts.</summary>
    public const int Characters = 4_000;

    private const int MostWords = 1_000;
    private const int MostLetters = 40;
    private const string Signs = "?!%&€$£§@#:/+";

    /// <summary>Words, numbers (each digit as 0) and a few signs; none of them contains a blank or an underscore.</summary>
    public static IReadOnlyList<string> Words(string text)
    {
        var words = new List<string>();
        var word = new StringBuilder();
        var beginning = (text.Length > Characters ? text[..Characters] : text).ToLowerInvariant();
        foreach (var rune in Normalized(beginning).EnumerateRunes())
        {
            if (words.Count == MostWords) return words;
            if (Rune.IsLetter(rune) || Rune.GetUnicodeCategory(rune) == UnicodeCategory.NonSpacingMark) Append(rune.ToString());
            else if (Rune.IsDigit(rune)) Append("0");
            else
            {
                End();
                if (rune.IsAscii ? Signs.Contains((char)rune.Value) : rune.Value is '€' or '£' or '§') words.Add(rune.ToString());
            }
        }
        End();
        return words;

        void Append(string piece)
        {
            if (word.Length < MostLetters) word.Append(piece);
        }

        void End()
        {
            if (word.Length > 0) words.Add(word.ToString());
            word.Clear();
        }
    }

    /// <summary>One line for fastText.</summary>
    public static string Line(IReadOnlyList<string> words)
    {
        var line = new StringBuilder();
        for (var i = 0; i < Math.Min(3, words.Count); i++) line.Append(CultureInfo.InvariantCulture, $"{i}_{words[i]} ");
        foreach (var word in words) line.Append(word).Append(' ');
        if (words.Count > 1) line.Append("q_").Append(words[0]).Append('_').Append(words[1]).Append(' ');
        if (words.Count > 2) line.Append("q_").Append(words[0]).Append('_').Append(words[1]).Append('_').Append(words[2]).Append(' ');
        foreach (var word in words)
            if (word.Length > 4 && word[0] != '0')
                line.Append(word.AsSpan(0, 4)).Append("~ ");
        return line.ToString().TrimEnd();
    }

    private static string Normalized(string text)
    {
        try
        {
            return text.Normalize(NormalizationForm.FormKC);
        }
        catch (ArgumentException)
        {
            // Half of a surrogate pair: cut at the limit, or damaged in the file.
            return text;
        }
    }
}
