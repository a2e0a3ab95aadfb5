namespace BlazorAdmin.Features.Documents.Extraction;

/// <summary>How well the extraction did on the documents that people have judged: precision and recall per field.</summary>
public sealed class ExtractionReport
{
    public Guid Id { get; set; }

    public Guid TenantId { get; set; }

    public DateTimeOffset CreatedAt { get; set; }

    /// <summary>Documents with a judgement.</summary>
    public int Documents { get; set; }

    /// <summary>JSON: counts and figures per kind and field.</summary>
    public required string Result { get; set; }
}
