namespace BlazorAdmin.Features.Flags;

/// <summary>Texts of the tab of flags.</summary>
public sealed class FlagsTexts;
