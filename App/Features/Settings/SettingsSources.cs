using BlazorAdmin.Data;
using Microsoft.Extensions.Configuration.Json;

namespace BlazorAdmin.Features.Settings;

/// <summary>The layers of the configuration, later wins: appsettings, <c>conf.d</c>, database, environment, command line.</summary>
public static class SettingsSources
{
    /// <summary>
    /// Puts the watched files and the database between what the framework reads first (appsettings) and last (environment and
    /// command line). The framework's own reading of appsettings is replaced: it loses all values when a file breaks.
    /// </summary>
    /// <exception cref="StartupException">A file cannot be read.</exception>
    public static void AddSettingsSources(this WebApplicationBuilder builder, string contentRoot, TimeProvider time)
    {
        var status = new SettingsStatus(time);
        var database = new DatabaseSettingsProvider();
        var configuration = builder.Configuration;
        var folder = Path.GetFullPath(configuration["Settings:Directory"] is { Length: > 0 } given ? given : "conf.d", contentRoot);
        status.Folder = folder;
        var sources = ((IConfigurationBuilder)configuration).Sources;
        var appsettings = sources.OfType<JsonConfigurationSource>().Where(s => s.Path?.StartsWith("appsettings", StringComparison.OrdinalIgnoreCase) == true).ToList();
        var at = appsettings.Count > 0 ? sources.IndexOf(appsettings[0]) : 0;
        try
        {
            foreach (var source in appsettings) sources.Remove(source);
            sources.Insert(at++, SettingsFilesSource.Of(contentRoot, [.. appsettings.Select(s => Path.Combine(contentRoot, s.Path!))], status, time));
            while (at < sources.Count && sources[at] is JsonConfigurationSource) at++;
            sources.Insert(at++, SettingsFilesSource.Folder(contentRoot, folder, status, time));
            sources.Insert(at, database);
        }
        catch (SettingsFileException exception)
        {
            throw new StartupException($"{exception.Message}. Correct the file or take it away.", exception);
        }

        builder.Services.AddSingleton(status);
        builder.Services.AddSingleton(database);
    }
}
