using BlazorAdmin.Features.Documents.Reading;

namespace BlazorAdmin.Features.Documents;

/// <summary>A document as lists show it.</summary>
/// <param name="Pages">Null until known.</param>
public sealed record DocumentRow(
    Guid Id, string Name, ContentType? Type, DocumentState State, ReadOutcome? Outcome, string? ReasonKey, string? ReasonArguments,
    long Size, int? Pages, int Warnings, double Progress, string? ProgressKey, string? ProgressArguments,
    DateTimeOffset CreatedAt, DateTimeOffset? ReadStartedAt, DateTimeOffset? ReadEndedAt, Guid OwnerId, string? Owner, long? JobId)
{
    /// <summary>0 to 100; null until read.</summary>
    public double? Quality { get; init; }

    public bool InProcess => State is DocumentState.Waiting or DocumentState.Reading;
}
