namespace BlazorAdmin.Features.Health;

/// <summary>Texts of the Health tab.</summary>
public sealed class HealthTexts;
