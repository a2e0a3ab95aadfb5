using System.Reflection;
using BlazorAdmin.Data;
using BlazorAdmin.Data.Keys;
using BlazorAdmin.Features.Audit;
using BlazorAdmin.Live;
using BlazorAdmin.Security;

namespace BlazorAdmin.Features.Settings;

/// <summary>One setting as it is in force.</summary>
/// <param name="Value">Null if unset, and always for a secret.</param>
/// <param name="Default">What the program has by itself.</param>
/// <param name="IsOverridden">Set in the portal, whether that wins or not.</param>
public sealed record SettingValue(string Section, string Key, string? Value, string? Default, SettingSource Source, string? File, bool IsSecret, bool IsOverridden);

/// <summary>What became of a wish to change a setting.</summary>
/// <param name="Problems">Why it was refused; empty if it was done.</param>
/// <param name="IsShadowed">Done, but the environment or the command line says otherwise and wins.</param>
public sealed record SettingOutcome(IReadOnlyList<string> Problems, bool IsShadowed = false)
{
    public bool IsDone => Problems.Count == 0;

    internal static SettingOutcome Refused(string problem) => new([problem]);
}

/// <summary>Reads the configuration with its sources, and sets values in the database that all nodes take within two seconds.</summary>
public sealed class SettingsService(
    IDbContextFactory<AppDbContext> databases, Guard guard, IConfiguration configuration, IEnumerable<SettingsSection> sections, IServiceProvider services,
    DatabaseSettingsLoader loader, SecretBox secrets, Topic<SettingsChanged> topic, TimeProvider time)
{
    private const int MaxLength = 4_000;

    /// <summary>Every setting of the registered sections.</summary>
    public async Task<IReadOnlyList<SettingValue>> ReadAsync(CancellationToken cancellation = default)
    {
        await guard.Require(SettingsPermissions.Read, cancellation);
        await using var db = await databases.CreateDbContextAsync(cancellation);
        var overridden = (await db.Set<SettingOverride>().Select(s => s.Key).ToListAsync(cancellation)).ToHashSet(StringComparer.OrdinalIgnoreCase);
        return [.. sections.OrderBy(s => s.Name, StringComparer.Ordinal).SelectMany(section => SettingKeys.Of(section, configuration).Select(key => Describe(section, key, overridden)))];
    }

    /// <summary>Sets <paramref name="key"/> for all nodes; it holds here when this returns.</summary>
    /// <param name="key">Of a registered section, for instance <c>Notifications:RetentionDays</c>.</param>
    /// <param name="reason">Why, for the audit.</param>
    public async Task<SettingOutcome> SetAsync(string key, string value, string? reason = null, CancellationToken cancellation = default)
    {
        var caller = await guard.Require(SettingsPermissions.Manage, cancellation);
        if (Find(key) is not var (section, setting)) return SettingOutcome.Refused($"There is no setting '{key}'.");
        if (value.Length > MaxLength) return SettingOutcome.Refused($"{setting.Name} is longer than {MaxLength} characters.");
        var problems = section.Check(With(section, setting.Name, value), services);
        if (problems.Count > 0) return new SettingOutcome(problems);
        var before = SettingOrigin.Of(configuration, setting.Name).Value;
        await using var db = await databases.CreateDbContextAsync(cancellation);
        var row = await db.Set<SettingOverride>().SingleOrDefaultAsync(s => s.Key == setting.Name, cancellation);
        if (row is null) db.Add(row = new SettingOverride { Key = setting.Name, TenantId = caller.TenantId });
        row.Encrypted = setting.IsSecret;
        row.Value = setting.IsSecret ? secrets.Seal(DatabaseSettingsLoader.SecretPurpose, value) : value;
        row.ChangedAt = time.GetUtcNow();
        row.ChangedBy = caller.UserId;
        db.Audit(caller, "settings.set", "setting", setting.Name, setting.Name, setting.IsSecret ? new { reason } : new { from = before, to = value, reason });
        await SaveAsync(db, setting.Name, cancellation);
        return new SettingOutcome([], SettingOrigin.Of(configuration, setting.Name).Source is SettingSource.Environment or SettingSource.CommandLine);
    }

    /// <summary>Takes the portal's value away; the files' or the program's own holds again.</summary>
    public async Task<SettingOutcome> RemoveAsync(string key, string? reason = null, CancellationToken cancellation = default)
    {
        var caller = await guard.Require(SettingsPermissions.Manage, cancellation);
        await using var db = await databases.CreateDbContextAsync(cancellation);
        if (await db.Set<SettingOverride>().SingleOrDefaultAsync(s => s.Key == key, cancellation) is not { } row) return SettingOutcome.Refused($"'{key}' is not set in the portal.");
        if (Find(key) is var (section, setting) && section.Check(With(section, setting.Name, null), services) is { Count: > 0 } problems) return new SettingOutcome(problems);
        db.Remove(row);
        db.Audit(caller, "settings.remove", "setting", row.Key, row.Key, row.Encrypted ? new { reason } : new { from = row.Value, reason });
        await SaveAsync(db, row.Key, cancellation);
        return new SettingOutcome([]);
    }

    private async Task SaveAsync(AppDbContext db, string key, CancellationToken cancellation)
    {
        db.AfterCommit(() => topic.Publish(new SettingsChanged(key)));
        await db.SaveChangesAsync(cancellation);
        await loader.ReloadAsync(cancellation);
    }

    private (SettingsSection Section, SettingKey Setting)? Find(string key)
    {
        foreach (var section in sections)
            if (SettingKeys.Find(section, key) is { } setting)
                return (section, setting);
        return null;
    }

    private SettingValue Describe(SettingsSection section, SettingKey key, HashSet<string> overridden)
    {
        var origin = SettingOrigin.Of(configuration, key.Name);
        return new SettingValue(section.Name, key.Name, key.IsSecret ? null : origin.Value ?? key.Default, key.IsSecret ? null : key.Default, origin.Source, origin.File, key.IsSecret, overridden.Contains(key.Name));
    }

    // The section as it would be: the layers below the environment with the candidate, then environment and command line.
    private IConfigurationRoot With(SettingsSection section, string key, string? value)
    {
        var values = new Dictionary<string, string?>(StringComparer.OrdinalIgnoreCase);
        if (configuration is not IConfigurationRoot root) throw new InvalidOperationException("The configuration has no layers.");
        foreach (var provider in root.Providers)
        {
            foreach (var name in SettingKeys.NamesIn(provider, section.Name))
                if (provider.TryGet(name, out var found) && !(provider is DatabaseSettingsProvider && name.Equals(key, StringComparison.OrdinalIgnoreCase)))
                    values[name] = found;
            if (provider is DatabaseSettingsProvider && value is not null) values[key] = value;
        }

        // A candidate that is shadowed must be good too: some day the shadow goes.
        if (value is not null) values[key] = value;
        return new ConfigurationBuilder().AddInMemoryCollection(values).Build();
    }
}
