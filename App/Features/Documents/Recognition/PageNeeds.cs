using System.Globalization;
using BlazorAdmin.Features.Documents.Reading;

namespace BlazorAdmin.Features.Documents.Recognition;

/// <summary>Which pages of a PDF need character recognition although they have a text layer, and why.</summary>
internal static class PageNeeds
{
    /// <summary>A page with fewer letters is a scan with a stamp or a page number, if a picture covers it.</summary>
    public const int FewLetters = 120;

    private const double CoveredByPicture = 0.6;
    private const double UnmappableShare = 0.3;
    private const double UnreadableWords = 0.6;
    private const int WordsToJudge = 8;

    /// <summary>Text that no person can read: characters without a meaning (fonts without a map to Unicode), or nothing that looks like words.</summary>
    public static bool IsGarbage(string text)
    {
        var (unmappable, visible) = (0, 0);
        foreach (var rune in text.EnumerateRunes())
        {
            if (System.Text.Rune.IsWhiteSpace(rune)) continue;
            visible++;
            if (Wording.IsUnmappable(rune)) unmappable++;
        }
        if (visible == 0) return false;
        if (unmappable > visible * UnmappableShare) return true;
        var words = Wording.Judge(text);
        return words.Tokens >= WordsToJudge && words.Garbage > words.Tokens * UnreadableWords;
    }

    /// <summary>Of the given pages those that a picture covers so far that their few letters cannot be all there is to read.</summary>
    public static async Task<IReadOnlyDictionary<int, int>> CoveredByPictures(string pdf, IReadOnlyList<int> pages, StepContext context, CancellationToken cancel)
    {
        if (pages.Count == 0) return new Dictionary<int, int>();
        var (first, last) = (pages[0].ToString(CultureInfo.InvariantCulture), pages[^1].ToString(CultureInfo.InvariantCulture));
        var listed = await context.Run("pdfimages", ["-list", "-f", first, "-l", last, pdf], [pdf], cancel);
        var sized = await context.Run("pdfinfo", ["-f", first, "-l", last, pdf], [pdf], cancel);
        // Without either the few letters count as the page's text, as they would without this look.
        if (!listed.Succeeded || !sized.Succeeded) return new Dictionary<int, int>();
        var sizes = PdfPageSize.Parse(sized.Text);
        return Coverage(listed.Text, page => page - pages[0] is var at && at >= 0 && at < sizes.Count ? sizes[at] : null)
            .Where(page => page.Value > CoveredByPicture && pages.Contains(page.Key)).ToDictionary(page => page.Key, page => (int)Math.Round(page.Value * 100));
    }

    /// <summary>Share of each page that its pictures cover, added up, by what pdfimages lists (pixels and pixels per inch).</summary>
    internal static IReadOnlyDictionary<int, double> Coverage(string list, Func<int, PdfPageSize?> sizeOf)
    {
        var covered = new Dictionary<int, double>();
        foreach (var line in list.Split('\n').Skip(2))
        {
            var columns = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            // page num type width height color comp bpc enc interp object ID x-ppi y-ppi size ratio; masks lie over the picture they belong to.
            if (columns.Length < 14 || columns[2] is not ("image" or "stencil") || Number(columns[0]) is not { } page || sizeOf((int)page) is not { } size) continue;
            if (Number(columns[3]) is not { } width || Number(columns[4]) is not { } height) continue;
            if (Number(columns[12]) is not { } across || Number(columns[13]) is not { } down || across <= 0 || down <= 0) continue;
            covered[(int)page] = covered.GetValueOrDefault((int)page) + width / across * (height / down) / size.SquareInches;
        }
        return covered.ToDictionary(page => page.Key, page => Math.Min(1, page.Value));
    }

    private static double? Number(string text) => double.TryParse(text, CultureInfo.InvariantCulture, out var number) ? number : null;
}
