namespace BlazorAdmin.Features.Documents.Validation;

/// <summary>A validation rule as the step takes it.</summary>
public sealed record ValidationCriterion(Guid Id, string Name, ValidationKind Kind, string Field, string? Definition, string? OtherField)
{
    public static ValidationCriterion Of(ValidationRule rule) => new(rule.Id, rule.Name, rule.Kind, rule.Field, rule.Definition, rule.OtherField);
}
