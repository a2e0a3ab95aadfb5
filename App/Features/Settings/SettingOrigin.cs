using Microsoft.Extensions.Configuration.CommandLine;
using Microsoft.Extensions.Configuration.EnvironmentVariables;

namespace BlazorAdmin.Features.Settings;

public enum SettingSource
{
    /// <summary>What the program has where nobody says anything else.</summary>
    Default,
    File,
    Database,
    Environment,
    CommandLine,
    Other,
}

/// <summary>Where a value comes from.</summary>
/// <param name="File">Name of the file, if it is one.</param>
public sealed record SettingOrigin(SettingSource Source, string? File, string? Value)
{
    /// <summary>The layer that wins for <paramref name="key"/>.</summary>
    public static SettingOrigin Of(IConfiguration configuration, string key)
    {
        if (configuration is IConfigurationRoot root)
            foreach (var provider in root.Providers.Reverse())
                if (provider.TryGet(key, out var value))
                    return new SettingOrigin(SourceOf(provider), (provider as SettingsFilesProvider)?.FileOf(key), value);
        return new SettingOrigin(SettingSource.Default, null, configuration[key]);
    }

    /// <summary>For messages: the file, or what kind of source it is.</summary>
    public string Describe() => Source switch
    {
        SettingSource.File => File ?? "a file",
        SettingSource.Database => "set in the portal",
        SettingSource.Environment => "environment",
        SettingSource.CommandLine => "command line",
        _ => "default",
    };

    private static SettingSource SourceOf(IConfigurationProvider provider) => provider switch
    {
        SettingsFilesProvider or FileConfigurationProvider => SettingSource.File,
        DatabaseSettingsProvider => SettingSource.Database,
        EnvironmentVariablesConfigurationProvider => SettingSource.Environment,
        CommandLineConfigurationProvider => SettingSource.CommandLine,
        _ => SettingSource.Other,
    };
}
