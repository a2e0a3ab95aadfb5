namespace BlazorAdmin.Features.Settings;

/// <summary>Files that are read again when they change: named ones, or all of a folder in the order of their names.</summary>
/// <param name="root">Names in messages are relative to it.</param>
/// <param name="list">The files now, later ones win; may name some that do not exist.</param>
public sealed class SettingsFilesSource(string root, Func<IReadOnlyList<string>> list, SettingsStatus status, TimeProvider time) : IConfigurationSource
{
    public static SettingsFilesSource Of(string root, IReadOnlyList<string> files, SettingsStatus status, TimeProvider time) => new(root, () => files, status, time);

    public static SettingsFilesSource Folder(string root, string folder, SettingsStatus status, TimeProvider time) =>
        new(root, () => Directory.Exists(folder) ? [.. Directory.EnumerateFiles(folder).Where(SettingsFileParser.Reads).Order(StringComparer.Ordinal)] : [], status, time);

    public IConfigurationProvider Build(IConfigurationBuilder builder) => new SettingsFilesProvider(root, list, status, time);
}
