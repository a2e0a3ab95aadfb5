using System.Buffers.Binary;
using System.Numerics;

namespace BlazorAdmin.Features.Monitor.Store;

internal enum FrameKind : byte
{
    /// <summary>Which column is which series, for the samples that follow.</summary>
    Columns = 1,
    Samples = 2,

    /// <summary>The portal stopped in order.</summary>
    End = 3,
}

/// <summary>
/// One record of a journal, little-endian: magic (u32), length of the content (u32), CRC-32C of the content (u32), then the
/// content, whose first byte is the kind.
/// </summary>
internal static class JournalFrame
{
    public const int HeaderBytes = 12;

    private const uint Magic = 0x314A_4D42;
    private const uint MostBytes = 16 << 20;

    /// <summary>Writes the header in front of the content that stands behind it already.</summary>
    public static void Seal(Span<byte> frame)
    {
        var content = frame[HeaderBytes..];
        BinaryPrimitives.WriteUInt32LittleEndian(frame, Magic);
        BinaryPrimitives.WriteUInt32LittleEndian(frame[4..], (uint)content.Length);
        BinaryPrimitives.WriteUInt32LittleEndian(frame[8..], Checksum(content));
    }

    /// <summary>Takes the next sound record; what is damaged before it is stepped over.</summary>
    /// <param name="at">Where to look; afterwards the first byte behind the record, or the end.</param>
    /// <param name="damaged">Set if something was stepped over.</param>
    /// <returns>False at the end.</returns>
    public static bool TryNext(ReadOnlySpan<byte> file, ref int at, out ReadOnlySpan<byte> content, ref bool damaged)
    {
        while (file.Length - at >= HeaderBytes)
        {
            var frame = file[at..];
            if (BinaryPrimitives.ReadUInt32LittleEndian(frame) == Magic)
            {
                var length = BinaryPrimitives.ReadUInt32LittleEndian(frame[4..]);
                if (length is > 0 and <= MostBytes && length <= frame.Length - HeaderBytes)
                {
                    content = frame.Slice(HeaderBytes, (int)length);
                    if (Checksum(content) == BinaryPrimitives.ReadUInt32LittleEndian(frame[8..]))
                    {
                        at += HeaderBytes + (int)length;
                        return true;
                    }
                }
            }
            damaged = true;
            at++;
        }
        if (at < file.Length) damaged = true;
        at = file.Length;
        content = default;
        return false;
    }

    private static uint Checksum(ReadOnlySpan<byte> content)
    {
        var crc = uint.MaxValue;
        for (; content.Length >= 8; content = content[8..]) crc = BitOperations.Crc32C(crc, BinaryPrimitives.ReadUInt64LittleEndian(content));
        foreach (var one in content) crc = BitOperations.Crc32C(crc, one);
        return ~crc;
    }
}
