using System.Buffers;
using System.Security.Cryptography;
using BlazorAdmin.Features.Documents.Reading;

namespace BlazorAdmin.Features.Documents.Storage;

/// <summary>Content-addressed files below one folder: blobs/ab/cd/&lt;sha256&gt;, written through incoming/ by rename, so that a blob is whole or absent.</summary>
public sealed class ContentStore : IContentStore
{
    private const UnixFileMode FolderMode = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
    private const int BufferBytes = 128 << 10;
    private readonly string _blobs;
    private readonly string _incoming;
    private readonly TimeProvider _time;

    public ContentStore(string root, TimeProvider time)
    {
        _time = time;
        _blobs = Make(Path.Combine(Path.GetFullPath(root), "blobs"));
        _incoming = Make(Path.Combine(Path.GetFullPath(root), "incoming"));
    }

    /// <summary>Folder of what is not whole yet.</summary>
    internal string Incoming => _incoming;

    public async Task<StoredContent> Save(Stream source, long limit, CancellationToken cancel)
    {
        var part = Path.Combine(_incoming, Guid.NewGuid().ToString("n") + ".part");
        try
        {
            var (sha256, size) = await Write(source, part, limit, cancel);
            return new StoredContent(sha256, size, Publish(part, sha256, size));
        }
        finally
        {
            File.Delete(part);
        }
    }

    /// <summary>Makes a file of <see cref="Incoming"/> a blob under its hash. The file itself stays where it is.</summary>
    internal async Task<StoredContent> Adopt(FileStream file, CancellationToken cancel)
    {
        RandomAccess.FlushToDisk(file.SafeFileHandle);
        file.Position = 0;
        var sha256 = Convert.ToHexStringLower(await SHA256.HashDataAsync(file, cancel));
        var part = Path.Combine(_incoming, Guid.NewGuid().ToString("n") + ".part");
        try
        {
            if (!PosixCalls.Link(file.Name, part))
            {
                file.Position = 0;
                await Write(file, part, file.Length, cancel);
            }
            return new StoredContent(sha256, file.Length, Publish(part, sha256, file.Length));
        }
        finally
        {
            File.Delete(part);
        }
    }

    public bool Contains(string sha256) => File.Exists(PathOf(sha256));

    public Stream OpenRead(string sha256) => new FileStream(PathOf(sha256), new FileStreamOptions
    {
        Access = FileAccess.Read,
        Share = FileShare.Read | FileShare.Delete,
        BufferSize = BufferBytes,
        Options = FileOptions.Asynchronous | FileOptions.SequentialScan,
    });

    public string PathOf(string sha256)
    {
        if (sha256.Length != 64 || !sha256.All(char.IsAsciiHexDigitLower)) throw new ArgumentException("Not a SHA-256 in lower-case hexadecimal digits.", nameof(sha256));
        return Path.Combine(_blobs, sha256[..2], sha256[2..4], sha256);
    }

    public bool Delete(string sha256, TimeSpan unusedFor)
    {
        var path = PathOf(sha256);
        if (!File.Exists(path)) return true;
        if (_time.GetUtcNow() - File.GetLastWriteTimeUtc(path) < unusedFor) return false;
        File.Delete(path);
        return true;
    }

    /// <summary>Removes uploads that a crash left unfinished. Younger ones may belong to another node.</summary>
    public int RemoveUnfinished(TimeSpan olderThan)
    {
        var removed = 0;
        foreach (var part in Directory.EnumerateFiles(_incoming, "*.part"))
        {
            if (_time.GetUtcNow() - File.GetLastWriteTimeUtc(part) < olderThan) continue;
            File.Delete(part);
            removed++;
        }
        return removed;
    }

    private static async Task<(string Sha256, long Size)> Write(Stream source, string part, long limit, CancellationToken cancel)
    {
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, BufferSize = 0, Options = FileOptions.Asynchronous };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var buffer = ArrayPool<byte>.Shared.Rent(BufferBytes);
        try
        {
            await using var file = new FileStream(part, options);
            long size = 0;
            int read;
            while ((read = await source.ReadAsync(buffer, cancel)) > 0)
            {
                size += read;
                if (size > limit) throw new ContentTooLargeException(limit);
                hash.AppendData(buffer, 0, read);
                await file.WriteAsync(buffer.AsMemory(0, read), cancel);
            }
            RandomAccess.FlushToDisk(file.SafeFileHandle);
            return (Convert.ToHexStringLower(hash.GetHashAndReset()), size);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private bool Publish(string part, string sha256, long size)
    {
        var path = PathOf(sha256);
        if (new FileInfo(path) is { Exists: true } known && known.Length == size)
        {
            // The date tells Delete that somebody counts on these bytes again.
            File.SetLastWriteTimeUtc(path, _time.GetUtcNow().UtcDateTime);
            return true;
        }
        var folder = Path.GetDirectoryName(path)!;
        Make(folder);
        File.SetLastWriteTimeUtc(part, _time.GetUtcNow().UtcDateTime);
        File.Move(part, path, overwrite: true);
        PosixCalls.FlushFolder(folder);
        PosixCalls.FlushFolder(Path.GetDirectoryName(folder)!);
        PosixCalls.FlushFolder(_blobs);
        return false;
    }

    private static string Make(string folder)
    {
        if (OperatingSystem.IsWindows()) Directory.CreateDirectory(folder);
        else Directory.CreateDirectory(folder, FolderMode);
        return folder;
    }
}
