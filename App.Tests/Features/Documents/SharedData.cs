namespace BlazorAdmin.Tests.Features.Documents;

/// <summary>Real input files that are not part of the repository: the folder shared/data beside it, or where BLAZORADMIN_SHARED points.</summary>
internal static class SharedData
{
    public const string Variable = "BLAZORADMIN_SHARED";

    public static string Root { get; } = Path.Combine(Environment.GetEnvironmentVariable(Variable) ?? Path.Combine(Repository.Root, "..", "shared"), "data");

    public static string? WhyAbsent { get; } = Directory.Exists(Root) ? null : $"The folder {Path.GetFullPath(Root)} is absent; set {Variable} to the folder that holds data/.";

    public static TheoryData<string> Files(params string[] folders)
    {
        var data = new TheoryData<string>();
        if (WhyAbsent is not null) return data;
        foreach (var file in folders.SelectMany(folder => Directory.EnumerateFiles(Path.Combine(Root, folder), "*", SearchOption.AllDirectories)).Where(IsInput).Order(StringComparer.Ordinal))
            data.Add(Path.GetRelativePath(Root, file));
        return data;
    }

    /// <summary>Not the reference texts, licences and truths that lie beside the inputs.</summary>
    private static bool IsInput(string file) =>
        Path.GetExtension(file) is not (".md" or ".json") && !Path.GetFileName(file).StartsWith("LICENSE", StringComparison.Ordinal) && !(file.EndsWith(".csv", StringComparison.Ordinal) && file.Contains("receipts", StringComparison.Ordinal));

    public static string PathOf(string relative) => Path.Combine(Root, relative);
}
