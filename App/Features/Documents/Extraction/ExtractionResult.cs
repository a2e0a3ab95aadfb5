using BlazorAdmin.Features.Documents.Reading;

namespace BlazorAdmin.Features.Documents.Extraction;

/// <summary>What an extraction found.</summary>
/// <param name="Mentions">In the order of the text, without those that people have judged.</param>
/// <param name="Warnings">Rules that could not be used to the end.</param>
public sealed record ExtractionResult(IReadOnlyList<FoundEntity> Mentions, IReadOnlyList<ExtractedField> Fields, IReadOnlyList<ReadReason> Warnings);
