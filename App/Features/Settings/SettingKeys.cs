using System.Collections;
using System.ComponentModel;
using System.Globalization;
using System.Reflection;
using BlazorAdmin.Features.Audit;

namespace BlazorAdmin.Features.Settings;

/// <summary>One value that a section takes.</summary>
/// <param name="Name">Full key; of an entry of a list or map, that entry's.</param>
/// <param name="Declared">The key as the options declare it.</param>
public sealed record SettingKey(string Name, Type Type, string? Default, bool IsSecret, string Declared, SettingShape Shape)
{
    /// <summary>Full keys of the settings that say where a secret is sent.</summary>
    public IReadOnlyList<string> SentTo { get; init; } = [];
}

/// <summary>Which keys the options of a section have.</summary>
internal static class SettingKeys
{
    public const int MostEntries = 1_000;

    private const int MaxDepth = 4;

    /// <summary>The declared keys, and those below lists and dictionaries that the configuration has.</summary>
    public static IEnumerable<SettingKey> Of(SettingsSection section, IConfiguration configuration)
    {
        foreach (var key in Declared(section))
        {
            if (!IsCollection(key.Type))
            {
                yield return key;
                continue;
            }

            foreach (var (name, value) in configuration.GetSection(key.Name).AsEnumerable())
                if (value is not null)
                    yield return key with { Name = name, Default = null };
        }
    }

    /// <returns>The key as it is written in the options, or null if the section has none of that name.</returns>
    public static SettingKey? Find(SettingsSection section, string name)
    {
        foreach (var key in Declared(section))
        {
            if (IsCollection(key.Type) ? name.StartsWith(key.Name + ":", StringComparison.OrdinalIgnoreCase) && IsEntry(key, name[(key.Name.Length + 1)..]) : name.Equals(key.Name, StringComparison.OrdinalIgnoreCase))
                return IsCollection(key.Type) ? key with { Name = key.Name + name[key.Name.Length..] } : key;
        }

        return null;
    }

    /// <summary>The keys that the options declare; a list or map is one.</summary>
    public static IEnumerable<SettingKey> Declared(SettingsSection section) => Declared(section.Options, section.Name, Activator.CreateInstance(section.Options), 0);

    /// <summary>Keys with a value that one layer has under <paramref name="path"/>.</summary>
    public static IEnumerable<string> NamesIn(IConfigurationProvider provider, string path, int depth = 0)
    {
        if (depth > 16) yield break;
        foreach (var child in provider.GetChildKeys([], path).Distinct(StringComparer.OrdinalIgnoreCase))
        {
            var name = $"{path}:{child}";
            if (provider.TryGet(name, out _)) yield return name;
            foreach (var below in NamesIn(provider, name, depth + 1)) yield return below;
        }
    }

    private static IEnumerable<SettingKey> Declared(Type type, string path, object? defaults, int depth)
    {
        foreach (var property in type.GetProperties(BindingFlags.Public | BindingFlags.Instance))
        {
            if (property.GetIndexParameters().Length > 0 || (IsSimple(property.PropertyType) && !property.CanWrite)) continue;
            var name = $"{path}:{property.Name}";
            var value = defaults is null ? null : property.GetValue(defaults);
            if (IsSimple(property.PropertyType) || IsCollection(property.PropertyType))
                yield return new SettingKey(name, property.PropertyType, Write(value), property.GetCustomAttribute<SecretAttribute>() is not null, name, SettingShape.Of(property))
                {
                    SentTo = [.. (property.GetCustomAttribute<SentToAttribute>()?.Targets ?? []).Select(target => $"{path}:{target}")],
                };
            else if (depth < MaxDepth)
                foreach (var below in Declared(property.PropertyType, name, value, depth + 1))
                    yield return below;
        }
    }

    // Entries of lists have numbers, those of maps one word; nothing lies deeper.
    private static bool IsEntry(SettingKey key, string entry) =>
        entry.Length > 0 && (key.Shape.Kind == SettingKind.List ? int.TryParse(entry, NumberStyles.None, CultureInfo.InvariantCulture, out var place) && place < MostEntries : !entry.Contains(':', StringComparison.Ordinal));

    private static bool IsSimple(Type type) => TypeDescriptor.GetConverter(type).CanConvertFrom(typeof(string));

    private static bool IsCollection(Type type) => type != typeof(string) && typeof(IEnumerable).IsAssignableFrom(type);

    private static string? Write(object? value) => value switch
    {
        null or IEnumerable and not string => null,
        bool on => on ? "true" : "false",
        _ => Convert.ToString(value, CultureInfo.InvariantCulture),
    };
}
