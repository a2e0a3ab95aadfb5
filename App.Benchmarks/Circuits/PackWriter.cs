using System.Buffers;
using System.Buffers.Binary;
using System.Text;

namespace BlazorAdmin.Benchmarks.Circuits;

/// <summary>Writes the part of MessagePack that a circuit's hub messages use.</summary>
internal sealed class PackWriter
{
    private readonly ArrayBufferWriter<byte> _buffer = new(256);

    public ReadOnlyMemory<byte> Written => _buffer.WrittenMemory;

    public PackWriter Array(int count)
    {
        if (count < 16) return Byte((byte)(0x90 | count));
        Byte(0xDC);
        BinaryPrimitives.WriteUInt16BigEndian(Take(2), checked((ushort)count));
        return this;
    }

    public PackWriter EmptyMap() => Byte(0x80);

    public PackWriter Nil() => Byte(0xC0);

    public PackWriter Boolean(bool value) => Byte(value ? (byte)0xC3 : (byte)0xC2);

    public PackWriter Integer(long value)
    {
        switch (value)
        {
            case >= 0 and < 128:
                return Byte((byte)value);
            case >= -32 and < 0:
                return Byte((byte)(sbyte)value);
            default:
                Byte(0xD3);
                BinaryPrimitives.WriteInt64BigEndian(Take(8), value);
                return this;
        }
    }

    public PackWriter Text(string? value)
    {
        if (value is null) return Nil();
        var length = Encoding.UTF8.GetByteCount(value);
        if (length < 32)
        {
            Byte((byte)(0xA0 | length));
        }
        else
        {
            Byte(0xDB);
            BinaryPrimitives.WriteUInt32BigEndian(Take(4), (uint)length);
        }

        Encoding.UTF8.GetBytes(value, Take(length));
        return this;
    }

    private PackWriter Byte(byte value)
    {
        Take(1)[0] = value;
        return this;
    }

    private Span<byte> Take(int length)
    {
        var span = _buffer.GetSpan(length)[..length];
        _buffer.Advance(length);
        return span;
    }
}
