namespace BlazorAdmin.Features.Documents.Duplicates;

/// <summary>
/// MinHash signature of a document's words, by which near duplicates are found: the share of equal components estimates the
/// Jaccard similarity (Broder 1997, "On the resemblance and containment of documents").
/// </summary>
public sealed class DocumentSketch
{
    public Guid DocumentId { get; set; }

    public Guid TenantId { get; set; }

    /// <summary>Components one after the other, 4 bytes each, little endian.</summary>
    public required byte[] Signature { get; set; }
}

/// <summary>Hash of one band of a signature: documents that share one are candidates (locality-sensitive hashing).</summary>
public sealed class DocumentBand
{
    public Guid DocumentId { get; set; }

    /// <summary>From 0.</summary>
    public short Band { get; set; }

    public Guid TenantId { get; set; }

    public long Hash { get; set; }
}

/// <summary>Somebody said that these two are no duplicates that anything has to be done about.</summary>
public sealed class KeptDuplicate
{
    /// <summary>The smaller id of the two.</summary>
    public Guid DocumentId { get; set; }

    public Guid OtherId { get; set; }

    public Guid TenantId { get; set; }

    public DateTimeOffset KeptAt { get; set; }
}
