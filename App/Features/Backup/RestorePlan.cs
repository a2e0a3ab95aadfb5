using BlazorAdmin.Features.Backup.Archive;

namespace BlazorAdmin.Features.Backup;

/// <summary>An archive that was read from end to end and found whole, and what restoring it means. Holds the file open.</summary>
public sealed class RestorePlan : IAsyncDisposable
{
    private readonly FileStream _file;
    private readonly ArchiveKeys _keys;

    internal RestorePlan(FileStream file, ArchiveKeys keys, ArchiveStart start, ArchiveManifest manifest, string keyId, byte[]? rootKey) =>
        (_file, _keys, Start, Manifest, KeyId, RootKey) = (file, keys, start, manifest, keyId, rootKey);

    public ArchiveStart Start { get; }

    public ArchiveManifest Manifest { get; }

    /// <summary>Fingerprint of the root key that the archive belongs to.</summary>
    public string KeyId { get; }

    public string Path => _file.Name;

    /// <summary>Bytes of the archive.</summary>
    public long Bytes => _file.Length;

    /// <summary>The root key, if a passphrase opened the archive.</summary>
    internal byte[]? RootKey { get; }

    /// <summary>Reads the archive once more; every chunk is checked again.</summary>
    /// <param name="fileProgress">Called with the bytes of files that were read so far.</param>
    internal async Task<ArchiveManifest> ReadAsync(IArchiveSink sink, Action<long>? fileProgress, CancellationToken cancellation)
    {
        _file.Position = 0;
        await using var reader = await ArchiveReader.OpenAsync(_file, _keys, cancellation);
        reader.FileProgress = fileProgress;
        return await reader.ReadAsync(sink, cancellation);
    }

    public ValueTask DisposeAsync() => _file.DisposeAsync();
}
