using BlazorAdmin.Features.Documents.Reading;
using Microsoft.Extensions.Options;

namespace BlazorAdmin.Features.Documents.Intake;

/// <summary>The folders that the server's configuration names, with what is wrong with them.</summary>
public static class WatchedFolders
{
    public const string Done = "done";
    private const int NameLength = 100;

    /// <summary>In the order of the configuration.</summary>
    public static IReadOnlyList<(WatchedFolder Folder, WatchFault Fault)> Read(ReadingOptions options)
    {
        var seen = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        return [.. options.WatchedFolders.Select(folder => (folder, IsWrong(folder) || !seen.Add(folder.Name) ? WatchFault.Misconfigured : WatchFault.None))];
    }

    public static IReadOnlyList<(WatchedFolder Folder, WatchFault Fault)> Read(IOptionsMonitor<ReadingOptions> options) => Read(options.CurrentValue);

    public static string[] PatternsOf(WatchedFolder folder) => folder.Patterns.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    private static bool IsWrong(WatchedFolder folder) =>
        folder.Name.Length is 0 or > NameLength || !Path.IsPathFullyQualified(folder.Path) || folder.Owner.Length == 0 || PatternsOf(folder).Length == 0;
}
