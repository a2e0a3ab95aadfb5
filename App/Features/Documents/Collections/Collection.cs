using BlazorAdmin.Features.Audit;

namespace BlazorAdmin.Features.Documents.Collections;

/// <summary>Documents that belong together, with who may see and change them.</summary>
public sealed class Collection : IAudited
{
    public const int NameLength = 100;

    public Guid Id { get; set; }

    public Guid TenantId { get; set; }

    public required string Name { get; set; }

    /// <summary>The name in lower case: two collections of one tenant have different ones.</summary>
    public required string NormalizedName { get; set; }

    public string? Description { get; set; }

    /// <summary>True: only who has a grant (and owners, their own documents) sees what is in it. False: also everybody who may read all documents.</summary>
    public bool IsRestricted { get; set; }

    /// <summary>Languages for character recognition in tesseract's names; null: those of the settings.</summary>
    public string? Languages { get; set; }

    /// <summary>Days that documents stay after they came in; null: for ever.</summary>
    public int? RetentionDays { get; set; }

    public DateTimeOffset CreatedAt { get; set; }

    /// <summary>Grows with every change; whoever changes names the one they saw.</summary>
    public int Version { get; set; }
}
