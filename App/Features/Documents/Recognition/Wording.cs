using System.Globalization;
using System.Text;

namespace BlazorAdmin.Features.Documents.Recognition;

/// <summary>Counts of tokens of a text; numbers, dates and codes are neutral and not among them.</summary>
internal readonly record struct WordCounts(int Tokens, int Garbage);

/// <summary>
/// Tells words from what character recognition or a broken font makes of a page, without a dictionary: a word of an alphabet has vowels, no
/// sign in its middle, no capital after small letters more than twice, no letter four times, and letters of one script. Any language counts
/// that does so; scripts without vowels or cases (Arabic, Hebrew, Chinese, Japanese, Korean, Thai) are words when their letters belong together.
/// </summary>
internal static class Wording
{
    private const int LongestConsonants = 9; // "Angstschweiß" has eight in a row.
    private const int LongestVowels = 5;
    private const int LongestCode = 24;
    private const int NeutralLength = 2;
    private const string Inner = "-–'’`´./@_:&+‐‑·";
    private const string Vowels = "aeiouyæøœıаеёиоуыэюяєіїαεηιουωάέήίόύώ";

    public static WordCounts Judge(string text)
    {
        var (tokens, garbage) = (0, 0);
        foreach (var piece in text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries))
        {
            switch (IsWord(piece))
            {
                case true:
                    tokens++;
                    break;
                case false:
                    tokens++;
                    garbage++;
                    break;
            }
        }
        return new WordCounts(tokens, garbage);
    }

    /// <summary>Characters that stand for none: replacement, private use, control, not assigned.</summary>
    public static bool IsUnmappable(Rune rune) =>
        rune.Value == 0xFFFD || Rune.GetUnicodeCategory(rune) is UnicodeCategory.PrivateUse or UnicodeCategory.OtherNotAssigned or UnicodeCategory.Control;

    /// <returns>Null for what is neither: numbers, codes, marks of one sign, abbreviations of two letters.</returns>
    private static bool? IsWord(string piece)
    {
        foreach (var rune in piece.EnumerateRunes())
        {
            if (IsUnmappable(rune)) return false;
        }
        var core = piece.AsSpan().Trim("()[]{}<>\"'“”„‚‘’«»‹›,;:.!?*•…|/\\–—-_=+~#%§€$£&°©®™^`´·".AsSpan());
        // Lines, leaders and bullets are of one kind of sign; a mixture of signs is what stains turn into.
        if (core.IsEmpty) return piece.Length > 2 && piece.Distinct().Count() > 2 ? false : null;
        var (letters, digits, others) = Count(core);
        if (letters == 0) return piece.Length > NeutralLength && others > digits ? false : null;
        // Scripts without cases write sentences without spaces, signs among the letters.
        if (letters > others + digits && HasCaseless(core)) return true;
        if (core.Contains("://", StringComparison.Ordinal) || core.StartsWith("www.", StringComparison.OrdinalIgnoreCase)) return null;
        if (digits > 0) return others == 0 && core.Length <= LongestCode ? null : core.Length <= LongestCode * 3 && others <= 2 ? null : false;
        if (letters <= NeutralLength) return others > 0 ? false : null;
        if (others > 0) return false;
        return Looks(core);
    }

    private static (int Letters, int Digits, int Others) Count(ReadOnlySpan<char> core)
    {
        var (letters, digits, others) = (0, 0, 0);
        foreach (var sign in core)
        {
            if (char.IsLetter(sign) || char.IsSurrogate(sign) || CharUnicodeInfo.GetUnicodeCategory(sign) is UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark) letters++;
            else if (char.IsDigit(sign)) digits++;
            else if (!Inner.Contains(sign) && sign is not (',' or '\u00AD' or '\u200B' or '\u200C' or '\u200D' or '%' or '€' or '$' or '(' or ')')) others++;
        }
        return (letters, digits, others);
    }

    private static bool Looks(ReadOnlySpan<char> core)
    {
        var (vowels, run, vowelRun, same, rises) = (0, 0, 0, 1, 0);
        var previous = '\0';
        var (latin, other) = (0, 0);
        foreach (var sign in core)
        {
            if (!char.IsLetter(sign))
            {
                (run, vowelRun, previous) = (0, 0, '\0');
                continue;
            }
            if (!HasCases(sign)) return true;
            _ = sign < 0x250 || sign is >= '\u1E00' and <= '\u1EFF' ? latin++ : other++;
            var plain = Plain(sign);
            if (Vowels.Contains(plain)) (vowels, vowelRun, run) = (vowels + 1, vowelRun + 1, 0);
            else (run, vowelRun) = (run + 1, 0);
            same = char.ToLowerInvariant(sign) == char.ToLowerInvariant(previous) ? same + 1 : 1;
            if (char.IsLower(previous) && char.IsUpper(sign)) rises++;
            if (run > LongestConsonants || vowelRun > LongestVowels || same > 3 || rises > 2) return false;
            previous = sign;
        }
        if (latin > 0 && other > 0) return false;
        // "GmbH", "bzw", "XML": short ones live without a vowel.
        return vowels > 0 || core.Length <= 5;
    }

    private static bool HasCaseless(ReadOnlySpan<char> core)
    {
        foreach (var sign in core)
        {
            if (char.IsLetter(sign) && !HasCases(sign)) return true;
        }
        return false;
    }

    private static bool HasCases(char sign) => char.IsUpper(sign) || char.IsLower(sign);

    private static char Plain(char sign)
    {
        var small = char.ToLowerInvariant(sign);
        if (small < 0x80) return small;
        var parts = small.ToString().Normalize(NormalizationForm.FormD);
        return parts[0];
    }
}
