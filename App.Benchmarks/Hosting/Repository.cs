namespace BlazorAdmin.Benchmarks.Hosting;

/// <summary>Places in the working copy that the benchmark is built from.</summary>
internal static class Repository
{
    public static string Root { get; } = Find();

    /// <summary>For everything a run leaves behind; not in version control.</summary>
    public static string Artifacts => Directory.CreateDirectory(Path.Combine(Root, "artifacts", "benchmarks")).FullName;

    private static string Find()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            if (File.Exists(Path.Combine(folder.FullName, "BlazorAdmin.sln")))
                return folder.FullName;
        throw new InvalidOperationException($"No folder above {AppContext.BaseDirectory} holds BlazorAdmin.sln.");
    }
}
