using System.Globalization;

namespace BlazorAdmin.Features.Documents.Extraction;

/// <summary>
/// Amounts of money: numbers with a currency beside them, and numbers with exactly two decimals. 1.234,56 and 1,234.56 are the same;
/// one separator followed by three digits groups thousands.
/// </summary>
internal static class AmountFinder
{
    private const int MostDigits = 15;
    private const int MostCharacters = 24;

    public static void Find(PageEntities page)
    {
        var text = page.Text;
        for (var at = 0; at < text.Length; at++)
        {
            if (!TextScan.IsDigit(text[at])) continue;
            var end = NumberEnd(text, at, Currency(text, at) is not null);
            if (!IsInside(text, at)) Consider(page, at, end);
            at = end - 1;
        }
    }

    /// <summary>Reads a number as it is written on paper.</summary>
    /// <returns>Null when the separators contradict each other, as in a date or a version.</returns>
    public static (decimal Value, int Decimals)? Parse(ReadOnlySpan<char> number)
    {
        Span<char> digits = stackalloc char[MostDigits + 1];
        var (count, separators, last, lastAt, groups) = (0, 0, '\0', -1, true);
        var sincePoint = 0;
        foreach (var c in number)
        {
            if (TextScan.IsDigit(c))
            {
                if (count == MostDigits) return null;
                digits[count++] = c;
                sincePoint++;
                continue;
            }
            var mark = c is '.' or ',' ? c : ' ';
            if (separators > 0)
            {
                // A mark other than the last one can only be the decimal mark, and nothing comes after that.
                if (sincePoint != 3 || !groups) return null;
                if (mark != last) groups = false;
            }
            else if (sincePoint > 3 || (sincePoint == 1 && digits[0] == '0')) groups = false;
            (separators, last, lastAt, sincePoint) = (separators + 1, mark, count, 0);
        }
        if (count == 0 || (separators > 0 && sincePoint == 0)) return null;
        var decimals = 0;
        if (separators > 0 && !(sincePoint == 3 && groups))
        {
            // The last mark is the decimal mark: alone, or after groups of another mark.
            if (last == ' ' || sincePoint > 2 || (separators > 1 && groups)) return null;
            decimals = count - lastAt;
        }
        var value = decimal.Parse(digits[..count], NumberStyles.None, CultureInfo.InvariantCulture);
        for (var i = 0; i < decimals; i++) value /= 10;
        return (value, decimals);
    }

    public static string Form(decimal value, string? currency) => value.ToString("0.00", CultureInfo.InvariantCulture) + (currency is null ? "" : " " + currency);

    private static int NumberEnd(string text, int at, bool hasCurrency)
    {
        var end = at + 1;
        while (end < text.Length)
        {
            if (TextScan.IsDigit(text[end])) end++;
            else if (end + 1 < text.Length && TextScan.IsDigit(text[end + 1]) && (text[end] is '.' or ',' or '\'' or '’' or '\u00A0' or '\u202F' || (text[end] == ' ' && hasCurrency && IsGroup(text, end + 1)))) end += 2;
            else break;
        }
        return end;
    }

    private static bool IsGroup(string text, int at) =>
        at + 3 <= text.Length && TextScan.IsDigit(text[at]) && TextScan.IsDigit(text[at + 1]) && TextScan.IsDigit(text[at + 2]) && (at + 3 == text.Length || !TextScan.IsDigit(text[at + 3]));

    /// <summary>Part of a word, a time, a date or a number with dashes.</summary>
    private static bool IsInside(string text, int at)
    {
        if (at == 0) return false;
        var before = text[at - 1];
        if (char.IsLetter(before)) return Currencies.EndingAt(text, at) is null;
        return before is '/' or '_' or '#' or '@' or '%' || (before == ':' && at > 1 && TextScan.IsDigit(text[at - 2]))
            || (before is '.' or ',' or '-' && at > 1 && char.IsLetterOrDigit(text[at - 2]) && Currency(text, at) is null && Currencies.EndingAt(text, at) is null);
    }

    private static void Consider(PageEntities page, int at, int end)
    {
        var text = page.Text;
        if (end - at > MostCharacters || Parse(text.AsSpan(at, end - at)) is not { } number) return;
        var (value, decimals, start, stop) = (number.Value, number.Decimals, at, end);
        // 12,- and 12,–
        if (decimals == 0 && end + 1 < text.Length && text[end] is ',' or '.' && text[end + 1] is '-' or '–' or '—') (decimals, stop) = (2, end + 2);
        var code = default(string);
        if (Currency(text, at) is { } before) (code, start) = before;
        else
        {
            var next = stop < text.Length && TextScan.IsBlank(text[stop]) ? stop + 1 : stop;
            if (Currencies.StartingAt(text, next) is { } after) (code, stop) = after;
        }
        if (code is null && (decimals != 2 || IsOther(text, at, stop))) return;
        if (code is not null && decimals == 1) return;
        if (IsNegative(text, start, at, ref stop, out var signAt)) (value, start) = (-value, signAt);
        page.Add(EntityKinds.Amount, start, stop, Form(value, code), code is null ? 0.6 : decimals == 2 ? 0.95 : 0.8);
    }

    private static (string Code, int Start)? Currency(string text, int at)
    {
        var end = at;
        if (end > 0 && text[end - 1] is '-' or '+') end--;
        if (end > 0 && TextScan.IsBlank(text[end - 1])) end--;
        return end == 0 ? null : Currencies.EndingAt(text, end);
    }

    private static bool IsNegative(string text, int start, int at, ref int stop, out int signAt)
    {
        signAt = start;
        if (start < at && at > 0 && text[at - 1] == '-') return true;
        if (start > 0 && text[start - 1] is '-' or '−' && (start == 1 || char.IsWhiteSpace(text[start - 2])))
        {
            signAt = start - 1;
            return true;
        }
        if (stop < text.Length && text[stop] == '-' && (stop + 1 == text.Length || char.IsWhiteSpace(text[stop + 1])) && TextScan.IsDigit(text[stop - 1]))
        {
            stop++;
            return true;
        }
        return false;
    }

    /// <summary>A number with two decimals that something else claims: a percentage, a measure, a time, a code.</summary>
    private static bool IsOther(string text, int at, int end)
    {
        if (end < text.Length && (char.IsLetter(text[end]) || text[end] is '%' or ':' or '/' or '°' or '@' || (text[end] == '-' && end + 1 < text.Length && char.IsLetterOrDigit(text[end + 1])))) return true;
        if (end + 1 < text.Length && text[end] == ' ' && text[end + 1] is '%' or '°') return true;
        var word = end < text.Length && text[end] == ' ' ? Word(text, end + 1) : "";
        return word is "kg" or "g" or "km" or "m" or "cm" or "mm" or "l" or "h" or "Uhr" or "ml" or "kWh" or "Std" or "am" or "pm" or "AM" or "PM" || (at > 0 && text[at - 1] is '§');
    }

    private static string Word(string text, int at)
    {
        var end = at;
        while (end < text.Length && end - at < 5 && char.IsLetter(text[end])) end++;
        return text[at..end];
    }
}
