using System.Globalization;
using System.Text;
using BlazorAdmin.Features.Documents.Reading;
using BlazorAdmin.Features.Documents.Recognition;

namespace BlazorAdmin.Tests.Features.Documents;

/// <summary>Makes scanned pages: pictures of text, turned or not, in a PDF or as a photograph.</summary>
internal static class Scans
{
    public static readonly string[] Letter =
    [
        "Invoice number 2026 for the delivery", "of twelve wooden chairs and two tables", "to the town hall of Weimar in spring", "The amount is due within thirty days",
        "Please transfer it to our account", "Thank you very much for your order", "Yours sincerely the carpenters", "All prices include value added tax",
    ];

    /// <summary>A page of printed lines as a picture of 150 dots per inch.</summary>
    public static async Task<GrayPicture> Page(ReadingBench bench, params string[] lines)
    {
        var content = "BT /F 22 Tf 30 TL 60 760 Td " + string.Concat(lines.Select(line => $"({line}) Tj T* ")) + "ET";
        var path = bench.Write($"{Guid.NewGuid():n}.pdf", Pdf("/Font << /F << /Type /Font /Subtype /Type1 /BaseFont /Helvetica >> >>", content));
        using var folder = bench.NewFolder();
        var stem = folder.File("drawn");
        await bench.Runner.Run(new ToolCommand("pdftoppm", ["-r", "150", "-gray", "-singlefile", path, stem], folder) { Reads = [path] }, CancellationToken.None);
        return await GrayPicture.Read(stem + ".pgm", 100_000_000, CancellationToken.None);
    }

    /// <summary>A PDF that shows the picture on its whole page.</summary>
    /// <param name="over">Drawing commands over it; font F is at hand.</param>
    public static byte[] Scan(GrayPicture picture, string over = "")
    {
        var (width, height) = (Text(picture.Width * 72.0 / 150), Text(picture.Height * 72.0 / 150));
        return Pdf("/Font << /F << /Type /Font /Subtype /Type1 /BaseFont /Helvetica >> >> /XObject << /P 5 0 R >>", $"q {width} 0 0 {height} 0 0 cm /P Do Q {over}", width, height, picture);
    }

    /// <summary>The picture as a camera would store it.</summary>
    /// <param name="orientation">EXIF tag; null: none.</param>
    public static async Task<byte[]> Jpeg(ReadingBench bench, GrayPicture picture, byte? orientation = null)
    {
        var path = bench.Write($"{Guid.NewGuid():n}.pdf", Scan(picture));
        using var folder = bench.NewFolder();
        var stem = folder.File("drawn");
        await bench.Runner.Run(new ToolCommand("pdftoppm", ["-r", "150", "-jpeg", "-gray", "-singlefile", path, stem], folder) { Reads = [path] }, CancellationToken.None);
        var jpeg = await File.ReadAllBytesAsync(stem + ".jpg");
        if (orientation is not { } tag) return jpeg;
        byte[] exif = [.. "Exif\0\0MM\0*"u8, 0, 0, 0, 8, 0, 1, 0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, tag, 0, 0, 0, 0, 0, 0];
        return [0xFF, 0xD8, 0xFF, 0xE1, 0, (byte)(exif.Length + 2), .. exif, .. jpeg[2..]];
    }

    private static byte[] Pdf(string resources, string content, string width = "595", string height = "842", GrayPicture? picture = null)
    {
        using var file = new MemoryStream();
        var offsets = new List<long>();
        Add("%PDF-1.4\n");
        Object("<< /Type /Catalog /Pages 2 0 R >>");
        Object("<< /Type /Pages /Count 1 /Kids [3 0 R] >>");
        Object($"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 {width} {height}] /Resources << {resources} >> /Contents 4 0 R >>");
        Object($"<< /Length {content.Length} >>\nstream\n{content}\nendstream");
        if (picture is not null)
        {
            offsets.Add(file.Position);
            Add($"5 0 obj\n<< /Type /XObject /Subtype /Image /Width {picture.Width} /Height {picture.Height} /ColorSpace /DeviceGray /BitsPerComponent 8 /Length {picture.Pixels.Length} >>\nstream\n");
            file.Write(picture.Pixels);
            Add("\nendstream\nendobj\n");
        }
        var table = file.Position;
        Add($"xref\n0 {offsets.Count + 1}\n0000000000 65535 f \n" + string.Concat(offsets.Select(offset => string.Create(CultureInfo.InvariantCulture, $"{offset:D10} 00000 n \n"))));
        Add($"trailer\n<< /Size {offsets.Count + 1} /Root 1 0 R >>\nstartxref\n{table}\n%%EOF\n");
        return file.ToArray();

        void Add(string text) => file.Write(Encoding.Latin1.GetBytes(text));

        void Object(string body)
        {
            offsets.Add(file.Position);
            Add($"{offsets.Count} 0 obj\n{body}\nendobj\n");
        }
    }

    private static string Text(double number) => number.ToString("0.###", CultureInfo.InvariantCulture);
}
