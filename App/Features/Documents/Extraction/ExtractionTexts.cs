namespace BlazorAdmin.Features.Documents.Extraction;

/// <summary>Texts of entities, fields and the rules for them.</summary>
public sealed class ExtractionTexts;
