namespace BlazorAdmin.Data;

/// <summary>Where the portal keeps what does not belong in the database: the embedded server, files, keys, node locks.</summary>
public sealed record DataDirectory(string Path)
{
    private readonly string? _files;

    /// <summary>The content-addressed file store; several nodes point <c>Files:Directory</c> at one shared folder.</summary>
    public string Files
    {
        get => _files ?? System.IO.Path.Combine(Path, "files");
        init => _files = value;
    }

    public string Keys => System.IO.Path.Combine(Path, "keys");

    public string Work => System.IO.Path.Combine(Path, "work");

    public string Nodes => System.IO.Path.Combine(Path, "nodes");

    /// <summary>
    /// <c>DataDirectory</c> of the configuration; in development <c>App_Data</c> beside appsettings.json. A published portal
    /// wants an absolute path outside its own folder, because an upgrade replaces that folder.
    /// </summary>
    /// <exception cref="StartupException">Missing or misplaced for a published portal, or it cannot be made.</exception>
    public static DataDirectory From(IConfiguration configuration, string contentRoot, bool published)
    {
        var configured = configuration["DataDirectory"];
        string path;
        if (string.IsNullOrWhiteSpace(configured))
        {
            if (published)
                throw new StartupException("DataDirectory is not set. Give an absolute path outside the program's folder, for instance --DataDirectory=/var/lib/blazoradmin.");
            path = System.IO.Path.Combine(contentRoot, "App_Data");
        }
        else
        {
            if (published && !System.IO.Path.IsPathFullyQualified(configured))
                throw new StartupException($"DataDirectory is '{configured}'. Give an absolute path, so that it does not depend on where the program is started.");
            path = System.IO.Path.GetFullPath(configured, contentRoot);
            if (published && IsInside(path, AppContext.BaseDirectory))
                throw new StartupException($"DataDirectory '{path}' lies in the program's own folder, which an upgrade replaces. Give one outside.");
        }

        var data = new DataDirectory(path);
        if (configuration["Files:Directory"] is { Length: > 0 } files) data = data with { Files = System.IO.Path.GetFullPath(files, contentRoot) };
        try
        {
            foreach (var folder in new[] { path, data.Files, data.Keys, data.Work, data.Nodes }) MakePrivate(folder);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new StartupException($"DataDirectory '{path}' cannot be written: {exception.Message}", exception);
        }

        return data;
    }

    private static void MakePrivate(string folder)
    {
        if (OperatingSystem.IsWindows()) Directory.CreateDirectory(folder);
        else Directory.CreateDirectory(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    private static bool IsInside(string path, string folder)
    {
        var relative = System.IO.Path.GetRelativePath(folder, path);
        return relative == "." || (!relative.StartsWith("..", StringComparison.Ordinal) && !System.IO.Path.IsPathRooted(relative));
    }
}
