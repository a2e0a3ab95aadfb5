namespace BlazorAdmin.Features.Documents.Extraction;

public enum RuleOutcome
{
    Done,
    NotFound,

    /// <summary>Somebody else changed it since the caller saw it.</summary>
    Conflict,

    /// <summary>See the issues.</summary>
    Wrong,
}

/// <param name="Field">The input it is about: name, definition, field, other, type, message.</param>
/// <param name="Key">Key of <see cref="ExtractionTexts"/>.</param>
public sealed record RuleIssue(string Field, string Key, params object[] Arguments);

public sealed record RuleResult(RuleOutcome Outcome, IReadOnlyList<RuleIssue> Issues)
{
    public static RuleResult Done { get; } = new(RuleOutcome.Done, []);

    public static RuleResult NotFound { get; } = new(RuleOutcome.NotFound, []);

    public static RuleResult Conflict { get; } = new(RuleOutcome.Conflict, []);

    public static RuleResult Wrong(IReadOnlyList<RuleIssue> issues) => new(RuleOutcome.Wrong, issues);
}
