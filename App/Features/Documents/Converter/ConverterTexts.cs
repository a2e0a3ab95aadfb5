namespace BlazorAdmin.Features.Documents.Converter;

public sealed class ConverterTexts;
