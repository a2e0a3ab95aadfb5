namespace BlazorAdmin.Features.Documents.Classification;

public sealed class ClassificationTexts;
