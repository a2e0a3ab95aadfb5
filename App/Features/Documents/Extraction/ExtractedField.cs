namespace BlazorAdmin.Features.Documents.Extraction;

/// <summary>A field as the extraction fills it.</summary>
/// <param name="Value">In one form, as <see cref="EntityMention.Value"/>.</param>
/// <param name="Confidence">0 to 1.</param>
public sealed record ExtractedField(string Name, string Value, double Confidence, int Page, int Start, int Length);
