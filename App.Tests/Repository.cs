namespace BlazorAdmin.Tests;

/// <summary>Places of the source tree that the tests run from.</summary>
public static class Repository
{
    public static string Root { get; } = FindRoot();

    private static string FindRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            if (File.Exists(Path.Combine(folder.FullName, "BlazorAdmin.sln")))
                return folder.FullName;
        throw new InvalidOperationException($"No BlazorAdmin.sln above {AppContext.BaseDirectory}.");
    }
}
