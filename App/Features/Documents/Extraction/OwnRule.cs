namespace BlazorAdmin.Features.Documents.Extraction;

/// <summary>An own rule as the extraction takes it.</summary>
public sealed record OwnRule(Guid Id, string Name, ExtractionRuleKind Kind, string Definition, bool MatchCase, bool IsField)
{
    public static OwnRule Of(ExtractionRule rule) => new(rule.Id, rule.Name, rule.Kind, rule.Definition, rule.MatchCase, rule.IsField);

    /// <summary>The words of a dictionary, one a line.</summary>
    public IEnumerable<string> Words => Definition.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
}
