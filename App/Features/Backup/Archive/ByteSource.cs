using System.Buffers.Binary;

namespace BlazorAdmin.Features.Backup.Archive;

/// <summary>A stream with a buffer that can be looked into before bytes are taken.</summary>
internal sealed class ByteSource(Stream source)
{
    private byte[] _buffer = new byte[256 << 10];
    private int _start;
    private int _end;

    public ReadOnlyMemory<byte> Available => _buffer.AsMemory(_start, _end - _start);

    public void Advance(int count) => _start += count;

    /// <returns>False at the end of the stream.</returns>
    public async ValueTask<bool> FillAsync(CancellationToken cancellation)
    {
        if (_start > 0)
        {
            Buffer.BlockCopy(_buffer, _start, _buffer, 0, _end - _start);
            (_start, _end) = (0, _end - _start);
        }

        if (_end == _buffer.Length) Array.Resize(ref _buffer, checked(2 * _buffer.Length));
        var read = await source.ReadAsync(_buffer.AsMemory(_end), cancellation);
        _end += read;
        return read > 0;
    }

    /// <summary>The next <paramref name="count"/> bytes; valid until the next call.</summary>
    /// <exception cref="EndOfStreamException">There are fewer.</exception>
    public async ValueTask<ReadOnlyMemory<byte>> TakeAsync(int count, CancellationToken cancellation)
    {
        while (_end - _start < count)
            if (!await FillAsync(cancellation)) throw new EndOfStreamException();
        var taken = _buffer.AsMemory(_start, count);
        _start += count;
        return taken;
    }

    public async ValueTask<int> TakeInt32Async(CancellationToken cancellation) => BinaryPrimitives.ReadInt32BigEndian((await TakeAsync(4, cancellation)).Span);
}
