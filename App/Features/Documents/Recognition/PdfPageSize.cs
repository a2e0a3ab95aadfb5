using System.Globalization;
using BlazorAdmin.Features.Documents.Reading;

namespace BlazorAdmin.Features.Documents.Recognition;

/// <summary>Size of a page in points (72 to the inch), as it is shown.</summary>
internal sealed record PdfPageSize(double Width, double Height)
{
    private const double PointsPerInch = 72;

    public double SquareInches => Math.Max(1, Width / PointsPerInch * (Height / PointsPerInch));

    /// <summary>Resolution at which the page has at most so many pixels: a page may claim to be 500 m wide.</summary>
    public int LargestDpi(long maxPixels) => (int)Math.Min(int.MaxValue, Math.Sqrt(maxPixels / SquareInches));

    public static async Task<(PdfPageSize Size, (ReadOutcome Outcome, ReadReason Reason)? Fault)> Read(string pdf, int page, StepContext context, CancellationToken cancel)
    {
        var number = page.ToString(CultureInfo.InvariantCulture);
        var info = await context.Run("pdfinfo", ["-f", number, "-l", number, pdf], [pdf], cancel);
        var usual = new PdfPageSize(595, 842);
        if (ToolFaults.Of(info, "pdfinfo", ReadOutcome.Damaged, "PdfDamaged") is { } unread) return (usual, unread);
        return (Parse(info.Text).FirstOrDefault() ?? usual, null);
    }

    /// <summary>Sizes of the pages that pdfinfo lists ("Page    3 size: 595 x 842 pts (A4)"), turned as their "rot" says.</summary>
    public static IReadOnlyList<PdfPageSize> Parse(string info)
    {
        var sizes = new List<PdfPageSize>();
        foreach (var line in info.Split('\n'))
        {
            if (!line.StartsWith("Page", StringComparison.Ordinal)) continue;
            if (line.IndexOf(" size:", StringComparison.Ordinal) is var at and >= 0)
            {
                var words = line[(at + 6)..].Split(' ', StringSplitOptions.RemoveEmptyEntries);
                if (words.Length >= 3 && double.TryParse(words[0], CultureInfo.InvariantCulture, out var width) && double.TryParse(words[2], CultureInfo.InvariantCulture, out var height))
                    sizes.Add(new PdfPageSize(width, height));
            }
            else if (sizes.Count > 0 && line.IndexOf(" rot:", StringComparison.Ordinal) is var turn and >= 0 && line[(turn + 5)..].Trim() is "90" or "270")
            {
                sizes[^1] = new PdfPageSize(sizes[^1].Height, sizes[^1].Width);
            }
        }
        return sizes;
    }
}
