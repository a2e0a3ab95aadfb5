namespace BlazorAdmin.Features.Documents.Validation;

/// <summary>A rule that a document violates.</summary>
public sealed class ValidationFinding
{
    public Guid DocumentId { get; set; }

    public Guid RuleId { get; set; }

    public Guid TenantId { get; set; }

    /// <summary>Key of the slice's texts.</summary>
    public required string ReasonKey { get; set; }

    /// <summary>JSON array of strings.</summary>
    public string? ReasonArguments { get; set; }

    public DateTimeOffset FoundAt { get; set; }
}
