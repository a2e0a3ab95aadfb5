using System.Buffers.Binary;

namespace BlazorAdmin.Features.Documents.Recognition;

/// <summary>What a camera says about how it was held: the orientation tag of a JPEG's EXIF block.</summary>
internal static class JpegOrientation
{
    private const int Segments = 64;
    private const int OrientationTag = 0x0112;

    /// <returns>Degrees to turn clockwise: 0, 90, 180 or 270; 0 when nothing is said. Mirrored pictures count as their unmirrored kind.</returns>
    public static int Read(Stream file)
    {
        file.Position = 2;
        Span<byte> head = stackalloc byte[4];
        for (var segment = 0; segment < Segments; segment++)
        {
            if (file.ReadAtLeast(head, 4, throwOnEndOfStream: false) < 4 || head[0] != 0xFF || head[1] is 0xDA or 0xD9) return 0;
            var length = BinaryPrimitives.ReadUInt16BigEndian(head[2..]) - 2;
            if (length < 0) return 0;
            if (head[1] != 0xE1)
            {
                file.Position += length;
                continue;
            }
            var block = new byte[length];
            if (file.ReadAtLeast(block, length, throwOnEndOfStream: false) < length) return 0;
            if (block.AsSpan().StartsWith("Exif\0\0"u8)) return Turn(block.AsSpan(6));
        }
        return 0;
    }

    private static int Turn(ReadOnlySpan<byte> tiff)
    {
        if (tiff.Length < 8) return 0;
        var little = tiff[0] == (byte)'I';
        var directory = Long(tiff[4..], little);
        if (directory > tiff.Length - 2) return 0;
        var entries = tiff[(int)directory..];
        var count = Short(entries, little);
        for (var i = 0; i < count && 2 + (i + 1) * 12 <= entries.Length; i++)
        {
            var entry = entries.Slice(2 + i * 12, 12);
            if (Short(entry, little) != OrientationTag) continue;
            return Short(entry[8..], little) switch { 3 or 4 => 180, 5 or 6 => 90, 7 or 8 => 270, _ => 0 };
        }
        return 0;
    }

    private static ushort Short(ReadOnlySpan<byte> bytes, bool little) => little ? BinaryPrimitives.ReadUInt16LittleEndian(bytes) : BinaryPrimitives.ReadUInt16BigEndian(bytes);

    private static uint Long(ReadOnlySpan<byte> bytes, bool little) => little ? BinaryPrimitives.ReadUInt32LittleEndian(bytes) : BinaryPrimitives.ReadUInt32BigEndian(bytes);
}
