namespace BlazorAdmin.Features.Documents.Intake;

/// <summary>A file on its way in, piece by piece; it can be gone on with after a lost connection or a restart.</summary>
public sealed class UploadSession
{
    public Guid Id { get; set; }

    public Guid TenantId { get; set; }

    public Guid OwnerId { get; set; }

    public required string Name { get; set; }

    /// <summary>Bytes of the whole file.</summary>
    public long Size { get; set; }

    /// <summary>Bytes that are safely on disk.</summary>
    public long Received { get; set; }

    public Guid? CollectionId { get; set; }

    /// <summary>The series that the file becomes a new version of; null: a document of its own.</summary>
    public Guid? SeriesId { get; set; }

    /// <summary>What it became.</summary>
    public Guid? DocumentId { get; set; }

    public DateTimeOffset CreatedAt { get; set; }

    /// <summary>Sessions that nobody touches any more are removed.</summary>
    public DateTimeOffset TouchedAt { get; set; }
}
