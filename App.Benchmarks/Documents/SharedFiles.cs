using BlazorAdmin.Benchmarks.Hosting;

namespace BlazorAdmin.Benchmarks.Documents;

/// <summary>Real files that are not part of the repository: the folder shared/data beside it, or where BLAZORADMIN_SHARED points.</summary>
internal static class SharedFiles
{
    private static string Root { get; } = Path.Combine(Environment.GetEnvironmentVariable("BLAZORADMIN_SHARED") ?? Path.Combine(Repository.Root, "..", "shared"), "data");

    public static bool Present => Directory.Exists(Root);

    /// <summary>Files of a folder of the data, in the order of their names.</summary>
    public static IReadOnlyList<string> In(string folder, string ending) =>
        Directory.Exists(Path.Combine(Root, folder)) ? [.. Directory.EnumerateFiles(Path.Combine(Root, folder), "*." + ending).Order(StringComparer.Ordinal)] : [];
}
