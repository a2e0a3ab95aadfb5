using System.Globalization;
using System.Text.RegularExpressions;

namespace BlazorAdmin.Features.Documents.Extraction;

/// <summary>
/// Days in German and English forms. A day written 3/4/2018 is read in the order that other dates of the document prove; without a proof
/// day before month, and with less confidence.
/// </summary>
internal static partial class DateFinder
{
    // Two-digit years below it belong to this century.
    private const int Pivot = 50;
    private const int Earliest = 1900, Latest = 2099;

    private static readonly string[] AmericanWords = ["USA", "U.S.A", "United States"];

    /// <summary>True: month first; false: day first; null: nothing tells.</summary>
    public static bool? MonthFirst(IEnumerable<EntityPage> pages)
    {
        var (dayFirst, monthFirst, american) = (0, 0, false);
        foreach (var page in pages)
        {
            foreach (Match match in Numeric().Matches(page.Text))
            {
                if (match.Groups["s"].Value == ".") continue;
                var (first, second) = (Number(match.Groups["a"]), Number(match.Groups["b"]));
                if (first is > 12 and <= 31 && second is >= 1 and <= 12) dayFirst++;
                else if (second is > 12 and <= 31 && first is >= 1 and <= 12) monthFirst++;
            }
            american |= AmericanWords.Any(word => page.Text.Contains(word, StringComparison.Ordinal));
        }
        if (dayFirst != monthFirst) return monthFirst > dayFirst;
        return american ? true : null;
    }

    public static void Find(PageEntities page, bool? monthFirst)
    {
        foreach (Match match in YearFirst().Matches(page.Text)) Add(page, match, Year(match.Groups["y"].Value), Number(match.Groups["m"]), Number(match.Groups["d"]), 0.98);
        foreach (Match match in Numeric().Matches(page.Text)) AddNumeric(page, match, monthFirst);
        foreach (Match match in DayMonthName().Matches(page.Text)) AddNamed(page, match);
        foreach (Match match in MonthNameDay().Matches(page.Text)) AddNamed(page, match);
    }

    private static void AddNumeric(PageEntities page, Match match, bool? monthFirst)
    {
        var (first, second, year) = (Number(match.Groups["a"]), Number(match.Groups["b"]), Year(match.Groups["y"].Value));
        var whole = match.Groups["y"].Length == 4;
        if (match.Groups["s"].Value == ".")
        {
            Add(page, match, year, second, first, whole ? 0.97 : 0.85);
            return;
        }
        var swap = second > 12 || (first <= 12 && monthFirst == true);
        var certain = first > 12 || second > 12 || first == second || monthFirst is not null;
        var (day, month) = swap ? (second, first) : (first, second);
        Add(page, match, year, month, day, (certain ? 0.95 : 0.7) - (whole ? 0 : 0.1));
    }

    private static void AddNamed(PageEntities page, Match match)
    {
        var year = Year(match.Groups["y"].Value);
        Add(page, match, year, Months.Number(match.Groups["m"].Value), Number(match.Groups["d"]), match.Groups["y"].Length == 4 ? 0.97 : 0.85);
    }

    private static void Add(PageEntities page, Match match, int year, int month, int day, double confidence)
    {
        if (year is < Earliest or > Latest || month is < 1 or > 12 || day < 1 || day > DateTime.DaysInMonth(year, month)) return;
        page.Add(EntityKinds.Date, match.Index, match.Index + match.Length, new DateOnly(year, month, day).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture), confidence);
    }

    private static int Year(string digits)
    {
        var year = int.Parse(digits, CultureInfo.InvariantCulture);
        return digits.Length == 4 ? year : year < Pivot ? 2000 + year : 1900 + year;
    }

    private static int Number(Group group) => int.Parse(group.ValueSpan, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"(?<![\w.,/-])(?<y>\d{4})(?<s>[-/.])(?<m>\d{1,2})\k<s>(?<d>\d{1,2})(?!\d|[-/]\d|\.\d)(?=T\d|[^A-Za-z]|$)", RegexOptions.CultureInvariant)]
    private static partial Regex YearFirst();

    [GeneratedRegex(@"(?<![\d.,/-]|[A-Za-z]\d?)(?<a>\d{1,2}) ?(?<s>[-/.]) ?(?<b>\d{1,2}) ?\k<s> ?(?<y>\d{4}|\d{2})(?![\dA-Za-z]|[-/.,]\d)", RegexOptions.CultureInvariant)]
    private static partial Regex Numeric();

    [GeneratedRegex(@"(?<![\w.,/-])(?<d>\d{1,2})(?:st|nd|rd|th)?(?:\.? ?(?:of )?|[-/ ])(?<m>" + Months.Pattern + @")\.?(?:[ ,]{1,2}|[-/.']|, )?(?<y>\d{4}|\d{2})(?![\dA-Za-z]|[.,:]\d)", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex DayMonthName();

    [GeneratedRegex(@"(?<![\w-])(?<m>" + Months.Pattern + @")\.?[ -](?<d>\d{1,2})(?:st|nd|rd|th)?(?:,? |,|-)(?<y>\d{4})(?![\dA-Za-z])", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex MonthNameDay();
}
