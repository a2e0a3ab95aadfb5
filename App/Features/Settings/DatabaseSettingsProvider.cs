namespace BlazorAdmin.Features.Settings;

/// <summary>The overrides of the database. Empty until it is ready; whoever uses a setting hears of the change then.</summary>
public sealed class DatabaseSettingsProvider : ConfigurationProvider, IConfigurationSource
{
    public IConfigurationProvider Build(IConfigurationBuilder builder) => this;

    /// <returns>False if nothing changed.</returns>
    internal bool Replace(IReadOnlyDictionary<string, string?> values)
    {
        var data = new Dictionary<string, string?>(values, StringComparer.OrdinalIgnoreCase);
        if (data.Count == Data.Count && data.All(pair => Data.TryGetValue(pair.Key, out var value) && value == pair.Value)) return false;
        Data = data;
        OnReload();
        return true;
    }
}
