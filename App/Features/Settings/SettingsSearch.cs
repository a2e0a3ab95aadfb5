using BlazorAdmin.Security;
using BlazorAdmin.Shell;
using Microsoft.Extensions.Localization;

namespace BlazorAdmin.Features.Settings;

/// <summary>Settings in the command palette, by words of their key, description or section.</summary>
public sealed class SettingsSearch(SettingsCatalog catalog, Guard guard, IStringLocalizer<SettingDocs> docs) : ISearchProvider
{
    public async Task<IReadOnlyList<SearchHit>> SearchAsync(string text, int limit, CancellationToken cancellation)
    {
        if (!await guard.Allows(SettingsPermissions.Read, cancellation)) return [];
        var found = from section in catalog.Sections
                    from key in SettingKeys.Declared(section)
                    where SettingsWords.Matches(docs, section.Name, key.Name, text)
                    select new SearchHit("Setting", key.Name, SettingsWords.Section(docs, section.Name), SettingsPlace.Of(null, key.Name).Link, "settings");
        return [.. found.Take(limit)];
    }
}
