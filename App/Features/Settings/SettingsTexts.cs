namespace BlazorAdmin.Features.Settings;

/// <summary>Texts of the tab Configuration.</summary>
public sealed class SettingsTexts;
