namespace BlazorAdmin.Features.Documents.Reading;

/// <summary>What reading a document ended with.</summary>
/// <param name="Pages">All pages for Ready and NoText; what was read until then for TimedOut; nothing otherwise.</param>
public sealed record Reading(ReadOutcome Outcome, ReadReason? Reason, Inspection? Inspection, IReadOnlyList<PageText> Pages, IReadOnlyList<ReadWarning> Warnings);
