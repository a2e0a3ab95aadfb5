using System.Text.RegularExpressions;

namespace BlazorAdmin.Features.Documents.Extraction;

/// <summary>E-mail addresses and telephone numbers.</summary>
internal static partial class ContactFinder
{
    // RFC 5321, 4.5.3.1
    private const int LongestLocal = 64, LongestDomain = 253;
    // ITU-T E.164
    private const int FewestDigits = 6, MostDigits = 15;

    public static void Find(PageEntities page)
    {
        Addresses(page);
        foreach (Match match in Labelled().Matches(page.Text)) Number(page, match.Groups["n"], 0.9);
        foreach (Match match in International().Matches(page.Text)) Number(page, match.Groups["n"], 0.93);
        foreach (Match match in National().Matches(page.Text)) Number(page, match.Groups["n"], 0.55);
    }

    private static void Addresses(PageEntities page)
    {
        var text = page.Text;
        for (var at = text.IndexOf('@'); at >= 0; at = at + 1 < text.Length ? text.IndexOf('@', at + 1) : -1)
        {
            var (start, end) = (at, at + 1);
            while (start > 0 && at - start < LongestLocal && IsLocal(text[start - 1])) start--;
            while (start < at && text[start] is '.' or '-') start++;
            while (end < text.Length && end - at <= LongestDomain && (char.IsLetterOrDigit(text[end]) || text[end] is '.' or '-')) end++;
            while (end > at + 1 && text[end - 1] is '.' or '-') end--;
            if (start == at || text[at - 1] == '.') continue;
            var domain = text[(at + 1)..end];
            var labels = domain.Split('.');
            if (labels.Length < 2 || labels[^1].Length < 2 || !labels[^1].All(char.IsLetter) || labels.Any(label => label.Length is 0 or > 63 || label[0] == '-' || label[^1] == '-')) continue;
            if (text[start..at].Contains("..", StringComparison.Ordinal) || (start > 0 && text[start - 1] == '@') || (end < text.Length && text[end] == '@')) continue;
            page.Add(EntityKinds.Email, start, end, text[start..end].ToLowerInvariant(), 0.98);
        }
    }

    private static bool IsLocal(char c) => char.IsLetterOrDigit(c) || c is '.' or '_' or '%' or '+' or '-' or '\'';

    private static void Number(PageEntities page, Group match, double confidence)
    {
        var (start, end) = (match.Index, match.Index + match.Length);
        while (end > start && !TextScan.IsDigit(page.Text[end - 1])) end--;
        var number = page.Text.AsSpan(start, end - start);
        var digits = string.Concat(number.ToString().Where(TextScan.IsDigit));
        // +49 (0) 30: the zero is dialled within the country only.
        var plain = number[0] == '+' ? "+" + string.Concat(number.ToString().Replace("(0)", "", StringComparison.Ordinal).Where(TextScan.IsDigit)) : digits.StartsWith("00", StringComparison.Ordinal) ? "+" + digits[2..] : digits;
        if (digits.Length is < FewestDigits or > MostDigits + 2 || plain.Length > MostDigits + 1 || LooksLikeDate().IsMatch(number)) return;
        page.Add(EntityKinds.Phone, start, end, plain, confidence);
    }

    [GeneratedRegex(@"(?<![\p{L}])(?:tel(?:efon|ephone)?|phone|fon|fax|telefax|mobile?|handy|mobil|hp|h/p|t|f|m|durchwahl|hotline)(?: ?(?:no|nr))?[.:/ \t]{1,4}(?<n>[+(]?\d[\d ()/.-]{4,22}\d)(?![\p{L}\d])", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Labelled();

    [GeneratedRegex(@"(?<![\p{L}\d+])(?<n>(?:\+|00(?=[1-9]))[1-9]\d{0,2}[ ()/.-]{0,3}\d[\d ()/.-]{4,20}\d)(?![\p{L}\d])", RegexOptions.CultureInvariant)]
    private static partial Regex International();

    [GeneratedRegex(@"(?<![\p{L}\d+.,:/-])(?<n>(?:\(0[1-9]\d{0,4}\)|0[1-9]\d{1,4})(?: ?[/-] ?| )\d{3,8}(?:[ -]\d{1,6}){0,3})(?![\p{L}\d]|[.,:/-]\d)", RegexOptions.CultureInvariant)]
    private static partial Regex National();

    [GeneratedRegex(@"^\d{1,2}[./-]\d{1,2}[./-](?:\d{4}|\d{2})\b", RegexOptions.CultureInvariant)]
    private static partial Regex LooksLikeDate();
}
