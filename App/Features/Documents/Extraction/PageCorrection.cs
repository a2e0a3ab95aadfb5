using BlazorAdmin.Features.Audit;

namespace BlazorAdmin.Features.Documents.Extraction;

/// <summary>
/// The text of a page as a person put it right. It stands in <see cref="DocumentPage.Text"/> instead of what was read, also after another reading,
/// so that search, download, extraction and classification read one column.
/// </summary>
public sealed class PageCorrection : IAudited
{
    public Guid DocumentId { get; set; }

    /// <summary>From 1.</summary>
    public int Page { get; set; }

    public Guid TenantId { get; set; }

    public required string Text { get; set; }

    /// <summary>What the last reading read there.</summary>
    public required string Before { get; set; }

    public DateTimeOffset CorrectedAt { get; set; }

    /// <summary>Grows with every change; whoever changes names the one they saw.</summary>
    public int Version { get; set; }
}
