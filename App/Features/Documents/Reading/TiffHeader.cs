using System.Buffers.Binary;

namespace BlazorAdmin.Features.Documents.Reading;

/// <summary>Walks the image directories of a TIFF (classic form): sizes and number of pages.</summary>
internal static class TiffHeader
{
    private const int WidthTag = 256;
    private const int HeightTag = 257;

    public static ImageFacts Read(Stream file, int maxPages)
    {
        var head = ImageHeader.Head(file, 8);
        var little = head[0] == (byte)'I';
        if (Short(head.AsSpan(2), little) != 42) throw new InvalidDataException("A TIFF of the large form.");
        var seen = new HashSet<uint>();
        ImageFacts largest = new(0, 0, 0);
        // Directories may form a circle.
        for (var next = Long(head.AsSpan(4), little); next != 0 && seen.Count <= maxPages && seen.Add(next);)
        {
            if (next + 2 > file.Length) break;
            file.Position = next;
            var count = Short(ImageHeader.Head(file, 2), little);
            var entries = ImageHeader.Head(file, count * 12 + 4);
            var (width, height) = (0L, 0L);
            for (var i = 0; i < count; i++)
            {
                var entry = entries.AsSpan(i * 12, 12);
                var tag = Short(entry, little);
                if (tag is not (WidthTag or HeightTag)) continue;
                var value = Short(entry[2..], little) == 3 ? Short(entry[8..], little) : Long(entry[8..], little);
                if (tag == WidthTag) width = value;
                else height = value;
            }
            if ((decimal)width * height > largest.Pixels) largest = new(width, height, 0);
            next = Long(entries.AsSpan(count * 12), little);
        }
        return largest with { Pages = seen.Count };
    }

    private static ushort Short(ReadOnlySpan<byte> bytes, bool little) => little ? BinaryPrimitives.ReadUInt16LittleEndian(bytes) : BinaryPrimitives.ReadUInt16BigEndian(bytes);

    private static uint Long(ReadOnlySpan<byte> bytes, bool little) => little ? BinaryPrimitives.ReadUInt32LittleEndian(bytes) : BinaryPrimitives.ReadUInt32BigEndian(bytes);
}
