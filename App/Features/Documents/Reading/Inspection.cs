namespace BlazorAdmin.Features.Documents.Reading;

/// <param name="Pages">Pages of a PDF or TIFF, 1 for other pictures, null where pages come only with the conversion.</param>
public sealed record Inspection(ContentType Type, long Size, int? Pages);
