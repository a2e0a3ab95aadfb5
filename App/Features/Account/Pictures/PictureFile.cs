using System.Buffers.Binary;

namespace BlazorAdmin.Features.Account.Pictures;

public enum PictureFault
{
    None,
    TooLarge,

    /// <summary>Not PNG, JPEG or WebP by its bytes, or broken off.</summary>
    NotAPicture,

    /// <summary>Wider or higher than <see cref="PictureFile.LongestSide"/> pixels.</summary>
    TooManyPixels,
}

/// <summary>A picture whose kind and size were read from its structure, without decoding it; what is no part of the image is left out.</summary>
/// <param name="Data">The file without what cameras and programs note beside the image (place, device, comments) and without anything after its end.</param>
public sealed record PictureFile(byte[] Data, string ContentType, int Width, int Height)
{
    public const int MostBytes = 1 << 20;
    public const int LongestSide = 1024;

    private static readonly byte[] PngHead = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A];

    /// <summary>Reads a PNG (ISO/IEC 15948), a JPEG (ISO/IEC 10918-1) or a WebP (RFC 9649) by its own bytes; its name and announced type do not count.</summary>
    public static (PictureFault Fault, PictureFile? Picture) Read(ReadOnlySpan<byte> file)
    {
        if (file.Length > MostBytes) return (PictureFault.TooLarge, null);
        var picture = file.StartsWith(PngHead) ? ReadPng(file) : file is [0xFF, 0xD8, 0xFF, ..] ? ReadJpeg(file) : IsWebP(file) ? ReadWebP(file) : null;
        if (picture is null || picture.Width < 1 || picture.Height < 1) return (PictureFault.NotAPicture, null);
        return picture.Width > LongestSide || picture.Height > LongestSide ? (PictureFault.TooManyPixels, null) : (PictureFault.None, picture);
    }

    // Chunks: length, type, data, checksum. Kept are those that say how the image looks.
    private static PictureFile? ReadPng(ReadOnlySpan<byte> file)
    {
        using var kept = new MemoryStream(file.Length);
        kept.Write(PngHead);
        var (at, width, height, hasImage) = (PngHead.Length, 0, 0, false);
        while (file.Length - at >= 12)
        {
            var length = BinaryPrimitives.ReadUInt32BigEndian(file[at..]);
            if (length > (uint)(file.Length - at - 12)) return null;
            var type = file.Slice(at + 4, 4);
            var chunk = file.Slice(at, (int)length + 12);
            if (width == 0)
            {
                if (!type.SequenceEqual("IHDR"u8) || length != 13) return null;
                (width, height) = (Clamp(BinaryPrimitives.ReadUInt32BigEndian(chunk[8..])), Clamp(BinaryPrimitives.ReadUInt32BigEndian(chunk[12..])));
                if (width == 0) return null;
            }

            hasImage |= type.SequenceEqual("IDAT"u8);
            if (IsOfTheImage(type)) kept.Write(chunk);
            if (type.SequenceEqual("IEND"u8)) return hasImage ? new PictureFile(kept.ToArray(), "image/png", width, height) : null;
            at += chunk.Length;
        }

        return null;
    }

    // A capital first letter marks a chunk that a decoder must understand; of the others these few say how it looks.
    private static bool IsOfTheImage(ReadOnlySpan<byte> type) =>
        type[0] is >= (byte)'A' and <= (byte)'Z' || type.SequenceEqual("tRNS"u8) || type.SequenceEqual("gAMA"u8) || type.SequenceEqual("sRGB"u8) || type.SequenceEqual("cHRM"u8) || type.SequenceEqual("iCCP"u8);

    // Segments until the scan, then the scan until its end. Left out are the application segments but JFIF (0), ICC (2) and Adobe (14), and comments.
    private static PictureFile? ReadJpeg(ReadOnlySpan<byte> file)
    {
        using var kept = new MemoryStream(file.Length);
        kept.Write(file[..2]);
        var (at, width, height) = (2, 0, 0);
        while (file.Length - at >= 4)
        {
            if (file[at] != 0xFF) return null;
            var marker = file[at + 1];
            if (marker == 0xFF)
            {
                at++;
                continue;
            }

            var length = BinaryPrimitives.ReadUInt16BigEndian(file[(at + 2)..]);
            if (length < 2 || length > file.Length - at - 2) return null;
            var segment = file.Slice(at, length + 2);
            if (marker is >= 0xC0 and <= 0xCF and not (0xC4 or 0xC8 or 0xCC))
            {
                if (length < 8) return null;
                (height, width) = (BinaryPrimitives.ReadUInt16BigEndian(segment[5..]), BinaryPrimitives.ReadUInt16BigEndian(segment[7..]));
            }

            if (marker == 0xDA)
            {
                var end = file.LastIndexOf((ReadOnlySpan<byte>)[0xFF, 0xD9]);
                if (width == 0 || end < at + segment.Length) return null;
                kept.Write(file[at..(end + 2)]);
                return new PictureFile(kept.ToArray(), "image/jpeg", width, height);
            }

            if (marker is not ((>= 0xE0 and <= 0xEF) or 0xFE) || marker is 0xE0 or 0xE2 or 0xEE) kept.Write(segment);
            at += segment.Length;
        }

        return null;
    }

    private static bool IsWebP(ReadOnlySpan<byte> file) => file.Length > 20 && file.StartsWith("RIFF"u8) && file[8..].StartsWith("WEBP"u8);

    private static PictureFile? ReadWebP(ReadOnlySpan<byte> file)
    {
        var size = BinaryPrimitives.ReadUInt32LittleEndian(file[4..]);
        if (size > (uint)(file.Length - 8)) return null;
        using var kept = new MemoryStream(file.Length);
        kept.Write(file[..12]);
        var (at, end, width, height) = (12, (int)size + 8, 0, 0);
        while (end - at >= 8)
        {
            var length = BinaryPrimitives.ReadUInt32LittleEndian(file[(at + 4)..]);
            if (length > (uint)(end - at - 8)) return null;
            var data = file.Slice(at + 8, (int)length);
            var type = file.Slice(at, 4);
            var (w, h) = SizeOfWebP(type, data);
            if (width == 0) (width, height) = (w, h);
            if (!type.SequenceEqual("EXIF"u8) && !type.SequenceEqual("XMP "u8))
            {
                var padded = Math.Min(end - at, 8 + (int)length + ((int)length & 1));
                var chunk = file.Slice(at, padded).ToArray();
                // The flags of what was left out.
                if (type.SequenceEqual("VP8X"u8) && length > 0) chunk[8] &= 0b1111_0011;
                kept.Write(chunk);
            }

            at += 8 + (int)length + ((int)length & 1);
        }

        if (width == 0) return null;
        var result = kept.ToArray();
        BinaryPrimitives.WriteUInt32LittleEndian(result.AsSpan(4), (uint)result.Length - 8);
        return new PictureFile(result, "image/webp", width, height);
    }

    private static (int Width, int Height) SizeOfWebP(ReadOnlySpan<byte> type, ReadOnlySpan<byte> data)
    {
        if (type.SequenceEqual("VP8X"u8) && data.Length >= 10) return (1 + (data[4] | (data[5] << 8) | (data[6] << 16)), 1 + (data[7] | (data[8] << 8) | (data[9] << 16)));
        if (type.SequenceEqual("VP8L"u8) && data.Length >= 5 && data[0] == 0x2F)
        {
            var bits = BinaryPrimitives.ReadUInt32LittleEndian(data[1..]);
            return (1 + (int)(bits & 0x3FFF), 1 + (int)((bits >> 14) & 0x3FFF));
        }

        return type.SequenceEqual("VP8 "u8) && data.Length >= 10 && data[3..].StartsWith((ReadOnlySpan<byte>)[0x9D, 0x01, 0x2A])
            ? (BinaryPrimitives.ReadUInt16LittleEndian(data[6..]) & 0x3FFF, BinaryPrimitives.ReadUInt16LittleEndian(data[8..]) & 0x3FFF)
            : (0, 0);
    }

    private static int Clamp(uint value) => (int)Math.Min(value, int.MaxValue);
}
