using System.Globalization;

namespace BlazorAdmin.Features.Documents.Reading;

/// <summary>Recognises the characters of one page: a picture, a page of a TIFF, or a PDF page drawn first.</summary>
public sealed class OcrStep : IDocumentStep<OcrInput, OcrPage>
{
    private const double PointsPerInch = 72;

    // Page segmentation 1 finds orientation and columns by itself; 6 takes the page as one block, which helps crumpled slips.
    // Threshold method 1 (adaptive) reads photographs with shadows that the default turns black.
    private static readonly string[][] Ways =
    [
        ["--psm", "1"],
        ["--psm", "6"],
        ["--psm", "6", "-c", "thresholding_method=1"],
    ];

    public string Name => "ocr";

    public string Version => "1";

    public async Task<StepResult<OcrPage>> Run(OcrInput input, StepContext context, CancellationToken cancel)
    {
        if (input.Type != ContentType.Pdf)
        {
            string[] page = input.Type == ContentType.Tiff ? ["-c", "tessedit_page_number=" + Text(input.Page - 1)] : [];
            return await Recognise(input.Source.Path, page, context, cancel);
        }
        var drawn = await Draw(input, context, cancel);
        if (drawn.Fault is { } fault) return new(fault.Outcome, null, fault.Reason);
        try
        {
            if (BlankPage.Is(drawn.Path)) return StepResult<OcrPage>.Ready(new OcrPage("", null, 0, 0));
            return await Recognise(drawn.Path, [], context, cancel);
        }
        finally
        {
            File.Delete(drawn.Path);
        }
    }

    private static async Task<(string Path, (ReadOutcome Outcome, ReadReason Reason)? Fault)> Draw(OcrInput input, StepContext context, CancellationToken cancel)
    {
        var number = Text(input.Page);
        var info = await context.Run("pdfinfo", ["-f", number, "-l", number, input.Source.Path], [input.Source.Path], cancel);
        if (ToolFaults.Of(info, "pdfinfo", ReadOutcome.Damaged, "PdfDamaged") is { } unread) return ("", unread);
        var dpi = Math.Min(context.Options.Dpi, LargestDpi(info.Text, context.Options.MaxPixels));
        if (dpi < 10) return ("", (ReadOutcome.TooLarge, new ReadReason("PictureTooLarge", Text((int)(context.Options.MaxPixels / 1_000_000)))));
        var stem = context.Folder.File("page");
        var drawn = await context.Run("pdftoppm", ["-f", number, "-l", number, "-r", Text(dpi), "-gray", "-singlefile", input.Source.Path, stem], [input.Source.Path], cancel);
        if (ToolFaults.Of(drawn, "pdftoppm", ReadOutcome.Damaged, "PageDamaged") is { } undrawn) return ("", undrawn);
        var path = stem + ".pgm";
        return File.Exists(path) ? (path, null) : ("", (ReadOutcome.Damaged, new ReadReason("PageDamaged")));
    }

    /// <summary>Resolution at which the page has at most <paramref name="maxPixels"/>: a page may claim to be 500 m wide.</summary>
    private static int LargestDpi(string info, long maxPixels)
    {
        var line = info.Split('\n').FirstOrDefault(text => text.StartsWith("Page", StringComparison.Ordinal) && text.Contains(" size:", StringComparison.Ordinal));
        var sizes = (line?[(line.IndexOf("size:", StringComparison.Ordinal) + 5)..] ?? "").Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (sizes.Length < 3 || !double.TryParse(sizes[0], CultureInfo.InvariantCulture, out var width) || !double.TryParse(sizes[2], CultureInfo.InvariantCulture, out var height)) return 150;
        var squareInches = Math.Max(1, width / PointsPerInch * (height / PointsPerInch));
        return (int)Math.Min(int.MaxValue, Math.Sqrt(maxPixels / squareInches));
    }

    /// <summary>One way after the other until a page reads well; the best of them counts.</summary>
    private static async Task<StepResult<OcrPage>> Recognise(string picture, string[] page, StepContext context, CancellationToken cancel)
    {
        string[] reads = picture.StartsWith(context.Folder.Path, StringComparison.Ordinal) ? [] : [picture];
        OcrPage? best = null;
        foreach (var way in Ways)
        {
            var result = await context.Run("tesseract", [picture, "stdout", "-l", context.Options.Languages, .. way, .. page, "tsv"], reads, cancel);
            var fault = ToolFaults.Of(result, "tesseract", ReadOutcome.Damaged, "PictureDamaged");
            if (fault is { } fatal && best is null) return new(fatal.Outcome, null, fatal.Reason);
            if (fault is not null) break;
            var read = TesseractTable.Read(result.Text);
            if (best is null || read.Score > best.Score) best = read;
            if (best.ReadsWell) break;
        }
        return StepResult<OcrPage>.Ready(best!);
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
