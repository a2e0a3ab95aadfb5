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
    /// <param name="belowPortal">Asks only the layers below the portal's own values.</param>
    public static SettingOrigin Of(IConfiguration configuration, string key, bool belowPortal = false)
    {
        if (configuration is IConfigurationRoot root)
            foreach (var provider in root.Providers.Reverse().SkipWhile(p => belowPortal && p is not DatabaseSettingsProvider))
                if (provider.TryGet(key, out var value) && !(belowPortal && provider is DatabaseSettingsProvider))
                    return new SettingOrigin(SourceOf(provider), (provider as SettingsFilesProvider)?.FileOf(key), value);
        return new SettingOrigin(SettingSource.Default, null, belowPortal ? null : configuration[key]);
    }

    /// <summary>The environment variable or argument that wins over the portal's values for <paramref name="key"/>; null if none does.</summary>
    public static string? OwnerOf(IConfiguration configuration, string key)
    {
        if (configuration is not IConfigurationRoot root) return null;
        // Variables with the host's prefixes are read first and lose: only what comes after the database owns a key.
        foreach (var provider in root.Providers.Reverse().TakeWhile(p => p is not DatabaseSettingsProvider))
        {
            if (!provider.TryGet(key, out _)) continue;
            return provider is EnvironmentVariablesConfigurationProvider ? VariableOf(key) : $"--{key}";
        }

        return null;
    }

    private static string VariableOf(string key)
    {
        var name = key.Replace(":", "__", StringComparison.Ordinal);
        foreach (string variable in Environment.GetEnvironmentVariables().Keys)
            if (variable.Equals(name, StringComparison.OrdinalIgnoreCase))
                return variable;
        return name;
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
