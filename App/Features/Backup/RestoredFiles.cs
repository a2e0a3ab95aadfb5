using System.Security.Cryptography;
using BlazorAdmin.Features.Backup.Archive;
using BlazorAdmin.Features.Documents.Storage;

namespace BlazorAdmin.Features.Backup;

/// <summary>
/// Puts the files of an archive back. Contents are added to the store: it keeps bytes under their hash, so nothing that is there is
/// changed, and the old state keeps all of its files. Configuration files are put beside, for a person to compare.
/// </summary>
internal sealed class RestoredFiles(ContentStore store, string configurationFolder) : IArchiveSink
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>Files that were missing in the store, or damaged there.</summary>
    public long Added { get; private set; }

    public long Configuration { get; private set; }

    public Task TakeTableAsync(ArchiveTable table, RowReader rows, CancellationToken cancellation) => Task.CompletedTask;

    public Task TakeFileAsync(ArchiveFile file, Stream content, CancellationToken cancellation) =>
        file.Kind == ArchiveFileKind.Content ? TakeContentAsync(file.Name, content, cancellation) : TakeConfigurationAsync(file.Name, content, cancellation);

    private async Task TakeContentAsync(string sha256, Stream content, CancellationToken cancellation)
    {
        if (await IsWholeAsync(sha256, cancellation)) return;
        // The store would take a damaged file of the same length for the right one.
        store.Delete(sha256, TimeSpan.Zero);
        await store.Save(content, long.MaxValue, cancellation);
        Added++;
    }

    private async Task<bool> IsWholeAsync(string sha256, CancellationToken cancellation)
    {
        if (!store.Contains(sha256)) return false;
        await using var found = store.OpenRead(sha256);
        return Convert.ToHexStringLower(await SHA256.HashDataAsync(found, cancellation)) == sha256;
    }

    private async Task TakeConfigurationAsync(string name, Stream content, CancellationToken cancellation)
    {
        var path = Path.GetFullPath(Path.Combine(configurationFolder, name));
        // The names were checked as the archive was read; this holds also if that rule ever changes.
        if (!path.StartsWith(configurationFolder + Path.DirectorySeparatorChar, StringComparison.Ordinal)) throw BackupException.Tampered();
        Make(Path.GetDirectoryName(path)!);
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write, Options = FileOptions.Asynchronous };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = OwnerOnly;
        await using var file = new FileStream(path, options);
        await content.CopyToAsync(file, cancellation);
        Configuration++;
    }

    private static void Make(string folder)
    {
        if (OperatingSystem.IsWindows()) Directory.CreateDirectory(folder);
        else Directory.CreateDirectory(folder, OwnerOnly | UnixFileMode.UserExecute);
    }
}
