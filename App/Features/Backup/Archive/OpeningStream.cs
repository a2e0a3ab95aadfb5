namespace BlazorAdmin.Features.Backup.Archive;

/// <summary>
/// Decrypts an archive that stands behind its header. Bytes leave it only after their chunk was found genuine; its end is reached
/// only if the last chunk is there and nothing follows it.
/// </summary>
internal sealed class OpeningStream(Stream source, ArchiveHeader.Opened header) : Stream
{
    private readonly SealedChunks _chunks = new(header);
    private readonly byte[] _plain = new byte[header.ChunkBytes];
    private readonly byte[] _sealed = new byte[header.ChunkBytes + SealedChunks.TagBytes];
    private int _start;
    private int _end;
    private bool _ended;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override int Read(Span<byte> buffer)
    {
        while (_start == _end && !_ended) Open(source.ReadAtLeast(_sealed, _sealed.Length, throwOnEndOfStream: false));
        return Give(buffer);
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        while (_start == _end && !_ended) Open(await source.ReadAtLeastAsync(_sealed, _sealed.Length, throwOnEndOfStream: false, cancellationToken));
        return Give(buffer.Span);
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) => ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override void Flush() => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing) _chunks.Dispose();
        base.Dispose(disposing);
    }

    private void Open(int read)
    {
        if (read < SealedChunks.TagBytes) throw BackupException.Tampered();
        var last = source.Position == source.Length;
        (_start, _end) = (0, read - SealedChunks.TagBytes);
        _chunks.Open(_sealed.AsSpan(0, read), _plain.AsSpan(0, _end), last);
        _ended = last;
    }

    private int Give(Span<byte> buffer)
    {
        var given = Math.Min(buffer.Length, _end - _start);
        _plain.AsSpan(_start, given).CopyTo(buffer);
        _start += given;
        return given;
    }
}
