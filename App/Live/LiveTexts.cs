namespace BlazorAdmin.Live;

/// <summary>Marks the texts of the live parts.</summary>
public sealed class LiveTexts;
