namespace BlazorAdmin.Features.Settings;

/// <summary>The registered sections with their keys, and what they would be with other values of the portal.</summary>
public sealed class SettingsCatalog(IConfiguration configuration, IEnumerable<SettingsSection> sections, IServiceProvider services)
{
    /// <summary>Owner of the settings that only the server's files, variables and arguments say.</summary>
    internal const string ServerConfiguration = "appsettings.json";

    private readonly IReadOnlyList<SettingsSection> _sections = [.. sections.OrderBy(s => s.Name, StringComparer.Ordinal)];

    public IReadOnlyList<SettingsSection> Sections => _sections;

    internal IConfiguration Configuration => configuration;

    internal (SettingsSection Section, SettingKey Key)? Find(string name)
    {
        foreach (var section in _sections)
            if (SettingKeys.Find(section, name) is { } key)
                return (section, key);
        return null;
    }

    /// <summary>Every declared setting with its value in force.</summary>
    internal IEnumerable<SettingValue> Read(IReadOnlySet<string> overridden, IReadOnlyDictionary<string, long> versions) =>
        from section in _sections
        from key in SettingKeys.Declared(section)
        select key.Shape.IsCollection ? ReadCollection(section, key, overridden, versions) : ReadOne(section, key, overridden, versions);

    /// <summary>The variable or argument that says <paramref name="key"/> and is not for the portal to change; one entry makes the whole list or map its own.</summary>
    internal string? OwnerOf(SettingKey key) =>
        key.Shape.IsServerOnly ? ServerConfiguration : SettingOrigin.OwnerOf(configuration, key.Name)
        ?? (key.Shape.IsCollection ? configuration.GetSection(key.Declared).AsEnumerable().Select(pair => SettingOrigin.OwnerOf(configuration, pair.Key)).FirstOrDefault(owner => owner is not null) : null);

    /// <summary>What holds for <paramref name="key"/> once the portal says <paramref name="value"/>, or nothing (null).</summary>
    internal SettingOrigin After(SettingKey key, string? value)
    {
        if (SettingOrigin.OwnerOf(configuration, key.Name) is not null) return SettingOrigin.Of(configuration, key.Name);
        return value is not null ? new SettingOrigin(SettingSource.Database, null, value) : Below(key);
    }

    private SettingOrigin Below(SettingKey key)
    {
        var below = SettingOrigin.Of(configuration, key.Name, belowPortal: true);
        return below.Source == SettingSource.Default ? below with { Value = key.Default } : below;
    }

    /// <summary>What would be wrong with a section if the portal's values were <paramref name="portal"/>.</summary>
    internal IReadOnlyList<SettingIssue> Check(SettingsSection section, IReadOnlyDictionary<string, string?> portal)
    {
        var values = new Dictionary<string, string?>(StringComparer.OrdinalIgnoreCase);
        if (configuration is not IConfigurationRoot root) throw new InvalidOperationException("The configuration has no layers.");
        foreach (var provider in root.Providers)
        {
            if (provider is DatabaseSettingsProvider)
            {
                foreach (var (key, value) in portal) values[key] = value;
                continue;
            }

            foreach (var name in SettingKeys.NamesIn(provider, section.Name))
                if (provider.TryGet(name, out var found))
                    values[name] = found;
        }

        return section.Check(new ConfigurationBuilder().AddInMemoryCollection(values).Build(), services);
    }

    private SettingValue ReadOne(SettingsSection section, SettingKey key, IReadOnlySet<string> overridden, IReadOnlyDictionary<string, long> versions)
    {
        var origin = SettingOrigin.Of(configuration, key.Name);
        var value = origin.Value ?? key.Default;
        return new SettingValue
        {
            Section = section.Name, Key = key.Name, Shape = key.Shape, IsSecret = key.IsSecret, Value = key.IsSecret ? null : value, Default = key.IsSecret ? null : key.Default,
            Source = origin.Source, File = origin.File, Owner = OwnerOf(key), IsSet = !string.IsNullOrEmpty(value), IsOverridden = overridden.Contains(key.Name),
            Below = key.IsSecret ? null : Below(key).Value, Version = versions.GetValueOrDefault(key.Name),
        };
    }

    private SettingValue ReadCollection(SettingsSection section, SettingKey key, IReadOnlySet<string> overridden, IReadOnlyDictionary<string, long> versions)
    {
        var names = configuration.GetSection(key.Name).AsEnumerable().Where(pair => pair.Value is not null).Select(pair => pair.Key);
        // Numbers by their size, not letter by letter.
        var items = names.OrderBy(name => name.Length).ThenBy(name => name, StringComparer.OrdinalIgnoreCase).Select(name =>
        {
            var origin = SettingOrigin.Of(configuration, name);
            var isBelow = SettingOrigin.Of(configuration, name, belowPortal: true).Value is not null;
            return new SettingItem(name, key.IsSecret ? null : origin.Value, origin.Source, origin.File, overridden.Contains(name), isBelow, versions.GetValueOrDefault(name));
        }).ToList();
        var winner = items.Count == 0 ? new SettingItem(key.Name, null, SettingSource.Default, null, false, false, 0) : items.MaxBy(item => item.Source)!;
        return new SettingValue
        {
            Section = section.Name, Key = key.Name, Shape = key.Shape, IsSecret = key.IsSecret, Value = items.Count == 0 || key.IsSecret ? null : SettingLines.Write(key.Shape.IsServerOnly ? key.Shape with { Kind = SettingKind.Map } : key.Shape, key.Name, items),
            Source = winner.Source, File = winner.File, Owner = key.Shape.IsServerOnly ? ServerConfiguration : items.Select(item => SettingOrigin.OwnerOf(configuration, item.Name)).FirstOrDefault(owner => owner is not null),
            IsSet = items.Count > 0, IsOverridden = items.Exists(item => item.IsOverridden), Version = items.Select(item => item.Version).DefaultIfEmpty().Max(), Items = items,
        };
    }
}
