using System.Text.Json;

namespace BlazorAdmin.Features.Documents.Classification;

/// <summary>
/// What a model is worth, measured by cross-validation: every figure comes from answers to documents that the answering model had not learnt from.
/// </summary>
/// <param name="Labels">The type that each of the model's labels stands for; types that were merged appear twice.</param>
/// <param name="Types">Figures per type, in the order of <paramref name="Confusion"/>.</param>
/// <param name="Confusion">Rows: what people said; columns: what the model said.</param>
/// <param name="Temperature">Divides the logarithms of the model's probabilities (Guo et al., "On calibration of modern neural networks", 2017).</param>
/// <param name="UncalibratedError">Expected calibration error before that.</param>
/// <param name="ProposedThreshold">Smallest confidence, at least <see cref="LeastThreshold"/>, from which at least <see cref="WantedAccuracy"/> of the answers were right; 1 when there is none.</param>
/// <param name="Characters">So much of the beginning of a text counts.</param>
/// <param name="Tool">Version of fastText.</param>
public sealed record ClassifierCard(
    IReadOnlyList<Guid> Labels, IReadOnlyList<TypeFigures> Types, IReadOnlyList<IReadOnlyList<int>> Confusion, IReadOnlyList<TypeLeftOut> LeftOut, int Documents, int Folds,
    double Accuracy, double MacroF1, double Temperature, double CalibrationError, double UncalibratedError, IReadOnlyList<ReliabilityBin> Bins, IReadOnlyList<CoveragePoint> Coverage,
    double AccuracyAt80, double ProposedThreshold, double ProposedCoverage, ClassifierSettings Settings, IReadOnlyList<TriedSettings> Tried, int Characters, string Tool)
{
    /// <summary>Share of right answers that the proposed threshold is to reach.</summary>
    public const double WantedAccuracy = 0.95;

    /// <summary>No lower threshold is proposed: what the model itself thinks unlikely is for a person, also of kinds that it has never seen.</summary>
    public const double LeastThreshold = 0.5;

    /// <summary>Documents that had a label when the training began, whether it could learn from them or not; null in cards that do not say.</summary>
    public int? Labelled { get; init; }

    public static ClassifierCard? Read(string? json) => json is null ? null : JsonSerializer.Deserialize<ClassifierCard>(json, JsonSerializerOptions.Web);

    public string Write() => JsonSerializer.Serialize(this, JsonSerializerOptions.Web);
}

/// <param name="Name">At the time of the training.</param>
public sealed record TypeFigures(Guid TypeId, string Name, int Documents, double Precision, double Recall, double F1);

/// <summary>A type with too few documents to be learnt.</summary>
public sealed record TypeLeftOut(string Name, int Documents);

/// <param name="Confidence">Mean of the answers in the bin.</param>
/// <param name="Accuracy">Share of them that was right.</param>
public sealed record ReliabilityBin(double From, double To, int Count, double Confidence, double Accuracy);

/// <param name="Coverage">Share of the documents that are answered with at least the threshold's confidence.</param>
/// <param name="Accuracy">Share of these that was right.</param>
public sealed record CoveragePoint(double Threshold, double Coverage, double Accuracy);

public sealed record TriedSettings(ClassifierSettings Settings, double Accuracy);
