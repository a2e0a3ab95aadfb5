namespace BlazorAdmin.Features.Settings;

/// <summary>Topic <c>settings</c>: an override was set or removed.</summary>
public sealed record SettingsChanged(string Key);
