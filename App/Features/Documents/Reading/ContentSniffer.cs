namespace BlazorAdmin.Features.Documents.Reading;

/// <summary>Tells what a file is by its bytes. The name decides only between kinds of plain text, where the bytes cannot.</summary>
public static class ContentSniffer
{
    private const int HeadBytes = 64 << 10;
    private const int PdfMarkWithin = 1024;

    /// <param name="file">Seekable; the position afterwards is undefined.</param>
    /// <param name="name">File name as the sender gave it.</param>
    public static ContentType Detect(Stream file, string name)
    {
        file.Position = 0;
        var buffer = new byte[HeadBytes];
        var head = (ReadOnlySpan<byte>)buffer.AsSpan(0, file.ReadAtLeast(buffer, HeadBytes, throwOnEndOfStream: false));
        if (head.IsEmpty) return ContentType.Empty;
        if (ByMagic(head) is { } magic) return magic;
        if (head.StartsWith("PK\x03\x04"u8) || head.StartsWith("PK\x05\x06"u8)) return PackageSniffer.Detect(file, head);
        if (head.StartsWith(CompoundFile.Magic)) return CompoundFile.Detect(file);
        // Readers accept leading bytes before the mark; so do the tools that read the file later.
        if (head[..Math.Min(PdfMarkWithin, head.Length)].IndexOf("%PDF-"u8) >= 0) return ContentType.Pdf;
        return TextSniffer.Detect(head, head.Length == file.Length, name);
    }

    private static ContentType? ByMagic(ReadOnlySpan<byte> head)
    {
        if (head.StartsWith("%PDF-"u8)) return ContentType.Pdf;
        if (head.StartsWith((ReadOnlySpan<byte>)[0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A])) return ContentType.Png;
        if (head.StartsWith((ReadOnlySpan<byte>)[0xFF, 0xD8, 0xFF])) return ContentType.Jpeg;
        if (head.StartsWith("II*\0"u8) || head.StartsWith("MM\0*"u8) || head.StartsWith("II+\0"u8) || head.StartsWith("MM\0+"u8)) return ContentType.Tiff;
        if (head.Length >= 12 && head.StartsWith("RIFF"u8) && head[8..].StartsWith("WEBP"u8)) return ContentType.WebP;
        if (head.StartsWith("GIF87a"u8) || head.StartsWith("GIF89a"u8)) return ContentType.Gif;
        if (head.Length >= 26 && head.StartsWith("BM"u8) && head[6..10].SequenceEqual((ReadOnlySpan<byte>)[0, 0, 0, 0])) return ContentType.Bmp;
        if (head.StartsWith(@"{\rtf"u8)) return ContentType.Rtf;
        if (head.StartsWith((ReadOnlySpan<byte>)[0x1F, 0x8B])) return ContentType.Gzip;
        return IsExecutable(head) ? ContentType.Executable : null;
    }

    private static bool IsExecutable(ReadOnlySpan<byte> head) =>
        head.StartsWith((ReadOnlySpan<byte>)[0x7F, 0x45, 0x4C, 0x46])
        || (head.StartsWith("MZ"u8) && head.Length > 64 && head[..64].IndexOf((byte)0) >= 0)
        || head.StartsWith((ReadOnlySpan<byte>)[0xCF, 0xFA, 0xED, 0xFE])
        || head.StartsWith((ReadOnlySpan<byte>)[0xCE, 0xFA, 0xED, 0xFE])
        || head.StartsWith((ReadOnlySpan<byte>)[0xCA, 0xFE, 0xBA, 0xBE])
        || head.StartsWith("\0asm"u8);
}
