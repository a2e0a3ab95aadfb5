using BlazorAdmin.Features.Audit;

namespace BlazorAdmin.Features.Documents.Classification;

/// <summary>A kind of document of the organisation: invoice, contract, report, ...</summary>
public sealed class DocumentType : IAudited
{
    public const int NameLength = 100;

    public Guid Id { get; set; }

    public Guid TenantId { get; set; }

    public required string Name { get; set; }

    /// <summary>The name in lower case: two types of one tenant have different ones.</summary>
    public required string NormalizedName { get; set; }

    public string? Description { get; set; }

    public DateTimeOffset CreatedAt { get; set; }

    /// <summary>Grows with every change; whoever changes names the one they saw.</summary>
    public int Version { get; set; }
}
