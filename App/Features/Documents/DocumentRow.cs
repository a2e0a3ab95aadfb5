using BlazorAdmin.Features.Documents.Classification;
using BlazorAdmin.Features.Documents.Intake;
using BlazorAdmin.Features.Documents.Reading;

namespace BlazorAdmin.Features.Documents;

/// <summary>A document as lists show it.</summary>
/// <param name="Pages">Null until known.</param>
public sealed record DocumentRow(
    Guid Id, string Name, ContentType? Type, DocumentState State, ReadOutcome? Outcome, string? ReasonKey, string? ReasonArguments,
    long Size, int? Pages, int Warnings, double Progress, string? ProgressKey, string? ProgressArguments,
    DateTimeOffset CreatedAt, DateTimeOffset? ReadStartedAt, DateTimeOffset? ReadEndedAt, Guid OwnerId, string? Owner, long? JobId)
{
    public Guid? CollectionId { get; init; }

    public string? Collection { get; init; }

    /// <summary>What kind of document it is for the organisation.</summary>
    public Guid? KindId { get; init; }

    public string? Kind { get; init; }

    public TypeSource? KindBy { get; init; }

    public DocumentOrigin Origin { get; init; }

    /// <summary>0 to 100; null until read.</summary>
    public double? Quality { get; init; }

    public int Findings { get; init; }

    public DateTimeOffset? KeepUntil { get; init; }

    public int Edition { get; init; } = 1;

    public Guid? ParentId { get; init; }

    public IReadOnlyList<string> Tags { get; init; } = [];

    /// <summary>Where a search found its words in the text.</summary>
    public TextHit? Hit { get; init; }

    public bool InProcess => State is DocumentState.Waiting or DocumentState.Reading;
}
