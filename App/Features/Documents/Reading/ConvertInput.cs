namespace BlazorAdmin.Features.Documents.Reading;

public sealed record ConvertInput(DocumentSource Source, Inspection Inspection);
