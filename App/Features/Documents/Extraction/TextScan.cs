namespace BlazorAdmin.Features.Documents.Extraction;

/// <summary>Small questions about a place in a text.</summary>
internal static class TextScan
{
    /// <summary>No letter or digit stands directly before <paramref name="at"/>.</summary>
    public static bool StartsWord(string text, int at) => at == 0 || !char.IsLetterOrDigit(text[at - 1]);

    /// <summary>No letter or digit stands at <paramref name="at"/>.</summary>
    public static bool EndsWord(string text, int at) => at >= text.Length || !char.IsLetterOrDigit(text[at]);

    public static bool IsDigit(char c) => c is >= '0' and <= '9';

    public static bool IsBlank(char c) => c is ' ' or '\t' or '\u00A0' or '\u202F' or '\u2009';

    /// <summary>Between the two halves of a character outside the basic plane.</summary>
    public static bool SplitsCharacter(string text, int at) => at > 0 && at < text.Length && char.IsLowSurrogate(text[at]) && char.IsHighSurrogate(text[at - 1]);

    /// <summary>The beginning of a text, with an ellipsis where more follows.</summary>
    public static string Shortened(string text, int most) => text.Length <= most ? text : text[..(SplitsCharacter(text, most) ? most - 1 : most)] + "…";

    /// <summary>The line's text before <paramref name="at"/>, at most <paramref name="most"/> characters.</summary>
    public static ReadOnlySpan<char> Before(string text, int at, int most)
    {
        var from = at;
        while (from > 0 && at - from < most && text[from - 1] is not ('\n' or '\r' or '\f')) from--;
        return text.AsSpan(from, at - from);
    }

    /// <summary>Blanks in a row become one; none at the ends.</summary>
    public static string Tidy(ReadOnlySpan<char> text)
    {
        var tidy = new System.Text.StringBuilder(text.Length);
        foreach (var c in text)
        {
            if (!char.IsWhiteSpace(c)) tidy.Append(c);
            else if (tidy.Length > 0 && tidy[^1] != ' ') tidy.Append(' ');
        }
        return tidy.ToString().TrimEnd();
    }
}
