namespace BlazorAdmin.Features.Documents.Intake;

public enum WatchedFileState
{
    /// <summary>Seen, and not yet the same long enough.</summary>
    Settling,
    TakenIn,

    /// <summary>Not taken; its reason says why.</summary>
    Refused,
}

/// <summary>What became of a file in a watched folder: it is taken in once, and again only when it has changed.</summary>
public sealed class WatchedFile
{
    public Guid Id { get; set; }

    public Guid TenantId { get; set; }

    /// <summary>Name of the folder in the server's configuration.</summary>
    public required string Folder { get; set; }

    /// <summary>Below the folder, with slashes.</summary>
    public required string Path { get; set; }

    /// <summary>Bytes.</summary>
    public long Size { get; set; }

    /// <summary>When the file was changed, by its own date.</summary>
    public DateTimeOffset ModifiedAt { get; set; }

    public string? Sha256 { get; set; }

    public WatchedFileState State { get; set; }

    public Guid? DocumentId { get; set; }

    /// <summary>Key of the slice's texts.</summary>
    public string? ReasonKey { get; set; }

    /// <summary>JSON array of strings.</summary>
    public string? ReasonArguments { get; set; }

    public DateTimeOffset SeenAt { get; set; }
}
