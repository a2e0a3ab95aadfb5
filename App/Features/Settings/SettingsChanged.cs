namespace BlazorAdmin.Features.Settings;

/// <summary>Topic <c>settings</c>: values of the portal were changed, all those of one batch.</summary>
public sealed record SettingsChanged(Guid Batch);
