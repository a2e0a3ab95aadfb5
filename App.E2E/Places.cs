namespace BlazorAdmin.E2E;

/// <summary>Where things lie on the machine that runs the tests.</summary>
public static class Places
{
    public static string Repository { get; } = FindRepository();

    /// <summary>The portal built with the same configuration as these tests.</summary>
    public static string Program { get; } = Path.Combine(Repository, "App", "bin", Configuration, "net10.0", "BlazorAdmin.dll");

    /// <summary>Real documents beside the repository; null where the machine has none.</summary>
    public static string? SharedData { get; } = FindSharedData();

    /// <summary>Screenshots, traces and logs of failed journeys.</summary>
    public static string Results { get; } = Directory.CreateDirectory(Path.Combine(Repository, "artifacts", "e2e")).FullName;

    private static string Configuration =>
#if DEBUG
        "Debug";
#else
        "Release";
#endif

    public static string NewDataDirectory() => Directory.CreateTempSubdirectory("blazoradmin-e2e-").FullName;

    /// <summary>With the database that belongs to it.</summary>
    public static void DeleteDataDirectory(string folder)
    {
        GivenDatabases.Drop(folder);
        Directory.Delete(folder, recursive: true);
    }

    private static string FindRepository()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            if (File.Exists(Path.Combine(folder.FullName, "BlazorAdmin.sln")))
                return folder.FullName;
        throw new InvalidOperationException("BlazorAdmin.sln was not found above the tests.");
    }

    private static string? FindSharedData()
    {
        var shared = Environment.GetEnvironmentVariable("BLAZORADMIN_SHARED") ?? Path.Combine(Repository, "..", "shared");
        var data = Path.GetFullPath(Path.Combine(shared, "data"));
        return Directory.Exists(data) ? data : null;
    }
}
