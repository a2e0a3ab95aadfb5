using BlazorAdmin.Features.Documents.Extraction;

namespace BlazorAdmin.Features.Documents.Validation;

/// <summary>What a person says of a validation rule.</summary>
public sealed record ValidationRuleForm(string Name, Guid? TypeId, ValidationKind Kind, string Field, string? Definition, string? OtherField, string? Message)
{
    public const int NameLength = 100;
    public const int MessageLength = 400;

    /// <summary>What stands in the way of using it, each with field and remedy.</summary>
    public IReadOnlyList<RuleIssue> Check()
    {
        var issues = new List<RuleIssue>();
        if (Name.Trim().Length == 0) issues.Add(new RuleIssue("name", "NameMissing"));
        else if (Name.Trim().Length > NameLength) issues.Add(new RuleIssue("name", "NameTooLong", NameLength));
        if (Field.Trim().Length is 0 or > DocumentField.NameLength) issues.Add(new RuleIssue("field", "FieldMissing", DocumentField.NameLength));
        if (Message?.Length > MessageLength) issues.Add(new RuleIssue("message", "MessageTooLong", MessageLength));
        var definition = Definition?.Trim() ?? "";
        switch (Kind)
        {
            case ValidationKind.Format when definition.Length == 0:
                issues.Add(new RuleIssue("definition", "PatternMissing"));
                break;
            case ValidationKind.Format:
                // It need not be more than nothing: an empty value is not checked.
                issues.AddRange(ExtractionRuleForm.PatternIssues("definition", $"^(?:{definition})$").Where(issue => issue.Key != "PatternMatchesNothing"));
                break;
            case ValidationKind.Checksum when !Checksums.All.Contains(definition):
                issues.Add(new RuleIssue("definition", "ChecksumMissing"));
                break;
            case ValidationKind.CrossField:
                if (!FieldCheck.Relations.Contains(definition)) issues.Add(new RuleIssue("definition", "RelationMissing"));
                if (OtherField?.Trim() is not { Length: > 0 and <= DocumentField.NameLength }) issues.Add(new RuleIssue("other", "FieldMissing", DocumentField.NameLength));
                break;
            case ValidationKind.Allowed when FieldCheck.Allowed(Definition).Count == 0:
                issues.Add(new RuleIssue("definition", "AllowedMissing"));
                break;
        }
        return issues;
    }
}
