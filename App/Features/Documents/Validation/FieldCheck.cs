using System.Globalization;
using System.Text.RegularExpressions;
using BlazorAdmin.Features.Documents.Extraction;
using BlazorAdmin.Features.Documents.Reading;

namespace BlazorAdmin.Features.Documents.Validation;

/// <summary>Whether the fields of a document keep a rule. Only <see cref="ValidationKind.Required"/> speaks of a field without a value.</summary>
public static class FieldCheck
{
    public static IReadOnlyList<string> Relations { get; } = ["=", "<>", "<", "<=", ">", ">="];

    private const int ShownLength = 100;

    /// <returns>Why the rule does not hold, as a key of the slice's texts; null: it holds.</returns>
    public static ReadReason? Violation(ValidationCriterion rule, IReadOnlyDictionary<string, string> fields)
    {
        var value = fields.GetValueOrDefault(rule.Field, "");
        if (rule.Kind == ValidationKind.Required) return value.Length == 0 ? new ReadReason("FindingRequired", rule.Field) : null;
        if (value.Length == 0) return null;
        return rule.Kind switch
        {
            ValidationKind.Format => Format(rule, value),
            ValidationKind.Checksum => Checksums.Holds(rule.Definition ?? "", value) ? null : new ReadReason("FindingChecksum", rule.Field, Shown(value), rule.Definition ?? ""),
            ValidationKind.CrossField => Relation(rule, value, fields.GetValueOrDefault(rule.OtherField ?? "", "")),
            ValidationKind.Allowed => Allowed(rule.Definition).Contains(value, StringComparer.OrdinalIgnoreCase) ? null : new ReadReason("FindingAllowed", rule.Field, Shown(value), Shown(string.Join(", ", Allowed(rule.Definition)))),
            _ => null,
        };
    }

    /// <summary>The allowed values, one a line.</summary>
    public static IReadOnlyList<string> Allowed(string? definition) => (definition ?? "").Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);

    private static ReadReason? Format(ValidationCriterion rule, string value)
    {
        try
        {
            return OwnPattern.Compile($"^(?:{rule.Definition})$", matchCase: true).IsMatch(value) ? null : new ReadReason("FindingFormat", rule.Field, Shown(value), Shown(rule.Definition ?? ""));
        }
        catch (RegexMatchTimeoutException)
        {
            return new ReadReason("FindingFormatTimedOut", rule.Field, Shown(value));
        }
        catch (ArgumentException)
        {
            // Written by another version of the portal: saving checks it.
            return new ReadReason("FindingRuleBroken", rule.Field);
        }
    }

    private static ReadReason? Relation(ValidationCriterion rule, string value, string other)
    {
        if (other.Length == 0) return null;
        if (Compare(value, other) is not { } order) return new ReadReason("FindingNotComparable", rule.Field, Shown(value), rule.OtherField ?? "", Shown(other));
        var holds = rule.Definition switch
        {
            "=" => order == 0,
            "<>" => order != 0,
            "<" => order < 0,
            "<=" => order <= 0,
            ">" => order > 0,
            ">=" => order >= 0,
            _ => true,
        };
        return holds ? null : new ReadReason("FindingRelation", rule.Field, Shown(value), rule.Definition ?? "", rule.OtherField ?? "", Shown(other));
    }

    /// <summary>As days, as numbers (a currency behind them must be the same), or as words that are equal or not.</summary>
    private static int? Compare(string one, string other)
    {
        if (Day(one) is { } day && Day(other) is { } otherDay) return day.CompareTo(otherDay);
        if (Number(one) is { } number && Number(other) is { } otherNumber)
            return number.Unit.Length == 0 || otherNumber.Unit.Length == 0 || number.Unit == otherNumber.Unit ? number.Value.CompareTo(otherNumber.Value) : null;
        return Day(one) is null && Day(other) is null && Number(one) is null && Number(other) is null ? string.Compare(one, other, StringComparison.OrdinalIgnoreCase) : null;
    }

    private static DateOnly? Day(string value) => DateOnly.TryParseExact(value, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) ? day : null;

    private static (decimal Value, string Unit)? Number(string value)
    {
        var parts = value.Split(' ', 2);
        return decimal.TryParse(parts[0], NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number) ? (number, parts.Length > 1 ? parts[1] : "") : null;
    }

    private static string Shown(string value) => TextScan.Shortened(value, ShownLength);
}
