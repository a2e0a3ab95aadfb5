using System.Buffers.Binary;
using System.Text;

namespace BlazorAdmin.Benchmarks.Circuits;

/// <summary>
/// A render batch as the server sends it: little-endian, entries of fixed size, five offsets at the end (updated
/// components, frames, disposed components, disposed handlers, texts).
/// </summary>
internal readonly ref struct RenderBatch
{
    private const int EditSize = 16;
    private const int FrameSize = 20;
    private const int TrailerSize = 20;

    private readonly ReadOnlySpan<byte> _data;
    private readonly int _updated;
    private readonly int _frames;
    private readonly int _disposed;
    private readonly int _texts;

    public RenderBatch(ReadOnlySpan<byte> data)
    {
        if (data.Length < TrailerSize) throw new CircuitException($"A render batch of {data.Length} bytes is too short.");
        _data = data;
        var trailer = data.Length - TrailerSize;
        _updated = Number(trailer);
        _frames = Number(trailer + 4);
        _disposed = Number(trailer + 8);
        _texts = Number(trailer + 16);
    }

    public int UpdatedCount => Number(_updated);

    public int FrameCount => Number(_frames);

    public int DisposedCount => Number(_disposed);

    public int Disposed(int index) => Number(_disposed + 4 + 4 * index);

    /// <summary>The component of an entry, and where its edits begin and how many they are.</summary>
    public (int Component, int Edits, int Count) Updated(int index)
    {
        var place = Number(_updated + 4 + 4 * index);
        return (Number(place), place + 8, Number(place + 4));
    }

    public Edit Edit(int edits, int index)
    {
        var place = edits + EditSize * index;
        return new Edit((EditType)Number(place), Number(place + 4), Number(place + 8), Number(place + 12));
    }

    public Frame Frame(int index)
    {
        var place = _frames + 4 + FrameSize * index;
        return new Frame((FrameType)Number(place), Number(place + 4), Number(place + 8), BinaryPrimitives.ReadUInt64LittleEndian(_data[(place + 12)..]));
    }

    public string? Text(int index)
    {
        if (index < 0) return null;
        var place = Number(_texts + 4 * index);
        var length = 0;
        for (var shift = 0; ; shift += 7)
        {
            var part = _data[place++];
            length |= (part & 0x7F) << shift;
            if (part < 0x80) return Encoding.UTF8.GetString(_data.Slice(place, length));
        }
    }

    private int Number(int place) => BinaryPrimitives.ReadInt32LittleEndian(_data[place..]);
}
