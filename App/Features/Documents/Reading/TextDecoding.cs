using System.Text;

namespace BlazorAdmin.Features.Documents.Reading;

/// <summary>Finds the encoding of text: byte order mark, UTF-8 when valid, UTF-16 by its zeros, Windows-1252 otherwise.</summary>
public static class TextDecoding
{
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    static TextDecoding() => Encoding.RegisterProvider(CodePagesEncodingProvider.Instance);

    /// <param name="whole">False when the bytes are the beginning of more: a character cut at the end is then no fault.</param>
    /// <returns>Null for bytes that are no text.</returns>
    public static Encoding? Guess(ReadOnlySpan<byte> bytes, bool whole)
    {
        if (bytes.StartsWith((ReadOnlySpan<byte>)[0xFF, 0xFE, 0, 0])) return Encoding.UTF32;
        if (bytes.StartsWith((ReadOnlySpan<byte>)[0xFF, 0xFE])) return Encoding.Unicode;
        if (bytes.StartsWith((ReadOnlySpan<byte>)[0xFE, 0xFF])) return Encoding.BigEndianUnicode;
        if (bytes.IndexOf((byte)0) >= 0) return GuessWide(bytes);
        if (IsUtf8(bytes, whole)) return HasOddControls(bytes) ? null : Strict;
        return HasOddControls(bytes) ? null : Encoding.GetEncoding(1252);
    }

    public static string? Decode(ReadOnlySpan<byte> bytes) => Guess(bytes, whole: true)?.GetString(bytes).TrimStart('\uFEFF');

    private static bool IsUtf8(ReadOnlySpan<byte> bytes, bool whole)
    {
        // Up to three bytes of the last character may lie beyond the end.
        for (var cut = 0; cut <= (whole ? 0 : 3) && cut < bytes.Length; cut++)
        {
            if (System.Text.Unicode.Utf8.IsValid(bytes[..^cut])) return true;
        }
        return false;
    }

    private static Encoding? GuessWide(ReadOnlySpan<byte> bytes)
    {
        int even = 0, odd = 0;
        for (var i = 0; i < bytes.Length; i++)
        {
            if (bytes[i] == 0) _ = i % 2 == 0 ? even++ : odd++;
        }
        var half = bytes.Length / 2;
        if (odd > half * 0.7 && even < half * 0.05) return Encoding.Unicode;
        return even > half * 0.7 && odd < half * 0.05 ? Encoding.BigEndianUnicode : null;
    }

    private static bool HasOddControls(ReadOnlySpan<byte> bytes)
    {
        var odd = 0;
        foreach (var b in bytes)
        {
            if (b < 0x20 && b is not ((byte)'\t' or (byte)'\n' or (byte)'\r' or (byte)'\f' or 0x0B or 0x1B or 0x08 or 0x1A)) odd++;
        }
        return odd > bytes.Length / 200;
    }
}
