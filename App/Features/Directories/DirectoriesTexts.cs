namespace BlazorAdmin.Features.Directories;

/// <summary>Marks the texts of this slice.</summary>
public sealed class DirectoriesTexts;
