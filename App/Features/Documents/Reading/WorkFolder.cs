namespace BlazorAdmin.Features.Documents.Reading;

/// <summary>A private folder (0700) for one reading, with its own home and temporary folder; gone after dispose.</summary>
public sealed class WorkFolder : IDisposable
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    private WorkFolder(string path)
    {
        Path = path;
        Home = Make(System.IO.Path.Combine(path, "home"));
        Temporary = Make(System.IO.Path.Combine(path, "tmp"));
    }

    public string Path { get; }

    public string Home { get; }

    public string Temporary { get; }

    public static WorkFolder Create(string root)
    {
        Make(root);
        return new WorkFolder(Make(System.IO.Path.Combine(root, Guid.NewGuid().ToString("n"))));
    }

    /// <summary>Removes folders that no living process holds: call once at start, before the first reading of this data directory.</summary>
    public static int RemoveLeftovers(string root, TimeSpan olderThan, TimeProvider time)
    {
        if (!Directory.Exists(root)) return 0;
        var removed = 0;
        foreach (var folder in Directory.EnumerateDirectories(root))
        {
            if (time.GetUtcNow() - Directory.GetLastWriteTimeUtc(folder) < olderThan) continue;
            Directory.Delete(folder, recursive: true);
            removed++;
        }
        return removed;
    }

    /// <summary>Path of a file of this folder. The name comes from the code, never from a document.</summary>
    public string File(string name) => System.IO.Path.Combine(Path, name);

    /// <summary>Bytes of all files, links not followed.</summary>
    public long Measure()
    {
        var options = new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.ReparsePoint, IgnoreInaccessible = true };
        long total = 0;
        try
        {
            foreach (var file in new DirectoryInfo(Path).EnumerateFiles("*", options)) total += file.Exists ? file.Length : 0;
        }
        catch (IOException)
        {
            // The tool removed a file or folder while it was listed; the next look counts again.
        }
        return total;
    }

    public void Dispose()
    {
        if (Directory.Exists(Path)) Directory.Delete(Path, recursive: true);
    }

    private static string Make(string path)
    {
        if (OperatingSystem.IsWindows()) Directory.CreateDirectory(path);
        else Directory.CreateDirectory(path, OwnerOnly);
        return path;
    }
}
