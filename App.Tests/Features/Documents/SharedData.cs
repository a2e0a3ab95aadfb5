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
        foreach (var file in folders.SelectMany(folder => Directory.EnumerateFiles(Path.Combine(Root, folder), "*", SearchOption.AllDirectories)).Order(StringComparer.Ordinal))
            data.Add(Path.GetRelativePath(Root, file));
        return data;
    }

    public static string PathOf(string relative) => Path.Combine(Root, relative);
}
