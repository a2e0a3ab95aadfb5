namespace BlazorAdmin.Features.Documents.Reading;

/// <summary>Tells pages without a mark, which need no recognition, by their drawing as a binary grey map (PGM, one byte a pixel).</summary>
internal static class BlankPage
{
    // A page number at 300 dpi has some 200 dark pixels; a speck of dust has fewer than these.
    private const int DarkPixels = 60;
    private const byte Dark = 160;

    public static bool Is(string path)
    {
        using var file = File.OpenRead(path);
        var buffer = new byte[64 << 10];
        var read = file.ReadAtLeast(buffer, buffer.Length, throwOnEndOfStream: false);
        if (!buffer.AsSpan(0, Math.Min(2, read)).SequenceEqual("P5"u8)) return false;
        var start = EndOfHeader(buffer.AsSpan(0, read));
        var dark = 0;
        for (var pixels = buffer.AsSpan(start, read - start); !pixels.IsEmpty; pixels = buffer.AsSpan(0, read))
        {
            foreach (var pixel in pixels)
            {
                if (pixel < Dark && ++dark > DarkPixels) return false;
            }
            read = file.Read(buffer);
        }
        return true;
    }

    /// <summary>Magic, width, height and greatest value, each followed by one white space.</summary>
    private static int EndOfHeader(ReadOnlySpan<byte> bytes)
    {
        var at = 0;
        for (var field = 0; field < 4; field++)
        {
            while (at < bytes.Length && bytes[at] > (byte)' ') at++;
            at++;
        }
        return Math.Min(at, bytes.Length);
    }
}
