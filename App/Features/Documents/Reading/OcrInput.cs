namespace BlazorAdmin.Features.Documents.Reading;

/// <param name="Page">Number of the page, from 1.</param>
public sealed record OcrInput(DocumentSource Source, ContentType Type, int Page);
