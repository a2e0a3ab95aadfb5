namespace BlazorAdmin.Features.Documents.Reading;

/// <summary>One page of text. Documents without pages are cut into sections at block borders.</summary>
/// <param name="Number">From 1.</param>
/// <param name="Markdown">Null when it would say the same as <paramref name="Text"/>.</param>
/// <param name="Confidence">Mean of the recognised words, 0 to 100; null for text of the file itself.</param>
public sealed record PageText(int Number, string Text, string? Markdown, TextOrigin Origin, double? Confidence);
