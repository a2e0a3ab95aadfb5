namespace BlazorAdmin.Features.Documents.Duplicates;

/// <summary>Another document that is the same or nearly so; the caller may see it.</summary>
/// <param name="Similarity">1 for the same bytes, otherwise the estimated share of common three-word shingles, from <see cref="DuplicateFinder.Least"/>.</param>
/// <param name="Exact">The original bytes are the same.</param>
/// <param name="MayChange">The caller may change this document and may make another its new version.</param>
public sealed record SimilarDocument(Guid Id, string Name, DateTimeOffset CreatedAt, string? Owner, long Size, int Edition, double Similarity, bool Exact, bool MayChange);

/// <summary>A document with those it looks like.</summary>
public sealed record DuplicateGroup(Guid Id, string Name, DateTimeOffset CreatedAt, string? Owner, bool MayChange, IReadOnlyList<SimilarDocument> Similar);

/// <param name="Next">After which document the next part begins; null: this is the last.</param>
public sealed record DuplicatePage(IReadOnlyList<DuplicateGroup> Groups, Guid? Next);

/// <summary>What came of a command on two documents.</summary>
public enum DuplicateResult
{
    Done,

    /// <summary>One of them is gone, or the caller may not see or not change it.</summary>
    NotFound,

    /// <summary>They belong to the same document already.</summary>
    SameSeries,
}

/// <param name="Undo">What was before; null if nothing changed.</param>
public sealed record JoinResult(DuplicateResult Result, JoinUndo? Undo = null);

/// <summary>How documents stood before they became versions of another one, to take it back.</summary>
/// <param name="Id">The one that was asked for.</param>
/// <param name="From">The series that they were.</param>
/// <param name="Into">The series that they became part of.</param>
public sealed record JoinUndo(Guid Id, Guid From, Guid Into, IReadOnlyList<JoinedDocument> Documents);

/// <summary>A document before and after it went into another series.</summary>
/// <param name="IsVersion">False: it only went along to the collection, with the one that it is attached to.</param>
public sealed record JoinedDocument(Guid Id, bool IsVersion, JoinedPlace Before, JoinedPlace After);

/// <summary>What joining changes of a document.</summary>
public sealed record JoinedPlace(int Edition, Guid? CollectionId, DateTimeOffset? KeepUntil);

/// <summary>One version of a document.</summary>
/// <param name="MayChange">The caller may change it.</param>
/// <param name="IsFirst">The versions are named after it; it cannot be split off.</param>
public sealed record DocumentVersionRow(Guid Id, int Edition, bool IsLatest, string Name, DateTimeOffset CreatedAt, string? Owner, long Size, long Characters, bool MayChange, bool IsFirst);
