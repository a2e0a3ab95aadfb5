using System.Text.Json.Serialization;
using BlazorAdmin.Features.Documents.Recognition;

namespace BlazorAdmin.Features.Documents.Reading;

/// <param name="Confidence">Mean over the words, 0 to 100; null when no word was found.</param>
/// <param name="Words">Number of words found.</param>
/// <param name="Score">Compares ways of reading the same page: what the words' confidence exceeds doubt by, summed up.</param>
public sealed record OcrPage(string Text, double? Confidence, int Words, double Score)
{
    public const double Doubtful = 45;
    private const int FewWords = 3;
    private const double Good = 80;
    private const double Upright = 65;

    /// <summary>How it was read; null for a page without a mark, which needed no recognition.</summary>
    public RecognitionWay? Way { get; init; }

    /// <summary>Its long words are higher than wide: tesseract read lines that run up or down the page.</summary>
    public bool Sideways { get; init; }

    /// <summary>No other way is worth its time.</summary>
    [JsonIgnore]
    public bool ReadsWell => Words >= FewWords && Confidence >= Good;

    /// <summary>Words of this confidence do not come from a page on its head or side.</summary>
    [JsonIgnore]
    public bool StandsUpright => Words >= FewWords && Confidence >= Upright;
}
