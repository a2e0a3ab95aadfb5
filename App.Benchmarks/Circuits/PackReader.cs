using System.Buffers.Binary;
using System.Text;

namespace BlazorAdmin.Benchmarks.Circuits;

/// <summary>Reads the part of MessagePack that a circuit's hub messages use.</summary>
internal ref struct PackReader(ReadOnlySpan<byte> data)
{
    private ReadOnlySpan<byte> _rest = data;

    public readonly bool AtEnd => _rest.IsEmpty;

    public readonly bool NextIsNil => !_rest.IsEmpty && _rest[0] == 0xC0;

    public int Array()
    {
        var code = Byte();
        return code switch
        {
            >= 0x90 and <= 0x9F => code & 0x0F,
            0xDC => BinaryPrimitives.ReadUInt16BigEndian(Take(2)),
            0xDD => checked((int)BinaryPrimitives.ReadUInt32BigEndian(Take(4))),
            _ => throw Unexpected(code, "an array"),
        };
    }

    public long Integer()
    {
        var code = Byte();
        return code switch
        {
            < 0x80 => code,
            >= 0xE0 => (sbyte)code,
            0xCC => Byte(),
            0xCD => BinaryPrimitives.ReadUInt16BigEndian(Take(2)),
            0xCE => BinaryPrimitives.ReadUInt32BigEndian(Take(4)),
            0xCF => checked((long)BinaryPrimitives.ReadUInt64BigEndian(Take(8))),
            0xD0 => (sbyte)Byte(),
            0xD1 => BinaryPrimitives.ReadInt16BigEndian(Take(2)),
            0xD2 => BinaryPrimitives.ReadInt32BigEndian(Take(4)),
            0xD3 => BinaryPrimitives.ReadInt64BigEndian(Take(8)),
            _ => throw Unexpected(code, "an integer"),
        };
    }

    public bool Boolean()
    {
        var code = Byte();
        return code switch
        {
            0xC2 => false,
            0xC3 => true,
            _ => throw Unexpected(code, "a boolean"),
        };
    }

    public string? Text()
    {
        var code = Byte();
        int? length = code switch
        {
            0xC0 => null,
            >= 0xA0 and <= 0xBF => code & 0x1F,
            0xD9 => Byte(),
            0xDA => BinaryPrimitives.ReadUInt16BigEndian(Take(2)),
            0xDB => checked((int)BinaryPrimitives.ReadUInt32BigEndian(Take(4))),
            _ => throw Unexpected(code, "a text"),
        };
        return length is { } bytes ? Encoding.UTF8.GetString(Take(bytes)) : null;
    }

    public ReadOnlySpan<byte> Binary()
    {
        var code = Byte();
        return code switch
        {
            0xC4 => Take(Byte()),
            0xC5 => Take(BinaryPrimitives.ReadUInt16BigEndian(Take(2))),
            0xC6 => Take(checked((int)BinaryPrimitives.ReadUInt32BigEndian(Take(4)))),
            _ => throw Unexpected(code, "bytes"),
        };
    }

    /// <summary>Passes over one value of any type.</summary>
    public void Skip()
    {
        var code = _rest[0];
        switch (code)
        {
            case 0xC0 or 0xC2 or 0xC3:
                Byte();
                break;
            case 0xC4 or 0xC5 or 0xC6:
                Binary();
                break;
            case >= 0xA0 and <= 0xBF or 0xD9 or 0xDA or 0xDB:
                Text();
                break;
            case >= 0x90 and <= 0x9F or 0xDC or 0xDD:
                for (var left = Array(); left > 0; left--) Skip();
                break;
            case >= 0x80 and <= 0x8F or 0xDE or 0xDF:
                for (var left = 2 * Map(); left > 0; left--) Skip();
                break;
            case 0xCA:
                Take(5);
                break;
            case 0xCB:
                Take(9);
                break;
            default:
                Integer();
                break;
        }
    }

    private int Map()
    {
        var code = Byte();
        return code switch
        {
            >= 0x80 and <= 0x8F => code & 0x0F,
            0xDE => BinaryPrimitives.ReadUInt16BigEndian(Take(2)),
            0xDF => checked((int)BinaryPrimitives.ReadUInt32BigEndian(Take(4))),
            _ => throw Unexpected(code, "a map"),
        };
    }

    private byte Byte() => Take(1)[0];

    private ReadOnlySpan<byte> Take(int length)
    {
        if (length > _rest.Length) throw new CircuitException($"A hub message ends {length - _rest.Length} bytes early.");
        var taken = _rest[..length];
        _rest = _rest[length..];
        return taken;
    }

    private static CircuitException Unexpected(byte code, string wanted) => new($"A hub message holds 0x{code:X2} where {wanted} belongs.");
}
