using System.Buffers.Binary;

namespace BlazorAdmin.Features.Documents.Reading;

/// <summary>Reads size and pages of a picture from its header, without decoding a pixel.</summary>
public static class ImageHeader
{
    /// <exception cref="InvalidDataException">The header is broken.</exception>
    public static ImageFacts Read(Stream file, ContentType type, int maxPages)
    {
        file.Position = 0;
        var facts = type switch
        {
            ContentType.Png => Png(Head(file, 24)),
            ContentType.Gif => Gif(Head(file, 10)),
            ContentType.Bmp => Bmp(Head(file, 26)),
            ContentType.WebP => WebP(Head(file, 30)),
            ContentType.Jpeg => Jpeg(file),
            ContentType.Tiff => TiffHeader.Read(file, maxPages),
            _ => throw new ArgumentOutOfRangeException(nameof(type)),
        };
        return facts.Width > 0 && facts.Height > 0 ? facts : throw new InvalidDataException("A picture without size.");
    }

    private static ImageFacts Png(ReadOnlySpan<byte> head) =>
        new(BinaryPrimitives.ReadUInt32BigEndian(head[16..]), BinaryPrimitives.ReadUInt32BigEndian(head[20..]), 1);

    private static ImageFacts Gif(ReadOnlySpan<byte> head) =>
        new(BinaryPrimitives.ReadUInt16LittleEndian(head[6..]), BinaryPrimitives.ReadUInt16LittleEndian(head[8..]), 1);

    private static ImageFacts Bmp(ReadOnlySpan<byte> head)
    {
        // The oldest header (12 bytes) has 16-bit sizes. A negative height means rows from the top.
        if (BinaryPrimitives.ReadUInt32LittleEndian(head[14..]) == 12) return new(BinaryPrimitives.ReadUInt16LittleEndian(head[18..]), BinaryPrimitives.ReadUInt16LittleEndian(head[20..]), 1);
        return new(Math.Abs((long)BinaryPrimitives.ReadInt32LittleEndian(head[18..])), Math.Abs((long)BinaryPrimitives.ReadInt32LittleEndian(head[22..])), 1);
    }

    private static ImageFacts WebP(ReadOnlySpan<byte> head)
    {
        var chunk = head[12..16];
        if (chunk.SequenceEqual("VP8X"u8)) return new(1 + Bits24(head[24..]), 1 + Bits24(head[27..]), 1);
        if (chunk.SequenceEqual("VP8L"u8))
        {
            var bits = BinaryPrimitives.ReadUInt32LittleEndian(head[21..]);
            return new(1 + (bits & 0x3FFF), 1 + ((bits >> 14) & 0x3FFF), 1);
        }
        return new(BinaryPrimitives.ReadUInt16LittleEndian(head[26..]) & 0x3FFF, BinaryPrimitives.ReadUInt16LittleEndian(head[28..]) & 0x3FFF, 1);
    }

    private static ImageFacts Jpeg(Stream file)
    {
        file.Position = 2;
        while (true)
        {
            int mark;
            do mark = file.ReadByte(); while (mark >= 0 && mark != 0xFF);
            do mark = file.ReadByte(); while (mark == 0xFF);
            if (mark < 0) throw new InvalidDataException("A picture without a frame.");
            if (mark is 0x01 or 0x00 or (>= 0xD0 and <= 0xD8)) continue;
            var segment = Head(file, 2);
            var length = BinaryPrimitives.ReadUInt16BigEndian(segment);
            // SOF0-SOF15 without DHT, JPG and DAC carry the size.
            if (mark is >= 0xC0 and <= 0xCF and not (0xC4 or 0xC8 or 0xCC))
            {
                var frame = Head(file, 5);
                return new(BinaryPrimitives.ReadUInt16BigEndian(frame.AsSpan(3)), BinaryPrimitives.ReadUInt16BigEndian(frame.AsSpan(1)), 1);
            }
            file.Position += Math.Max(0, length - 2);
        }
    }

    private static uint Bits24(ReadOnlySpan<byte> bytes) => bytes[0] | ((uint)bytes[1] << 8) | ((uint)bytes[2] << 16);

    internal static byte[] Head(Stream file, int length)
    {
        var bytes = new byte[length];
        return file.ReadAtLeast(bytes, length, throwOnEndOfStream: false) == length ? bytes : throw new InvalidDataException("The picture ends too early.");
    }
}
