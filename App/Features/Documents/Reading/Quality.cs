using System.Globalization;
using BlazorAdmin.Features.Documents.Recognition;

namespace BlazorAdmin.Features.Documents.Reading;

/// <param name="Score">0 to 100.</param>
/// <param name="Reasons">What took points off, the costliest first; keys of the slice's texts.</param>
public sealed record QualityScore(double Score, IReadOnlyList<ReadReason> Reasons);

/// <summary>
/// How far the text of a document can be trusted. From 100 points are taken:
/// 60 × share of pages without text,
/// 100 × doubt of recognition (1 − confidence, weighted by characters; text of the file itself has none),
/// 120 × share of tokens above 2 % that look like no word of any language (at most 60),
/// 300 × share of characters that stand for none, replacement characters among them (at most 60),
/// 60 × share of the file's pages that were not read at all,
/// 20 × share of pages with a warning.
/// A document without any text has 0. Every part only takes away, so more of a fault never gives a better score.
/// </summary>
public static class Quality
{
    /// <summary>From here on a document counts as good.</summary>
    public const double Good = 85;

    /// <summary>From here on as fair, below as poor.</summary>
    public const double Fair = 60;

    private const double PagesWeight = 60;
    private const double RecognitionWeight = 100;
    private const double GarbageWeight = 120;
    private const double GarbageTolerated = 0.02;
    private const double UnmappableWeight = 300;
    private const double MostOfOneKind = 60;
    private const double MissingWeight = 60;
    private const double WarningWeight = 20;
    private const double WorthSaying = 0.5;

    /// <returns>Null for what was not read: there is no text to judge.</returns>
    public static QualityScore? Of(Reading reading)
    {
        if (reading.Outcome is not (ReadOutcome.Ready or ReadOutcome.NoText)) return null;
        var pages = reading.Pages;
        var withText = pages.Count(page => Sections.Letters(page.Text) > 0);
        if (withText == 0) return new QualityScore(0, [new ReadReason("QualityNoText")]);

        var taken = new List<(double Points, ReadReason Reason)>();
        var declared = Math.Max(pages.Count, reading.Inspection?.Pages ?? 0);
        var empty = pages.Count - withText;
        taken.Add((PagesWeight * empty / pages.Count, new ReadReason("QualityEmptyPages", Text(empty), Text(pages.Count))));
        taken.Add((MissingWeight * (declared - pages.Count) / declared, new ReadReason("QualityMissingPages", Text(declared - pages.Count), Text(declared))));

        var characters = pages.Sum(page => (double)page.Text.Length);
        var doubt = pages.Sum(page => page.Confidence is { } confidence ? page.Text.Length * (1 - Math.Clamp(confidence, 0, 100) / 100) : 0) / characters;
        var recognised = pages.Count(page => page.Origin == TextOrigin.Recognition);
        taken.Add((RecognitionWeight * doubt, new ReadReason("QualityRecognition", Text(recognised), Percent(MeanConfidence(pages)))));

        var (tokens, garbage, visible, unmappable) = Counts(pages);
        var share = tokens == 0 ? 0 : (double)garbage / tokens;
        taken.Add((Math.Min(MostOfOneKind, GarbageWeight * Math.Max(0, share - GarbageTolerated)), new ReadReason("QualityGarbage", Percent(share * 100))));
        taken.Add((Math.Min(MostOfOneKind, visible == 0 ? 0 : UnmappableWeight * unmappable / visible), new ReadReason("QualityUnmappable", Text(unmappable))));
        taken.Add((WarningWeight * Math.Min(1, (double)reading.Warnings.Count / pages.Count), new ReadReason("QualityWarnings", Text(reading.Warnings.Count))));

        var score = Math.Clamp(100 - taken.Sum(part => part.Points), 0, 100);
        return new QualityScore(Math.Round(score, 1), [.. taken.Where(part => part.Points >= WorthSaying).OrderByDescending(part => part.Points).Select(part => part.Reason)]);
    }

    private static (int Tokens, int Garbage, int Visible, int Unmappable) Counts(IReadOnlyList<PageText> pages)
    {
        var (tokens, garbage, visible, unmappable) = (0, 0, 0, 0);
        foreach (var page in pages)
        {
            var words = Wording.Judge(page.Text);
            (tokens, garbage) = (tokens + words.Tokens, garbage + words.Garbage);
            foreach (var rune in page.Text.EnumerateRunes())
            {
                if (System.Text.Rune.IsWhiteSpace(rune)) continue;
                visible++;
                if (Wording.IsUnmappable(rune)) unmappable++;
            }
        }
        return (tokens, garbage, visible, unmappable);
    }

    private static double MeanConfidence(IReadOnlyList<PageText> pages) => pages.Where(page => page.Confidence is not null).Select(page => page.Confidence!.Value).DefaultIfEmpty(100).Average();

    private static string Percent(double value) => Math.Round(value).ToString(CultureInfo.InvariantCulture);

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
