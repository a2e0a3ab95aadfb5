namespace BlazorAdmin.Features.Documents.Extraction;

/// <summary>The text of a page as it counts: what a person put right, otherwise what was read.</summary>
public sealed record EntityPage(int Number, string Text);
