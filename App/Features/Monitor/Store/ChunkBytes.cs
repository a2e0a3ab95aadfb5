using System.IO.Compression;

namespace BlazorAdmin.Features.Monitor.Store;

/// <summary>Parts of packed chunks: numbers of few bytes, columns with their bytes sorted by significance, deflated sections.</summary>
internal static class ChunkBytes
{
    private const byte Stored = 0;
    private const byte Deflated = 1;

    /// <summary>Largest section that is unpacked; real ones are below 1 MB, so more is a damaged row.</summary>
    private const int MostBytes = 64 << 20;

    public static void WriteNumber(this MemoryStream target, ulong value)
    {
        while (value >= 0x80)
        {
            target.WriteByte((byte)(value | 0x80));
            value >>= 7;
        }
        target.WriteByte((byte)value);
    }

    /// <summary>Small numbers of either sign take one byte.</summary>
    public static void WriteSigned(this MemoryStream target, long value) => target.WriteNumber((ulong)((value << 1) ^ (value >> 63)));

    /// <exception cref="InvalidDataException">The chunk is damaged.</exception>
    public static ulong ReadNumber(ref ReadOnlySpan<byte> source)
    {
        // Nearly all are small.
        if (!source.IsEmpty && source[0] < 0x80)
        {
            var small = source[0];
            source = source[1..];
            return small;
        }
        ulong value = 0;
        for (var shift = 0; shift < 64; shift += 7)
        {
            if (source.IsEmpty) throw new InvalidDataException("A chunk of metrics ends too early.");
            var part = source[0];
            source = source[1..];
            value |= (ulong)(part & 0x7F) << shift;
            if (part < 0x80) return value;
        }
        throw new InvalidDataException("A chunk of metrics holds no number where one belongs.");
    }

    public static long ReadSigned(ref ReadOnlySpan<byte> source)
    {
        var value = ReadNumber(ref source);
        return (long)(value >> 1) ^ -(long)(value & 1);
    }

    public static int ReadCount(ref ReadOnlySpan<byte> source, int most)
    {
        var count = ReadNumber(ref source);
        return count <= (ulong)most ? (int)count : throw new InvalidDataException($"A chunk of metrics claims {count} numbers.");
    }

    /// <summary>First bytes of all numbers, then second bytes and so on: like stands beside like, which deflates better.</summary>
    public static byte[] Shuffle(ReadOnlySpan<uint> words)
    {
        var bytes = new byte[words.Length * 4];
        for (var i = 0; i < words.Length; i++)
            for (var plane = 0; plane < 4; plane++)
                bytes[plane * words.Length + i] = (byte)(words[i] >> (24 - 8 * plane));
        return bytes;
    }

    public static void Unshuffle(ReadOnlySpan<byte> bytes, Span<uint> words)
    {
        for (var i = 0; i < words.Length; i++)
        {
            uint word = 0;
            for (var plane = 0; plane < 4; plane++) word = word << 8 | bytes[plane * words.Length + i];
            words[i] = word;
        }
    }

    /// <summary>A section: how it is packed, how long it is unpacked, its bytes to the end.</summary>
    public static byte[] Pack(ReadOnlySpan<byte> content)
    {
        using var target = new MemoryStream();
        target.WriteByte(Deflated);
        target.WriteNumber((ulong)content.Length);
        using (var deflate = new DeflateStream(target, CompressionLevel.Optimal, leaveOpen: true)) deflate.Write(content);
        if (target.Length < content.Length + 4) return target.ToArray();
        target.SetLength(0);
        target.WriteByte(Stored);
        target.WriteNumber((ulong)content.Length);
        target.Write(content);
        return target.ToArray();
    }

    /// <exception cref="InvalidDataException">The chunk is damaged.</exception>
    public static byte[] Unpack(ReadOnlySpan<byte> section)
    {
        if (section.IsEmpty) throw new InvalidDataException("A chunk of metrics is empty.");
        var kind = section[0];
        section = section[1..];
        var content = new byte[ReadCount(ref section, MostBytes)];
        if (kind == Stored)
        {
            if (section.Length != content.Length) throw new InvalidDataException("A chunk of metrics has the wrong length.");
            section.CopyTo(content);
            return content;
        }
        if (kind != Deflated) throw new InvalidDataException($"A chunk of metrics is packed in the unknown way {kind}.");
        using var deflate = new DeflateStream(new MemoryStream(section.ToArray()), CompressionMode.Decompress);
        try
        {
            deflate.ReadExactly(content);
        }
        catch (EndOfStreamException exception)
        {
            throw new InvalidDataException("A chunk of metrics ends too early.", exception);
        }
        return content;
    }
}
