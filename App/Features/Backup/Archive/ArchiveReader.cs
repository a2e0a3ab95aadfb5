using System.IO.Compression;
using System.Security.Cryptography;
using System.Text.Json;

namespace BlazorAdmin.Features.Backup.Archive;

/// <summary>Reads an archive from its beginning to its end, once.</summary>
internal sealed class ArchiveReader : IAsyncDisposable
{
    private readonly OpeningStream _opening;
    private readonly BrotliStream _decompressed;
    private readonly ByteSource _source;
    private readonly List<TableSummary> _tables = [];
    private readonly RowHash _filesHash = new();
    private readonly byte[] _skipped = new byte[ArchiveFormat.BlockBytes];
    private long _files;
    private long _fileBytes;

    private ArchiveReader(Stream file, ArchiveHeader.Opened header)
    {
        (Header, _opening) = (header, new OpeningStream(file, header));
        _decompressed = new BrotliStream(_opening, CompressionMode.Decompress, leaveOpen: true);
        _source = new ByteSource(_decompressed);
    }

    public ArchiveHeader.Opened Header { get; }

    public ArchiveStart Start { get; private set; } = null!;

    /// <summary>Called with the bytes of files that were read so far, of all files together.</summary>
    public Action<long>? FileProgress { get; set; }

    /// <param name="file">Seekable, at the beginning of the archive.</param>
    /// <exception cref="BackupException">It is no archive, of a newer format, changed, or its key is not here.</exception>
    public static async Task<ArchiveReader> OpenAsync(Stream file, ArchiveKeys keys, CancellationToken cancellation)
    {
        var reader = new ArchiveReader(file, ArchiveHeader.Read(file, keys));
        try
        {
            reader.Start = await GuardAsync(async () =>
            {
                if (await reader.TakeKindAsync(cancellation) != ArchiveFormat.Start) throw new InvalidDataException("The archive does not begin with its start.");
                return await reader.TakeJsonAsync<ArchiveStart>(cancellation);
            });
            return reader;
        }
        catch
        {
            await reader.DisposeAsync();
            throw;
        }
    }

    /// <summary>Reads everything, hands it to <paramref name="sink"/>, and compares it with the manifest.</summary>
    /// <exception cref="BackupException">The archive is not as it was written. What the sink took until then is worth nothing.</exception>
    public Task<ArchiveManifest> ReadAsync(IArchiveSink? sink, CancellationToken cancellation) => GuardAsync(async () =>
    {
        while (true)
            switch (await TakeKindAsync(cancellation))
            {
                case ArchiveFormat.Table:
                    await TakeTableAsync(await TakeJsonAsync<ArchiveTable>(cancellation), sink, cancellation);
                    break;
                case ArchiveFormat.File:
                    await TakeFileAsync(await TakeJsonAsync<ArchiveFile>(cancellation), sink, cancellation);
                    break;
                case ArchiveFormat.End:
                    var manifest = await TakeJsonAsync<ArchiveManifest>(cancellation);
                    await EndAsync(cancellation);
                    return Fits(manifest) ? manifest : throw BackupException.Tampered();
                default:
                    throw new InvalidDataException("The archive has a record of an unknown kind.");
            }
    });

    public async ValueTask DisposeAsync()
    {
        await _decompressed.DisposeAsync();
        await _opening.DisposeAsync();
    }

    private async Task TakeTableAsync(ArchiveTable table, IArchiveSink? sink, CancellationToken cancellation)
    {
        var rows = new RowReader(_source);
        if (sink is not null) await sink.TakeTableAsync(table, rows, cancellation);
        while ((await rows.NextAsync(cancellation)).Length > 0) cancellation.ThrowIfCancellationRequested();
        _tables.Add(rows.Summarise(table.Name));
    }

    private async Task TakeFileAsync(ArchiveFile file, IArchiveSink? sink, CancellationToken cancellation)
    {
        if (!ArchiveFormat.IsSafe(file)) throw new BackupException(BackupProblem.Tampered, "The archive names a file that would lie outside of its folder. Nothing was restored.");
        await using var content = new ArchivedFileStream(_source, read => FileProgress?.Invoke(_fileBytes + read));
        if (sink is not null) await sink.TakeFileAsync(file, content, cancellation);
        while (await content.ReadAsync(_skipped, cancellation) > 0) cancellation.ThrowIfCancellationRequested();
        _filesHash.Add(ArchiveFormat.Describe(file, content.Size, content.Sha256));
        (_files, _fileBytes) = (_files + 1, _fileBytes + content.Size);
    }

    /// <summary>Nothing may follow the manifest, and the last chunk must be genuine.</summary>
    private async Task EndAsync(CancellationToken cancellation)
    {
        if (_source.Available.Length > 0 || await _source.FillAsync(cancellation)) throw new InvalidDataException("Something follows the manifest.");
        if (await _opening.ReadAsync(_skipped.AsMemory(), cancellation) > 0) throw new InvalidDataException("Something follows the compressed contents.");
    }

    private bool Fits(ArchiveManifest manifest) =>
        manifest.Tables.SequenceEqual(_tables) && manifest.Files == _files && manifest.FileBytes == _fileBytes && manifest.FilesHash == _filesHash.ToString();

    private async Task<byte> TakeKindAsync(CancellationToken cancellation) => (await _source.TakeAsync(1, cancellation)).Span[0];

    private async Task<T> TakeJsonAsync<T>(CancellationToken cancellation) where T : class
    {
        var length = await _source.TakeInt32Async(cancellation);
        if (length is < 2 or > ArchiveFormat.MostJson) throw new InvalidDataException("A record has an impossible length.");
        return JsonSerializer.Deserialize<T>((await _source.TakeAsync(length, cancellation)).Span, ArchiveFormat.Json) ?? throw new InvalidDataException("A record is empty.");
    }

    /// <summary>What is sealed and still cannot be read was put together by somebody who has the key, or by a fault.</summary>
    private static async Task<T> GuardAsync<T>(Func<Task<T>> read)
    {
        try
        {
            return await read();
        }
        catch (Exception exception) when (exception is EndOfStreamException or InvalidDataException or JsonException or CryptographicException or InvalidOperationException { Source: "System.IO.Compression.Brotli" })
        {
            throw BackupException.Tampered(exception);
        }
    }
}
