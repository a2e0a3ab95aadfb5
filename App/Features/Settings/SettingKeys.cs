using System.Collections;
using System.ComponentModel;
using System.Globalization;
using System.Reflection;
using BlazorAdmin.Features.Audit;

namespace BlazorAdmin.Features.Settings;

/// <summary>One value that a section takes.</summary>
public sealed record SettingKey(string Name, Type Type, string? Default, bool IsSecret);

/// <summary>Which keys the options of a section have.</summary>
internal static class SettingKeys
{
    private const int MaxDepth = 4;

    /// <summary>The declared keys, and those below lists and dictionaries that the configuration has.</summary>
    public static IEnumerable<SettingKey> Of(SettingsSection section, IConfiguration configuration)
    {
        foreach (var key in Declared(section.Options, section.Name, Activator.CreateInstance(section.Options), 0))
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
        foreach (var key in Declared(section.Options, section.Name, Activator.CreateInstance(section.Options), 0))
        {
            if (IsCollection(key.Type) ? name.StartsWith(key.Name + ":", StringComparison.OrdinalIgnoreCase) : name.Equals(key.Name, StringComparison.OrdinalIgnoreCase))
                return IsCollection(key.Type) ? key with { Name = key.Name + name[key.Name.Length..] } : key;
        }

        return null;
    }

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
                yield return new SettingKey(name, property.PropertyType, Write(value), property.GetCustomAttribute<SecretAttribute>() is not null);
            else if (depth < MaxDepth)
                foreach (var below in Declared(property.PropertyType, name, value, depth + 1))
                    yield return below;
        }
    }

    private static bool IsSimple(Type type) => TypeDescriptor.GetConverter(type).CanConvertFrom(typeof(string));

    private static bool IsCollection(Type type) => type != typeof(string) && typeof(IEnumerable).IsAssignableFrom(type);

    private static string? Write(object? value) => value is null or IEnumerable and not string ? null : Convert.ToString(value, CultureInfo.InvariantCulture);
}
