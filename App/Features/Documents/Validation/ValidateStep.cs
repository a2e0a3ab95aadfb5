using BlazorAdmin.Features.Documents.Reading;

namespace BlazorAdmin.Features.Documents.Validation;

/// <param name="Fields">Name to value; a person's word where there is one.</param>
public sealed record ValidateInput(IReadOnlyDictionary<string, string> Fields, IReadOnlyList<ValidationCriterion> Rules);

/// <param name="Findings">Rules that do not hold, and why.</param>
public sealed record ValidationResult(IReadOnlyList<RuleFinding> Findings);

public sealed record RuleFinding(Guid RuleId, ReadReason Reason);

/// <summary>Checks the fields against the rules for the document's type.</summary>
public sealed class ValidateStep : IDocumentStep<ValidateInput, ValidationResult>
{
    public string Name => "validate";

    public string Version => "1";

    public Task<StepResult<ValidationResult>> Run(ValidateInput input, StepContext context, CancellationToken cancel) => Task.FromResult(StepResult<ValidationResult>.Ready(Validate(input)));

    /// <summary>The same without a working folder: the step uses no tools.</summary>
    public static ValidationResult Validate(ValidateInput input) =>
        new([.. from rule in input.Rules let reason = FieldCheck.Violation(rule, input.Fields) where reason is not null select new RuleFinding(rule.Id, reason)]);
}
