using System.Security.Cryptography;

namespace BlazorAdmin.Features.Backup.Archive;

/// <summary>The bytes of one file of an archive, compared with their hash at the end.</summary>
/// <param name="progress">Called with the bytes read so far.</param>
internal sealed class ArchivedFileStream(ByteSource source, Action<long>? progress) : Stream
{
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private int _left;

    /// <summary>Null until the end was read.</summary>
    public byte[]? Sha256 { get; private set; }

    /// <summary>Bytes read so far.</summary>
    public long Size { get; private set; }

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (Sha256 is not null || buffer.Length == 0) return 0;
        if (_left == 0 && (_left = await source.TakeInt32Async(cancellationToken)) == 0)
        {
            var stated = (await source.TakeAsync(SHA256.HashSizeInBytes, cancellationToken)).ToArray();
            Sha256 = _hash.GetHashAndReset();
            if (!Sha256.AsSpan().SequenceEqual(stated)) throw BackupException.Tampered();
            return 0;
        }

        if (_left is < 0 or > ArchiveFormat.BlockBytes) throw new InvalidDataException("A block of a file has an impossible length.");
        var taken = await source.TakeAsync(Math.Min(_left, buffer.Length), cancellationToken);
        taken.CopyTo(buffer);
        _hash.AppendData(taken.Span);
        (_left, Size) = (_left - taken.Length, Size + taken.Length);
        progress?.Invoke(Size);
        return taken.Length;
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) => ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException("Archives are read asynchronously.");

    public override void Flush() => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing) _hash.Dispose();
        base.Dispose(disposing);
    }
}
