using BlazorAdmin.Features.Jobs;

namespace BlazorAdmin.Features.Documents.Classification;

/// <summary>Builds a model from what people said.</summary>
/// <param name="ModelId">The model, which is there already and says that it is being trained.</param>
/// <param name="AskedBy">Gets the notification.</param>
[JobType("documents.train", Queue = "documents", Priority = 3, MaxAttempts = 3, TimeoutSeconds = 14_400, ByHand = false, MaxRunningPerKey = 1)]
public sealed record TrainClassifier(Guid ModelId, Guid AskedBy);

/// <summary>Asks the active model about documents that no person has labelled: all, or a selection.</summary>
/// <param name="ModelId">Ends when another one became active.</param>
[JobType("documents.classify", Queue = "documents", Priority = 2, MaxAttempts = 5, TimeoutSeconds = 14_400, ByHand = false, MaxRunningPerKey = 1)]
public sealed record ClassifyDocuments(Guid ModelId)
{
    /// <summary>Empty: all.</summary>
    public IReadOnlyList<Guid> Ids { get; init; } = [];
}

/// <summary>Something about types or models changed.</summary>
/// <param name="ModelId">Null: it is about types, or about several models.</param>
public sealed record ClassifierChanged(Guid? ModelId);
