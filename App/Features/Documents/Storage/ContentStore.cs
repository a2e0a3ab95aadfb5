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
        var part = NewPart();
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
        var part = NewPart();
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
        if (!IsHash(sha256)) throw new ArgumentException("Not a SHA-256 in lower-case hexadecimal digits.", nameof(sha256));
        return Path.Combine(_blobs, sha256[..2], sha256[2..4], sha256);
    }

    public bool Delete(string sha256, TimeSpan unusedFor)
    {
        var path = PathOf(sha256);
        if (!File.Exists(path)) return true;
        if (IsRecent(path, unusedFor)) return false;
        // Out of the way first: whoever saves the same bytes in this moment finds them gone and writes them, or has set the date that is looked at again.
        var part = NewPart();
        try
        {
            // With overwriting it is one call of the system; without, a link is made and the name removed after it.
            File.Move(path, part, overwrite: true);
        }
        catch (FileNotFoundException)
        {
            return true;
        }
        if (IsRecent(part, unusedFor))
        {
            File.Move(part, path, overwrite: true);
            return false;
        }
        File.Delete(part);
        return true;
    }

    public IEnumerable<StoredFile> List(string after)
    {
        foreach (var outer in Folders(_blobs, "", after))
        {
            foreach (var inner in Folders(outer.FullName, outer.Name, after))
            {
                var files = inner.EnumerateFiles().Where(file => IsHash(file.Name) && string.CompareOrdinal(file.Name, after) > 0);
                foreach (var file in files.OrderBy(file => file.Name, StringComparer.Ordinal))
                {
                    // One that was erased while its folder was read.
                    if (file.Exists) yield return new StoredFile(file.Name, file.Length, new DateTimeOffset(file.LastWriteTimeUtc, TimeSpan.Zero));
                }
            }
        }
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
        if (new FileInfo(path) is { Exists: true } known && known.Length == size && Renew(path)) return true;
        var folder = Path.GetDirectoryName(path)!;
        Make(folder);
        File.SetLastWriteTimeUtc(part, _time.GetUtcNow().UtcDateTime);
        File.Move(part, path, overwrite: true);
        PosixCalls.FlushFolder(folder);
        PosixCalls.FlushFolder(Path.GetDirectoryName(folder)!);
        PosixCalls.FlushFolder(_blobs);
        return false;
    }

    /// <summary>The date tells <see cref="Delete"/> that somebody counts on these bytes again; false when they were erased in this moment.</summary>
    private bool Renew(string path)
    {
        try
        {
            File.SetLastWriteTimeUtc(path, _time.GetUtcNow().UtcDateTime);
            // The system finds the file first and sets its date then: in between it can have been erased.
            return File.Exists(path);
        }
        catch (Exception gone) when (gone is FileNotFoundException or DirectoryNotFoundException)
        {
            return false;
        }
    }

    private bool IsRecent(string path, TimeSpan unusedFor) => _time.GetUtcNow() - File.GetLastWriteTimeUtc(path) < unusedFor;

    private string NewPart() => Path.Combine(_incoming, Guid.NewGuid().ToString("n") + ".part");

    private static bool IsHash(string name) => name.Length == 64 && name.All(char.IsAsciiHexDigitLower);

    /// <summary>Folders that can hold hashes behind <paramref name="after"/>, in order.</summary>
    /// <param name="prefix">What the hashes in <paramref name="folder"/> begin with.</param>
    private static IEnumerable<DirectoryInfo> Folders(string folder, string prefix, string after) => new DirectoryInfo(folder).EnumerateDirectories()
        .Where(one => string.CompareOrdinal(prefix + one.Name, 0, after, 0, prefix.Length + one.Name.Length) >= 0)
        .OrderBy(one => one.Name, StringComparer.Ordinal);

    private static string Make(string folder)
    {
        if (OperatingSystem.IsWindows()) Directory.CreateDirectory(folder);
        else Directory.CreateDirectory(folder, FolderMode);
        return folder;
    }
}
