using System.Text.Json.Serialization;

namespace BlazorAdmin.Features.Documents.Reading;

/// <param name="Confidence">Mean over the words, 0 to 100; null when no word was found.</param>
/// <param name="Words">Number of words found.</param>
/// <param name="Score">Compares ways of reading the same page: what the words' confidence exceeds doubt by, summed up.</param>
public sealed record OcrPage(string Text, double? Confidence, int Words, double Score)
{
    public const double Doubtful = 45;
    private const int FewWords = 3;

    [JsonIgnore]
    public bool ReadsWell => Words >= FewWords && Confidence >= Doubtful + 10;
}
