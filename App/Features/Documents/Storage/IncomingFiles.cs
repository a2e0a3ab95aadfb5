using BlazorAdmin.Features.Documents.Reading;

namespace BlazorAdmin.Features.Documents.Storage;

/// <summary>Files that come in piece by piece: incoming/&lt;id&gt;.upload below the content store's root, which all nodes share.</summary>
public sealed class IncomingFiles(ContentStore store)
{
    private const string Ending = ".upload";

    /// <summary>Bytes that stand in the file; 0 when there is none.</summary>
    public long Length(Guid id) => new FileInfo(PathOf(id)) is { Exists: true } file ? file.Length : 0;

    /// <summary>Opens the file for writing, alone; null while somebody else has it open.</summary>
    /// <exception cref="IOException">The disk refuses.</exception>
    public FileStream? Open(Guid id)
    {
        var options = new FileStreamOptions { Mode = FileMode.OpenOrCreate, Access = FileAccess.ReadWrite, Share = FileShare.None, BufferSize = 0, Options = FileOptions.Asynchronous };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        try
        {
            return new FileStream(PathOf(id), options);
        }
        catch (IOException fault) when (IsTaken(fault))
        {
            return null;
        }
    }

    /// <summary>Makes the whole file a content of the store. It stays here as well until <see cref="Remove"/>: what the commit does not see is not lost.</summary>
    public Task<StoredContent> Adopt(FileStream file, CancellationToken cancel) => store.Adopt(file, cancel);

    public void Remove(Guid id) => File.Delete(PathOf(id));

    /// <summary>Ids of the files that nobody has written to for so long.</summary>
    public IReadOnlyList<Guid> Unused(DateTimeOffset since) =>
    [
        .. Directory.EnumerateFiles(store.Incoming, "*" + Ending)
            .Where(file => File.GetLastWriteTimeUtc(file) < since.UtcDateTime)
            .Select(file => Guid.TryParseExact(Path.GetFileNameWithoutExtension(file), "n", out var id) ? id : Guid.Empty)
            .Where(id => id != Guid.Empty),
    ];

    /// <summary>Bytes that the disk of the store still takes.</summary>
    public long Free() => new DriveInfo(store.Incoming).AvailableFreeSpace;

    private string PathOf(Guid id) => Path.Combine(store.Incoming, id.ToString("n") + Ending);

    // EWOULDBLOCK of the lock that FileShare.None takes (Linux 11, macOS 35), or the sharing violation of Windows.
    private static bool IsTaken(IOException fault) => fault.GetType() == typeof(IOException) && fault.HResult is 11 or 35 or unchecked((int)0x80070020);
}
