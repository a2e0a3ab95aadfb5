using System.Globalization;
using System.Text;
using BlazorAdmin.Features.Documents.Reading;

namespace BlazorAdmin.Features.Documents.Recognition;

/// <summary>
/// Puts a picture on a page of PDF of the same proportions, so that poppler decodes, draws and scales every kind of picture: a JPEG as it is,
/// the other kinds through tesseract, which brings its own decoders. Nothing of the picture is decoded in the portal's process.
/// </summary>
internal static class PicturePdf
{
    private const double PointsPerPixel = 0.25; // A binary fraction, so that drawn at its own size no pixel moves.
    private const string DrawnSide = "3508"; // A4 at 300 dots per inch
    private const double LargestSide = 14_000; // PDF knows no page of more than 14,400 points.

    /// <param name="page">Page of a TIFF; 1 otherwise.</param>
    /// <returns>Path of the PDF in the working folder.</returns>
    public static async Task<(string Path, (ReadOutcome Outcome, ReadReason Reason)? Fault)> Make(string picture, ContentType type, int page, StepContext context, CancellationToken cancel)
    {
        var path = context.Folder.File(string.Create(CultureInfo.InvariantCulture, $"picture-{page}.pdf"));
        if (type == ContentType.Jpeg)
        {
            try
            {
                await Wrap(picture, path, cancel);
                return (path, null);
            }
            catch (InvalidDataException)
            {
                return ("", (ReadOutcome.Damaged, new ReadReason("PictureDamaged")));
            }
        }
        // Segmentation 13 takes the whole as one line: next to nothing to recognise, and the renderer writes the decoded picture.
        string[] number = type == ContentType.Tiff ? ["-c", string.Create(CultureInfo.InvariantCulture, $"tessedit_page_number={page - 1}")] : [];
        var made = await context.Run("tesseract", [picture, path[..^4], "-l", context.Options.Languages.Split('+')[0], "--psm", "13", .. number, "pdf"], [picture], cancel);
        if (ToolFaults.Of(made, "tesseract", ReadOutcome.Damaged, "PictureDamaged") is { } fault) return ("", fault);
        return File.Exists(path) ? (path, null) : ("", (ReadOutcome.Damaged, new ReadReason("PictureDamaged")));
    }

    /// <summary>The same without the few signs that the line recognition may have found: drawn once more, as a JPEG.</summary>
    public static async Task<(string Path, (ReadOutcome Outcome, ReadReason Reason)? Fault)> WithoutText(string picture, ContentType type, int page, StepContext context, CancellationToken cancel)
    {
        var made = await Make(picture, type, page, context, cancel);
        if (made.Fault is not null || type == ContentType.Jpeg) return made;
        var stem = made.Path[..^4] + "-drawn";
        var drawn = await context.Run("pdftoppm", ["-jpeg", "-singlefile", "-scale-to", DrawnSide, made.Path, stem], [], cancel);
        if (ToolFaults.Of(drawn, "pdftoppm", ReadOutcome.Damaged, "PictureDamaged") is { } fault) return ("", fault);
        await Wrap(stem + ".jpg", made.Path, cancel);
        File.Delete(stem + ".jpg");
        return made;
    }

    /// <summary>A PDF of one page around the bytes of a JPEG, turned as the camera was held.</summary>
    /// <exception cref="InvalidDataException">No JPEG.</exception>
    public static async Task Wrap(string jpeg, string path, CancellationToken cancel)
    {
        await using var source = File.OpenRead(jpeg);
        var facts = ImageHeader.Read(source, ContentType.Jpeg, 1);
        var turn = JpegOrientation.Read(source);
        var (components, inverted) = Colours(source);
        var points = Math.Min(PointsPerPixel, LargestSide / Math.Max(facts.Width, facts.Height));
        var (width, height) = (Number(facts.Width * points), Number(facts.Height * points));
        var colours = components switch { 1 => "/DeviceGray", 4 => "/DeviceCMYK", _ => "/DeviceRGB" };
        var draw = $"q {width} 0 0 {height} 0 0 cm /P Do Q";

        source.Position = 0;
        await using var file = new FileStream(path, FileMode.Create, FileAccess.ReadWrite);
        var offsets = new List<long>();
        await Text("%PDF-1.4\n");
        await Object("<< /Type /Catalog /Pages 2 0 R >>");
        await Object("<< /Type /Pages /Count 1 /Kids [3 0 R] >>");
        await Object($"<< /Type /Page /Parent 2 0 R /Rotate {Number(turn)} /MediaBox [0 0 {width} {height}] /Resources << /XObject << /P 5 0 R >> >> /Contents 4 0 R >>");
        await Object($"<< /Length {draw.Length} >>\nstream\n{draw}\nendstream");
        offsets.Add(file.Position);
        await Text($"5 0 obj\n<< /Type /XObject /Subtype /Image /Width {facts.Width} /Height {facts.Height} /ColorSpace {colours} /BitsPerComponent 8 /Filter /DCTDecode"
            + (inverted ? " /Decode [1 0 1 0 1 0 1 0]" : "") + $" /Length {source.Length} >>\nstream\n");
        await source.CopyToAsync(file, cancel);
        await Text("\nendstream\nendobj\n");
        var table = file.Position;
        await Text($"xref\n0 {offsets.Count + 1}\n0000000000 65535 f \n" + string.Concat(offsets.Select(offset => string.Create(CultureInfo.InvariantCulture, $"{offset:D10} 00000 n \n"))));
        await Text(string.Create(CultureInfo.InvariantCulture, $"trailer\n<< /Size {offsets.Count + 1} /Root 1 0 R >>\nstartxref\n{table}\n%%EOF\n"));

        async Task Text(string text) => await file.WriteAsync(Encoding.ASCII.GetBytes(text), cancel);

        async Task Object(string body)
        {
            offsets.Add(file.Position);
            await Text(string.Create(CultureInfo.InvariantCulture, $"{offsets.Count} 0 obj\n{body}\nendobj\n"));
        }
    }

    /// <summary>Components of the frame; four of them are written inverted by Adobe's programs, which say so in a mark of their own.</summary>
    private static (int Components, bool Inverted) Colours(Stream file)
    {
        file.Position = 2;
        var adobe = false;
        while (true)
        {
            int mark;
            do mark = file.ReadByte(); while (mark >= 0 && mark != 0xFF);
            do mark = file.ReadByte(); while (mark == 0xFF);
            if (mark < 0) throw new InvalidDataException("A picture without a frame.");
            if (mark is 0x01 or 0x00 or (>= 0xD0 and <= 0xD8)) continue;
            var length = (file.ReadByte() << 8) | file.ReadByte();
            if (length < 2) throw new InvalidDataException("A picture with a broken segment.");
            if (mark is >= 0xC0 and <= 0xCF and not (0xC4 or 0xC8 or 0xCC))
            {
                var components = ImageHeader.Head(file, 6)[5];
                return (components, adobe && components == 4);
            }
            adobe |= mark == 0xEE;
            file.Position += length - 2;
        }
    }

    private static string Number(double value) => value.ToString("0.###", CultureInfo.InvariantCulture);
}
