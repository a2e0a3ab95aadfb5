namespace BlazorAdmin.Features.Backup.Archive;

/// <summary>Encrypts what is written to it, chunk by chunk. Without <see cref="CompleteAsync"/> the archive has no last chunk and is refused.</summary>
internal sealed class SealingStream(Stream target, ArchiveHeader.Opened header) : Stream
{
    private readonly SealedChunks _chunks = new(header);
    private readonly byte[] _plain = new byte[header.ChunkBytes];
    private readonly byte[] _sealed = new byte[header.ChunkBytes + SealedChunks.TagBytes];
    private int _filled;

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        while (buffer.Length > 0)
        {
            // A full chunk waits for the next byte: only then it is known not to be the last.
            if (_filled == _plain.Length) target.Write(SealFilled(last: false).Span);
            buffer = buffer[Take(buffer)..];
        }
    }

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        while (buffer.Length > 0)
        {
            if (_filled == _plain.Length) await target.WriteAsync(SealFilled(last: false), cancellationToken);
            buffer = buffer[Take(buffer.Span)..];
        }
    }

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) => WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    /// <summary>Writes the last chunk.</summary>
    public ValueTask CompleteAsync(CancellationToken cancellation) => target.WriteAsync(SealFilled(last: true), cancellation);

    public override void Flush()
    {
        // A chunk that is not full cannot leave.
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing) _chunks.Dispose();
        base.Dispose(disposing);
    }

    private int Take(ReadOnlySpan<byte> buffer)
    {
        var taken = Math.Min(buffer.Length, _plain.Length - _filled);
        buffer[..taken].CopyTo(_plain.AsSpan(_filled));
        _filled += taken;
        return taken;
    }

    private ReadOnlyMemory<byte> SealFilled(bool last)
    {
        var length = _filled + SealedChunks.TagBytes;
        _chunks.Seal(_plain.AsSpan(0, _filled), _sealed.AsSpan(0, length), last);
        _filled = 0;
        return _sealed.AsMemory(0, length);
    }
}
