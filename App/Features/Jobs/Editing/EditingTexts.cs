namespace BlazorAdmin.Features.Jobs.Editing;

/// <summary>Marker of the texts about running jobs again.</summary>
public sealed class EditingTexts;
