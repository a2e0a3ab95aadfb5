namespace BlazorAdmin.Features.Documents.Reading;

/// <param name="Confidence">Mean over the words, 0 to 100; null when no word was found.</param>
public sealed record OcrPage(string Text, double? Confidence);
