using System.Globalization;
using BlazorAdmin.Features.Documents.Reading;

namespace BlazorAdmin.Features.Documents.Recognition;

/// <summary>Draws one page of a PDF, or one picture, as a grey map for recognition.</summary>
internal static class PageDrawing
{
    // Photographs have more pixels than letters need; beyond this they cost time and lose words (measured on the receipts).
    private const int PictureShortSide = 2_000;

    /// <returns>Path of the PGM in the working folder; the picture stands as the file says it should.</returns>
    public static async Task<(string Path, (ReadOutcome Outcome, ReadReason Reason)? Fault)> Draw(OcrInput input, StepContext context, CancellationToken cancel)
    {
        if (input.Type == ContentType.Pdf) return await Pdf(input, context, cancel);
        var made = await PicturePdf.Make(input.Source.Path, input.Type, input.Page, context, cancel);
        if (made.Fault is not null) return ("", made.Fault);
        if (await Pixels(made.Path, context, cancel) is not { } pixels) return ("", (ReadOutcome.Damaged, new ReadReason("PictureDamaged")));
        var shrink = Math.Min(1, PictureShortSide / Math.Max(1.0, Math.Min(pixels.Width, pixels.Height)));
        var longSide = Math.Max(1, (int)Math.Round(Math.Max(pixels.Width, pixels.Height) * shrink));
        var drawn = await Run(made.Path, 1, ["-scale-to", Text(longSide)], "PictureDamaged", input.Page, context, cancel);
        // Hundreds of pages would fill the folder; a single picture serves the searchable copy as well.
        if (input.Type == ContentType.Tiff) File.Delete(made.Path);
        return drawn;
    }

    private static async Task<(string Path, (ReadOutcome Outcome, ReadReason Reason)? Fault)> Pdf(OcrInput input, StepContext context, CancellationToken cancel)
    {
        var size = await PdfPageSize.Read(input.Source.Path, input.Page, context, cancel);
        if (size.Fault is not null) return ("", size.Fault);
        var dpi = Math.Min(context.Options.Dpi, size.Size.LargestDpi(context.Options.MaxPixels));
        if (dpi < 10) return ("", (ReadOutcome.TooLarge, new ReadReason("PictureTooLarge", Text((int)(context.Options.MaxPixels / 1_000_000)))));
        return await Run(input.Source.Path, input.Page, ["-r", Text(dpi)], "PageDamaged", input.Page, context, cancel);
    }

    private static async Task<(string Path, (ReadOutcome Outcome, ReadReason Reason)? Fault)> Run(
        string pdf, int page, string[] scale, string damaged, int name, StepContext context, CancellationToken cancel)
    {
        var stem = context.Folder.File("page-" + Text(name));
        var drawn = await context.Run("pdftoppm", ["-f", Text(page), "-l", Text(page), .. scale, "-gray", "-singlefile", pdf, stem], [pdf], cancel);
        if (ToolFaults.Of(drawn, "pdftoppm", ReadOutcome.Damaged, damaged) is { } undrawn) return ("", undrawn);
        var path = stem + ".pgm";
        return File.Exists(path) ? (path, null) : ("", (ReadOutcome.Damaged, new ReadReason(damaged)));
    }

    /// <summary>Pixels of the one picture that <see cref="PicturePdf"/> put on the page.</summary>
    private static async Task<(int Width, int Height)?> Pixels(string pdf, StepContext context, CancellationToken cancel)
    {
        var listed = await context.Run("pdfimages", ["-list", pdf], [pdf], cancel);
        var columns = listed.Text.Split('\n').Skip(2).FirstOrDefault()?.Split(' ', StringSplitOptions.RemoveEmptyEntries) ?? [];
        return columns.Length > 4 && int.TryParse(columns[3], CultureInfo.InvariantCulture, out var width) && int.TryParse(columns[4], CultureInfo.InvariantCulture, out var height) ? (width, height) : null;
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
