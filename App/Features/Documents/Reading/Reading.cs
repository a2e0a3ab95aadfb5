using BlazorAdmin.Features.Documents.Recognition;

namespace BlazorAdmin.Features.Documents.Reading;

/// <summary>What reading a document ended with.</summary>
/// <param name="Pages">All pages for Ready and NoText; what was read until then for TimedOut; nothing otherwise.</param>
public sealed record Reading(ReadOutcome Outcome, ReadReason? Reason, Inspection? Inspection, IReadOnlyList<PageText> Pages, IReadOnlyList<ReadWarning> Warnings)
{
    /// <summary>A PDF of the same pages with the recognised text, in the working folder; null where nothing was recognised.</summary>
    public SearchableFile? Searchable { get; init; }
}
