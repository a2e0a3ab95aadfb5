using BlazorAdmin.Features.Audit;

namespace BlazorAdmin.Features.Documents.Validation;

public enum ValidationKind
{
    /// <summary>The field must have a value.</summary>
    Required,

    /// <summary>The value must match a regular expression.</summary>
    Format,

    /// <summary>The value must satisfy a checksum (IBAN, VAT identification number, Luhn, ...).</summary>
    Checksum,

    /// <summary>The value must stand in a relation to another field.</summary>
    CrossField,

    /// <summary>The value must be one of a list.</summary>
    Allowed,
}

/// <summary>What must hold for the fields of documents.</summary>
public sealed class ValidationRule : IAudited
{
    public Guid Id { get; set; }

    public Guid TenantId { get; set; }

    public required string Name { get; set; }

    public required string NormalizedName { get; set; }

    /// <summary>Only documents of this type; null: all.</summary>
    public Guid? TypeId { get; set; }

    public ValidationKind Kind { get; set; }

    /// <summary>Name of the field.</summary>
    public required string Field { get; set; }

    /// <summary>The expression, the name of the checksum, the relation, or the allowed values; null for Required.</summary>
    public string? Definition { get; set; }

    /// <summary>The second field of a relation.</summary>
    public string? OtherField { get; set; }

    /// <summary>What people read when it does not hold; null: a text made from the rule.</summary>
    public string? Message { get; set; }

    public bool IsEnabled { get; set; }

    public DateTimeOffset CreatedAt { get; set; }

    /// <summary>Grows with every change; whoever changes names the one they saw.</summary>
    public int Version { get; set; }
}
