using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace BlazorAdmin.Features.Monitor;

/// <summary>
/// One sample as it travels to browsers, little-endian: magic and version (u32), catalog version (u32), sequence (u32),
/// count of values (u32), Unix milliseconds (f64), then the values (f32 each, NaN for unknown). Built once for all viewers.
/// </summary>
internal sealed record TickPayload(long Sequence, byte[] Bytes)
{
    /// <summary>"LT" and format version 1.</summary>
    public const uint Magic = 0x0001_544C;

    public const int HeaderBytes = 24;

    public static int Size(int count) => HeaderBytes + count * sizeof(float);

    public static TickPayload Create(int catalogVersion, long sequence, double unixMilliseconds, ReadOnlySpan<float> values)
    {
        var bytes = new byte[Size(values.Length)];
        Write(bytes, catalogVersion, sequence, unixMilliseconds, values);
        return new TickPayload(sequence, bytes);
    }

    /// <returns>The bytes written.</returns>
    public static int Write(Span<byte> target, int catalogVersion, long sequence, double unixMilliseconds, ReadOnlySpan<float> values)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(target, Magic);
        BinaryPrimitives.WriteUInt32LittleEndian(target[4..], (uint)catalogVersion);
        BinaryPrimitives.WriteUInt32LittleEndian(target[8..], (uint)sequence);
        BinaryPrimitives.WriteUInt32LittleEndian(target[12..], (uint)values.Length);
        BinaryPrimitives.WriteDoubleLittleEndian(target[16..], unixMilliseconds);
        var body = target.Slice(HeaderBytes, values.Length * sizeof(float));
        if (BitConverter.IsLittleEndian) MemoryMarshal.AsBytes(values).CopyTo(body);
        else
            for (var i = 0; i < values.Length; i++)
                BinaryPrimitives.WriteSingleLittleEndian(body[(i * sizeof(float))..], values[i]);
        return HeaderBytes + body.Length;
    }
}
