using System.Globalization;
using System.Text;
using QRCoder;

namespace BlazorAdmin.Features.Account.Factors;

/// <summary>A QR code as the path of an SVG, one unit for each module.</summary>
/// <param name="Size">Modules on one side, the quiet zone of four included.</param>
/// <param name="Path">Data of the dark modules.</param>
public sealed record QrCode(int Size, string Path)
{
    public static QrCode Of(string text)
    {
        using var generator = new QRCodeGenerator();
        using var data = generator.CreateQrCode(text, QRCodeGenerator.ECCLevel.M);
        var rows = data.ModuleMatrix;
        var path = new StringBuilder();
        for (var y = 0; y < rows.Count; y++)
            for (var x = 0; x < rows[y].Count; x++)
            {
                if (!rows[y][x]) continue;
                var from = x;
                while (x + 1 < rows[y].Count && rows[y][x + 1]) x++;
                path.Append(CultureInfo.InvariantCulture, $"M{from} {y}h{x - from + 1}v1h-{x - from + 1}z");
            }

        return new QrCode(rows.Count, path.ToString());
    }
}
