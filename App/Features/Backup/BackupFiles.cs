using BlazorAdmin.Data;
using BlazorAdmin.Features.Backup.Archive;
using BlazorAdmin.Features.Settings;

namespace BlazorAdmin.Features.Backup;

/// <summary>Which files a backup carries, and where they lie.</summary>
public sealed class BackupFiles(DataDirectory data, IHostEnvironment environment, SettingsStatus settings)
{
    private const long MostConfiguration = 10 << 20;

    /// <summary>Contents of the store; what is being uploaded is not among them.</summary>
    internal IEnumerable<(ArchiveFile File, string Path)> Contents()
    {
        var blobs = Path.Combine(data.Files, "blobs");
        if (!Directory.Exists(blobs)) yield break;
        foreach (var path in Directory.EnumerateFiles(blobs, "*", SearchOption.AllDirectories))
            if (new ArchiveFile(ArchiveFileKind.Content, Path.GetFileName(path)) is var file && ArchiveFormat.IsSafe(file))
                yield return (file, path);
    }

    /// <summary>appsettings beside the program, and the folder of settings.</summary>
    internal IEnumerable<(ArchiveFile File, string Path)> Configuration()
    {
        foreach (var path in Small(environment.ContentRootPath, "appsettings*.json"))
            yield return (new ArchiveFile(ArchiveFileKind.Configuration, Path.GetFileName(path)), path);
        if (settings.Folder is { } folder && Directory.Exists(folder))
            foreach (var path in Small(folder, "*"))
                yield return (new ArchiveFile(ArchiveFileKind.Configuration, $"conf.d/{Path.GetFileName(path)}"), path);
    }

    private static IEnumerable<string> Small(string folder, string pattern) =>
        Directory.EnumerateFiles(folder, pattern).Where(path => new FileInfo(path).Length <= MostConfiguration).Order(StringComparer.Ordinal);
}
