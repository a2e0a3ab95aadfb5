using BlazorAdmin.Features.Settings;

namespace BlazorAdmin.Tests.Features.Settings;

/// <summary>Changes of a single setting, for tests about something else.</summary>
public static class OneSetting
{
    public static Task<SettingOutcome> SetAsync(this SettingsService settings, string key, string value) => settings.ApplyAsync([new SettingEdit(key, value)], "test");

    public static Task<SettingOutcome> RemoveAsync(this SettingsService settings, string key) => settings.ApplyAsync([new SettingEdit(key, null)], "test");
}
