using System.Globalization;

namespace BlazorAdmin.Features.Documents.Classification;

/// <summary>How a model is trained, in fastText's terms; one thread and a fixed seed, so that the same documents give the same model.</summary>
public sealed record ClassifierSettings(double LearningRate, int Dimension, int Epochs, int WordNgrams, int Buckets)
{
    public const int Seed = 1;

    /// <summary>Those that cross-validation chooses from. Few documents need more rounds; many words would take hours with as many.</summary>
    public static IReadOnlyList<ClassifierSettings> Candidates(int documents, long words)
    {
        var buckets = (int)Math.Clamp(words * 2, 10_000, 200_000);
        var epochs = documents < 500 ? 60 : words < 1_000_000 ? 25 : 8;
        return
        [
            new(1.0, 50, epochs, 2, buckets),
            new(0.5, 50, epochs, 2, buckets),
            new(0.5, 20, epochs * 2, 1, buckets),
        ];
    }

    public IReadOnlyList<string> Arguments =>
    [
        "-lr", Text(LearningRate), "-dim", Text(Dimension), "-epoch", Text(Epochs), "-wordNgrams", Text(WordNgrams), "-bucket", Text(Buckets),
        "-thread", "1", "-seed", Text(Seed), "-verbose", "0",
    ];

    private static string Text(IFormattable number) => number.ToString(null, CultureInfo.InvariantCulture);
}
