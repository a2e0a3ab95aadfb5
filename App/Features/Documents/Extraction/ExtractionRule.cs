using BlazorAdmin.Features.Audit;

namespace BlazorAdmin.Features.Documents.Extraction;

public enum ExtractionRuleKind
{
    /// <summary>A regular expression, run with a time limit.</summary>
    Pattern,

    /// <summary>A list of words, one a line.</summary>
    Dictionary,
}

/// <summary>An own way to find entities.</summary>
public sealed class ExtractionRule : IAudited
{
    public Guid Id { get; set; }

    public Guid TenantId { get; set; }

    /// <summary>Kind of the mentions that it finds: one of the portal's or a name of its own.</summary>
    public required string Name { get; set; }

    public required string NormalizedName { get; set; }

    public ExtractionRuleKind Kind { get; set; }

    /// <summary>The expression, or the words.</summary>
    public required string Definition { get; set; }

    public bool MatchCase { get; set; }

    public bool IsEnabled { get; set; }

    /// <summary>Whether its first mention becomes a field of the document.</summary>
    public bool IsField { get; set; }

    public DateTimeOffset CreatedAt { get; set; }

    /// <summary>Grows with every change; whoever changes names the one they saw.</summary>
    public int Version { get; set; }
}
