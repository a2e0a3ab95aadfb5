using System.Text.Json;
using BlazorAdmin.Features.Documents.Reading;
using BlazorAdmin.Shell.Controls;
using Microsoft.Extensions.Localization;

namespace BlazorAdmin.Features.Documents;

/// <summary>How the quality of a document is stored and how it reads.</summary>
internal static class QualityWords
{
    private const int MostStored = 2_000;
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    public static (Tone Tone, string Key) Of(double score) =>
        score >= Quality.Good ? (Tone.Ok, "QualityGood") : score >= Quality.Fair ? (Tone.Warn, "QualityFair") : (Tone.Bad, "QualityPoor");

    /// <summary>JSON array of {key, arguments}; null for none.</summary>
    public static string? Store(IReadOnlyList<ReadReason>? reasons)
    {
        if (reasons is null) return null;
        var json = JsonSerializer.Serialize(reasons, Json);
        return json.Length <= MostStored ? json : JsonSerializer.Serialize(reasons.Take(3), Json);
    }

    public static IReadOnlyList<ReadReason> Read(string? stored) => stored is null ? [] : JsonSerializer.Deserialize<List<ReadReason>>(stored, Json) ?? [];

    public static IEnumerable<string> Reasons(IStringLocalizer<DocumentsTexts> texts, IEnumerable<ReadReason> reasons) => reasons.Select(reason => DocumentWords.Reason(texts, reason)!);
}
