using BlazorAdmin.Features.Audit;

namespace BlazorAdmin.Features.Documents.Collections;

/// <summary>A word that people put on documents.</summary>
public sealed class Tag : IAudited
{
    public const int NameLength = 60;

    public Guid Id { get; set; }

    public Guid TenantId { get; set; }

    public required string Name { get; set; }

    /// <summary>The name in lower case: two tags of one tenant have different ones.</summary>
    public required string NormalizedName { get; set; }
}

/// <summary>A tag on a document.</summary>
public sealed class DocumentTag : IAudited
{
    public Guid DocumentId { get; set; }

    public Guid TagId { get; set; }

    public Guid TenantId { get; set; }
}
