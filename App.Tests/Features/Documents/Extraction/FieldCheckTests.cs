using BlazorAdmin.Features.Documents.Validation;

namespace BlazorAdmin.Tests.Features.Documents.Extraction;

public sealed class FieldCheckTests
{
    [Theory]
    [InlineData(Checksums.Iban, "DE89 3704 0044 0532 0130 00", true)]
    [InlineData(Checksums.Iban, "DE88370400440532013000", false)]
    [InlineData(Checksums.Vat, "DE136695976", true)]
    [InlineData(Checksums.Vat, "ATU13585627", true)]
    [InlineData(Checksums.Vat, "DE136695970", false)]
    [InlineData(Checksums.Luhn, "4111 1111 1111 1111", true)]
    [InlineData(Checksums.Luhn, "4111111111111112", false)]
    [InlineData(Checksums.Ean13, "4006381333931", true)]
    [InlineData(Checksums.Ean13, "4006381333932", false)]
    [InlineData(Checksums.Isbn13, "978-3-16-148410-0", true)]
    [InlineData(Checksums.Isbn13, "4006381333931", false)]
    [InlineData(Checksums.CreditorReference, "RF18 5390 0754 7034", true)]
    [InlineData(Checksums.CreditorReference, "RF18 5390 0754 7035", false)]
    [InlineData(Checksums.Iban, "", false)]
    [InlineData(Checksums.Luhn, "abc", false)]
    public void Holds_Number_IsAsItsCheckDigitsSay(string name, string value, bool expected) => Checksums.Holds(name, value).ShouldBe(expected);

    [Theory]
    [InlineData(ValidationKind.Required, null, null, "", "FindingRequired")]
    [InlineData(ValidationKind.Required, null, null, "x", null)]
    [InlineData(ValidationKind.Format, @"\d{4}", null, "1234", null)]
    [InlineData(ValidationKind.Format, @"\d{4}", null, "12345", "FindingFormat")]
    [InlineData(ValidationKind.Format, @"\d{4}", null, "", null)]
    [InlineData(ValidationKind.Checksum, Checksums.Iban, null, "DE00", "FindingChecksum")]
    [InlineData(ValidationKind.Allowed, "EUR\nCHF", null, "chf", null)]
    [InlineData(ValidationKind.Allowed, "EUR\nCHF", null, "USD", "FindingAllowed")]
    [InlineData(ValidationKind.CrossField, "<=", "10.00 EUR", "9.50 EUR", null)]
    [InlineData(ValidationKind.CrossField, "<", "10.00", "10.00", "FindingRelation")]
    [InlineData(ValidationKind.CrossField, ">", "2024-01-01", "2023-12-31", "FindingRelation")]
    [InlineData(ValidationKind.CrossField, ">=", "2024-01-01", "2024-01-01", null)]
    [InlineData(ValidationKind.CrossField, "=", "9.00 USD", "9.00 EUR", "FindingNotComparable")]
    [InlineData(ValidationKind.CrossField, "<", "2024-01-01", "5.00", "FindingNotComparable")]
    [InlineData(ValidationKind.CrossField, "<>", "x", "X", "FindingRelation")]
    [InlineData(ValidationKind.CrossField, "=", "", "x", null)]
    public void Violation_OfARule_IsNamed(ValidationKind kind, string? definition, string? other, string value, string? expected)
    {
        var rule = new ValidationCriterion(Guid.NewGuid(), "rule", kind, "field", definition, "other");
        var fields = new Dictionary<string, string> { ["field"] = value };
        if (other is not null) fields["other"] = other;

        FieldCheck.Violation(rule, fields)?.Key.ShouldBe(expected);
        if (expected is not null) FieldCheck.Violation(rule, fields).ShouldNotBeNull();
    }

    [Fact]
    public void Violation_FormatThatRunsOutOfTime_SaysSo()
    {
        var rule = new ValidationCriterion(Guid.NewGuid(), "rule", ValidationKind.Format, "field", @"(?:(\w+)\s?)+\1", null);

        FieldCheck.Violation(rule, new Dictionary<string, string> { ["field"] = string.Concat(Enumerable.Repeat("aaaaaaaaaa ", 30)) + "!" })!.Key.ShouldBe("FindingFormatTimedOut");
    }

    [Theory]
    [InlineData(ValidationKind.Format, "(a", null, "definition")]
    [InlineData(ValidationKind.Checksum, "crc", null, "definition")]
    [InlineData(ValidationKind.CrossField, "=", null, "other")]
    [InlineData(ValidationKind.CrossField, "~", "x", "definition")]
    [InlineData(ValidationKind.Allowed, " \n", null, "definition")]
    public void Check_BadRule_NamesTheInput(ValidationKind kind, string definition, string? other, string input) =>
        new ValidationRuleForm("rule", null, kind, "field", definition, other, null).Check().Select(issue => issue.Field).ShouldContain(input);
}
