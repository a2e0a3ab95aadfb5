using BlazorAdmin.Features.Documents.Reading;
using BlazorAdmin.Shell.Lists;

namespace BlazorAdmin.Features.Documents.Classification;

/// <summary>A type for choosing.</summary>
public sealed record TypeChoice(Guid Id, string Name);

/// <param name="Documents">Of this type, that the caller may see.</param>
/// <param name="ByPeople">Those of them whose type a person gave.</param>
public sealed record TypeRow(Guid Id, string Name, string? Description, int Version, ListTotal Documents, ListTotal ByPeople);

public enum TypeProblem
{
    None,
    NameMissing,
    NameTooLong,
    NameTaken,
    DescriptionTooLong,

    /// <summary>Somebody else changed or removed it meanwhile.</summary>
    Conflict,

    /// <summary>Documents or rules use it.</summary>
    InUse,

    /// <summary>It cannot be merged into itself.</summary>
    SameType,
}

/// <summary>What is said of a document's type.</summary>
/// <param name="MayChange">The caller may say otherwise.</param>
/// <param name="Model">Number of the model that suggested.</param>
public sealed record DocumentTyped(Guid? TypeId, string? Type, TypeSource? Source, Guid? SuggestedId, string? Suggested, double? Confidence, int? Model, bool MayChange);

/// <summary>A document that waits for a person to say what it is.</summary>
/// <param name="Beginning">Of its text.</param>
public sealed record UnsureDocument(Guid Id, string Name, DateTimeOffset CreatedAt, string? Owner, Guid SuggestedId, string Suggested, double Confidence, string Beginning);

/// <param name="Total">Of all that wait for the caller.</param>
public sealed record UnsurePage(IReadOnlyList<UnsureDocument> Documents, int Total);

/// <summary>A word that speaks for a suggestion.</summary>
/// <param name="Weight">Part of the log odds of the suggestion.</param>
public sealed record ReasonWord(string Word, double Weight);

/// <param name="Reason">Why it could not be built.</param>
public sealed record ModelRow(
    Guid Id, int Number, ModelState State, bool IsActive, ReadReason? Reason, int Documents, int Types, double? Accuracy, double? MacroF1, double? CalibrationError, double Threshold,
    long? Size, long? JobId, DateTimeOffset CreatedAt, DateTimeOffset? TrainedAt);

/// <summary>The models of a tenant, and whether another training is worth it.</summary>
/// <param name="Labels">Documents that a person labelled, with text.</param>
/// <param name="NewLabels">How many more there are than when the active model was trained.</param>
public sealed record ModelOverview(IReadOnlyList<ModelRow> Models, int Labels, int NewLabels)
{
    /// <summary>From so many new labels on, and a tenth of what is known, another training is suggested.</summary>
    public const int WorthIt = 20;

    public ModelRow? Active => Models.FirstOrDefault(model => model.IsActive);

    public ModelRow? Training => Models.FirstOrDefault(model => model.State == ModelState.Training);

    public bool SuggestsTraining => Training is null && Active is { } active && NewLabels >= Math.Max(WorthIt, active.Documents / 10);
}

public enum ModelResult
{
    Done,

    /// <summary>It is gone, or not in a state for this.</summary>
    NotFound,

    /// <summary>A model is being trained already.</summary>
    Busy,

    /// <summary>The active model stays until another one is active.</summary>
    IsActive,

    /// <summary>The threshold must lie between 0 and 1.</summary>
    OutOfRange,
}
