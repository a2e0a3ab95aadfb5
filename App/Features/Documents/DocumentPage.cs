using BlazorAdmin.Features.Documents.Reading;

namespace BlazorAdmin.Features.Documents;

/// <summary>The text of one page (or section, where the file has no pages).</summary>
public sealed class DocumentPage
{
    public Guid DocumentId { get; set; }

    /// <summary>From 1.</summary>
    public int Number { get; set; }

    public Guid TenantId { get; set; }

    /// <summary>As it counts: what was read, or what a person put right instead.</summary>
    public required string Text { get; set; }

    /// <summary>Of what was read; null where it says the same as the text.</summary>
    public string? Markdown { get; set; }

    public TextOrigin Origin { get; set; }

    public double? Confidence { get; set; }

    /// <summary>Key of the reason why this page could not be read.</summary>
    public string? WarningKey { get; set; }

    /// <summary>JSON array of strings.</summary>
    public string? WarningArguments { get; set; }
}
