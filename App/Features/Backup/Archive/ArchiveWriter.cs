using System.Buffers.Binary;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Text.Json;

namespace BlazorAdmin.Features.Backup.Archive;

/// <summary>Writes an archive as one stream; what it needs of memory does not grow with it.</summary>
internal sealed class ArchiveWriter : IAsyncDisposable
{
    private const int MostDamaged = 100;

    private readonly SealingStream _sealing;
    private readonly BrotliStream _compressed;
    private readonly byte[] _block = new byte[ArchiveFormat.BlockBytes];
    private readonly List<TableSummary> _tables = [];
    private readonly List<string> _damaged = [];
    private readonly RowHash _filesHash = new();
    private long _files;
    private long _fileBytes;

    private ArchiveWriter(Stream target, ArchiveKeys keys, int chunkLog)
    {
        _sealing = new SealingStream(target, ArchiveHeader.Write(target, keys, chunkLog));
        // The fastest level: the backup is to be done soon, and the rest of the ratio costs several times as long.
        _compressed = new BrotliStream(_sealing, CompressionLevel.Fastest, leaveOpen: true);
    }

    public static async Task<ArchiveWriter> CreateAsync(Stream target, ArchiveKeys keys, ArchiveStart start, CancellationToken cancellation, int chunkLog = ArchiveHeader.UsualChunkLog)
    {
        var writer = new ArchiveWriter(target, keys, chunkLog);
        await writer.WriteAsync(ArchiveFormat.Start, start, cancellation);
        return writer;
    }

    /// <param name="progress">Called with the rows written so far.</param>
    public async Task<TableSummary> WriteTableAsync(ArchiveTable table, RowReader rows, Action<long>? progress, CancellationToken cancellation)
    {
        await WriteAsync(ArchiveFormat.Table, table, cancellation);
        while (await rows.NextAsync(cancellation) is { Length: > 0 } some)
        {
            await _compressed.WriteAsync(some, cancellation);
            progress?.Invoke(rows.Rows);
        }

        BinaryPrimitives.WriteInt16BigEndian(_block, -1);
        await _compressed.WriteAsync(_block.AsMemory(0, 2), cancellation);
        var summary = rows.Summarise(table.Name);
        _tables.Add(summary);
        return summary;
    }

    /// <param name="progress">Called with the bytes written so far.</param>
    /// <returns>Bytes of the file.</returns>
    public async Task<long> WriteFileAsync(ArchiveFile file, Stream content, Action<long>? progress, CancellationToken cancellation)
    {
        await WriteAsync(ArchiveFormat.File, file, cancellation);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var size = 0L;
        for (int read; (read = await content.ReadAsync(_block.AsMemory(4), cancellation)) > 0; size += read)
        {
            BinaryPrimitives.WriteInt32BigEndian(_block, read);
            hash.AppendData(_block, 4, read);
            await _compressed.WriteAsync(_block.AsMemory(0, 4 + read), cancellation);
            progress?.Invoke(size + read);
        }

        BinaryPrimitives.WriteInt32BigEndian(_block, 0);
        var sha256 = hash.GetHashAndReset();
        sha256.CopyTo(_block, 4);
        await _compressed.WriteAsync(_block.AsMemory(0, 4 + sha256.Length), cancellation);
        _filesHash.Add(ArchiveFormat.Describe(file, size, sha256));
        (_files, _fileBytes) = (_files + 1, _fileBytes + size);
        if (file.Kind == ArchiveFileKind.Content && Convert.ToHexStringLower(sha256) != file.Name && _damaged.Count < MostDamaged) _damaged.Add(file.Name);
        return size;
    }

    /// <summary>Writes the manifest and the last chunk. Only now the archive is whole.</summary>
    public async Task<ArchiveManifest> CompleteAsync(IReadOnlyList<SequenceState> sequences, CancellationToken cancellation)
    {
        var manifest = new ArchiveManifest(_tables, sequences, _files, _fileBytes, _filesHash.ToString(), _damaged);
        await WriteAsync(ArchiveFormat.End, manifest, cancellation);
        await _compressed.DisposeAsync();
        await _sealing.CompleteAsync(cancellation);
        return manifest;
    }

    public async ValueTask DisposeAsync()
    {
        await _compressed.DisposeAsync();
        await _sealing.DisposeAsync();
    }

    private async Task WriteAsync<T>(byte kind, T content, CancellationToken cancellation)
    {
        var json = JsonSerializer.SerializeToUtf8Bytes(content, ArchiveFormat.Json);
        var head = new byte[5];
        head[0] = kind;
        BinaryPrimitives.WriteInt32BigEndian(head.AsSpan(1), json.Length);
        await _compressed.WriteAsync(head, cancellation);
        await _compressed.WriteAsync(json, cancellation);
    }
}
