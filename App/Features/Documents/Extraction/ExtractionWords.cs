using System.Globalization;
using System.Text.Json;
using BlazorAdmin.Features.Documents.Reading;
using BlazorAdmin.Features.Jobs;
using Microsoft.Extensions.Localization;

namespace BlazorAdmin.Features.Documents.Extraction;

/// <summary>How kinds, fields, values and findings read; also the progress of this part's jobs.</summary>
public sealed class ExtractionWords(IStringLocalizer<ExtractionTexts> texts) : IJobProgressText
{
    public IReadOnlyList<string> JobTypes { get; } = [JobType.RulesOf(typeof(ExtractDocuments)).Name, JobType.RulesOf(typeof(MeasureExtraction)).Name];

    public string? Read(string message) => ReadReason.Parse(message) is { Key: "ExtractProgress", Arguments: [var done, var total] } ? texts["ExtractProgress", done, total].Value : null;

    /// <summary>The name of a kind; own kinds are named by who made them.</summary>
    public static string Kind(IStringLocalizer<ExtractionTexts> texts, string kind) => EntityKinds.All.Contains(kind) ? texts["Kind" + Capital(kind)].Value : kind;

    /// <inheritdoc cref="Kind"/>
    public static string Field(IStringLocalizer<ExtractionTexts> texts, string name) => FieldNames.All.Contains(name) ? texts["Field" + Capital(name)].Value : name;

    public static string Finding(IStringLocalizer<ExtractionTexts> texts, FindingView finding)
    {
        if (finding.Message is { } own) return own;
        var arguments = finding.ReasonArguments is null ? [] : JsonSerializer.Deserialize<string[]>(finding.ReasonArguments) ?? [];
        for (var i = 0; i < arguments.Length; i++)
            if (i == 0 || (finding.ReasonKey == "FindingRelation" && i == 3) || (finding.ReasonKey == "FindingNotComparable" && i == 2)) arguments[i] = Field(texts, arguments[i]);
        if (finding.ReasonKey == "FindingRelation" && arguments.Length > 2) arguments[2] = texts["Relation" + Relation(arguments[2])];
        if (finding.ReasonKey == "FindingChecksum" && arguments.Length > 2) arguments[2] = Checksum(texts, arguments[2]);
        return texts[finding.ReasonKey, [.. arguments]];
    }

    public static string Checksum(IStringLocalizer<ExtractionTexts> texts, string name) => texts["Checksum" + string.Concat(name.Split('-').Select(Capital))];

    /// <summary>The part of a text key that stands for a relation.</summary>
    public static string Relation(string sign) => sign switch { "=" => "Equal", "<>" => "Different", "<" => "Less", "<=" => "LessOrEqual", ">" => "Greater", _ => "GreaterOrEqual" };

    private static string Capital(string word) => word.Length == 0 ? word : char.ToUpper(word[0], CultureInfo.InvariantCulture) + word[1..];
}
