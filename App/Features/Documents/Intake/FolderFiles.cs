using System.IO.Enumeration;
using BlazorAdmin.Features.Documents.Reading;

namespace BlazorAdmin.Features.Documents.Intake;

/// <summary>A file that a watched folder holds.</summary>
/// <param name="Path">Below the folder, with slashes.</param>
/// <param name="FullPath">On the server.</param>
public sealed record FolderFile(string Path, string FullPath, long Size, DateTimeOffset ModifiedAt);

/// <summary>Lists a watched folder: ordinary files that match, no links, nothing hidden, temporary or locked.</summary>
public static class FolderFiles
{
    private const int PathLength = 500;

    // Begun by browsers, mail and office programs while they write; the lock files of the latter stand beside the document.
    private static readonly string[] TemporaryEndings = [".tmp", ".temp", ".part", ".partial", ".crdownload", ".download", ".filepart", ".swp", ".lock", ".lck"];

    /// <summary>Files that can be taken, in the order of their names.</summary>
    /// <exception cref="IOException">The folder cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be read.</exception>
    public static IEnumerable<FolderFile> List(WatchedFolder folder)
    {
        var patterns = WatchedFolders.PatternsOf(folder);
        var options = new EnumerationOptions { RecurseSubdirectories = folder.Recursive, IgnoreInaccessible = false, AttributesToSkip = FileAttributes.None, ReturnSpecialDirectories = false };
        var found = new FileSystemEnumerable<FolderFile?>(folder.Path, (ref FileSystemEntry entry) => Describe(folder, ref entry), options)
        {
            ShouldIncludePredicate = (ref FileSystemEntry entry) => !entry.IsDirectory && IsPlain(ref entry) && Matches(patterns, entry.FileName) && !IsTemporary(entry.FileName),
            ShouldRecursePredicate = (ref FileSystemEntry entry) => IsPlain(ref entry) && !IsDone(folder, ref entry),
        };
        return found.OfType<FolderFile>().Where(file => file.Path.Length <= PathLength && !HasLock(file.FullPath)).OrderBy(file => file.Path, StringComparer.Ordinal);
    }

    /// <summary>Opens a file that was listed, unless it has become a link meanwhile, lies outside by a link of its folders, or somebody writes to it.</summary>
    /// <exception cref="IOException">It is none of these any more, or in use.</exception>
    public static FileStream Open(WatchedFolder folder, FolderFile file)
    {
        for (var path = file.FullPath; path is not null && path.Length > folder.Path.TrimEnd(Path.DirectorySeparatorChar).Length; path = Path.GetDirectoryName(path))
            if (new FileInfo(path).LinkTarget is not null) throw new IOException($"'{file.Path}' has become a link.");
        var opened = new FileStream(file.FullPath, new FileStreamOptions { Mode = FileMode.Open, Access = FileAccess.Read, Share = FileShare.Read, BufferSize = 0, Options = FileOptions.Asynchronous | FileOptions.SequentialScan });
        if (IsInside(folder, file, opened)) return opened;
        opened.Dispose();
        throw new IOException($"'{file.Path}' leads out of the folder.");
    }

    // What is open now counts, whatever was put in its place since it was looked at.
    private static bool IsInside(WatchedFolder folder, FolderFile file, FileStream opened) =>
        !OperatingSystem.IsLinux() || new FileInfo($"/proc/self/fd/{opened.SafeFileHandle.DangerousGetHandle()}").LinkTarget == Path.Combine(PosixCalls.RealPath(folder.Path), file.Path);

    private static FolderFile? Describe(WatchedFolder folder, ref FileSystemEntry entry)
    {
        var full = entry.ToFullPath();
        var relative = Path.GetRelativePath(folder.Path, full).Replace('\\', '/');
        // Whole seconds below a microsecond differ between databases and file systems; a thousandth is kept by all.
        var modified = entry.LastWriteTimeUtc;
        return new FolderFile(relative, full, entry.Length, new DateTimeOffset(modified.UtcTicks / TimeSpan.TicksPerMillisecond * TimeSpan.TicksPerMillisecond, TimeSpan.Zero));
    }

    private static bool IsPlain(ref FileSystemEntry entry) => entry.FileName is [not '.' and not '~', ..] && (entry.Attributes & (FileAttributes.ReparsePoint | FileAttributes.Hidden | FileAttributes.System | FileAttributes.Device)) == 0;

    private static bool IsDone(WatchedFolder folder, ref FileSystemEntry entry) =>
        entry.FileName.Equals(WatchedFolders.Done, StringComparison.OrdinalIgnoreCase) && entry.Directory.TrimEnd(Path.DirectorySeparatorChar).Equals(folder.Path.TrimEnd(Path.DirectorySeparatorChar), StringComparison.Ordinal);

    private static bool Matches(string[] patterns, ReadOnlySpan<char> name)
    {
        foreach (var pattern in patterns)
            if (FileSystemName.MatchesSimpleExpression(pattern, name))
                return true;
        return false;
    }

    private static bool IsTemporary(ReadOnlySpan<char> name)
    {
        foreach (var ending in TemporaryEndings)
            if (name.EndsWith(ending, StringComparison.OrdinalIgnoreCase))
                return true;
        return name.Equals("thumbs.db", StringComparison.OrdinalIgnoreCase) || name.Equals("desktop.ini", StringComparison.OrdinalIgnoreCase) || name.EndsWith("~", StringComparison.Ordinal);
    }

    /// <summary>LibreOffice writes ".~lock.name#" and Word "~$name" beside a document that is open, others "name.lock".</summary>
    private static bool HasLock(string path)
    {
        var (folder, name) = (Path.GetDirectoryName(path)!, Path.GetFileName(path));
        return File.Exists(Path.Combine(folder, $".~lock.{name}#")) || File.Exists(path + ".lock")
            || File.Exists(Path.Combine(folder, "~$" + name)) || (name.Length > 2 && File.Exists(Path.Combine(folder, "~$" + name[2..])));
    }
}
