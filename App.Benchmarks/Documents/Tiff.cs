using BlazorAdmin.Features.Documents.Recognition;

namespace BlazorAdmin.Benchmarks.Documents;

/// <summary>Writes a grey picture as an uncompressed TIFF of one page.</summary>
internal static class Tiff
{
    private const uint DotsPerInch = 300;

    public static byte[] Of(GrayPicture picture)
    {
        using var file = new MemoryStream();
        using var writer = new BinaryWriter(file);
        writer.Write("II*\0"u8);
        // Even, as the format wants it.
        var data = 8u;
        var resolution = data + (uint)picture.Pixels.Length + (uint)(picture.Pixels.Length % 2);
        writer.Write(resolution + 8);
        writer.Write(picture.Pixels);
        if (picture.Pixels.Length % 2 == 1) writer.Write((byte)0);
        writer.Write(DotsPerInch);
        writer.Write(1u);
        (ushort Tag, ushort Kind, uint Value)[] entries =
        [
            (256, 4, (uint)picture.Width), (257, 4, (uint)picture.Height), (258, 3, 8), (259, 3, 1), (262, 3, 1), (273, 4, data), (277, 3, 1), (278, 4, (uint)picture.Height),
            (279, 4, (uint)picture.Pixels.Length), (282, 5, resolution), (283, 5, resolution), (296, 3, 2),
        ];
        writer.Write((ushort)entries.Length);
        foreach (var (tag, kind, value) in entries)
        {
            writer.Write(tag);
            writer.Write(kind);
            writer.Write(1u);
            writer.Write(value);
        }
        writer.Write(0u);
        return file.ToArray();
    }
}
