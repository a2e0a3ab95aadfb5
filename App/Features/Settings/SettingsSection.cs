namespace BlazorAdmin.Features.Settings;

/// <summary>A section of typed options that a slice registered.</summary>
public sealed record SettingsSection(string Name, Type Options);
