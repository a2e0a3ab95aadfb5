using BlazorAdmin.Features.Documents.Reading;
using BlazorAdmin.Shell.Lists;

namespace BlazorAdmin.Features.Documents;

/// <summary>Everything about one document but the text.</summary>
/// <param name="Same">Other documents with the same bytes that the caller may see.</param>
/// <param name="MayManage">The caller may delete it and have it read again.</param>
public sealed record DocumentDetails(
    DocumentRow Row, string Sha256, long Characters, double? Confidence, int PagesWithText, IReadOnlyList<DocumentStepView> Steps, IReadOnlyList<SameDocument> Same, bool MayManage)
{
    /// <summary>The mail it was attached to, where the caller may see that.</summary>
    public SameDocument? Parent { get; init; }

    /// <summary>What was attached to it, as far as the caller may see it.</summary>
    public IReadOnlyList<SameDocument> Attachments { get; init; } = [];

    /// <summary>What took points off the quality.</summary>
    public IReadOnlyList<ReadReason> QualityReasons { get; init; } = [];

    /// <summary>Bytes of the searchable PDF; null: there is none.</summary>
    public long? SearchableSize { get; init; }
}

/// <summary>Steps of one kind in the latest reading.</summary>
public sealed record DocumentStepView(string Step, int Runs, ReadOutcome Outcome, long Milliseconds);

public sealed record SameDocument(Guid Id, string Name);

/// <param name="Warning">Why the page could not be read.</param>
public sealed record DocumentPageView(int Number, string Text, string? Markdown, TextOrigin Origin, double? Confidence, ReadReason? Warning);

/// <summary>Bytes for a download.</summary>
public sealed record DocumentContent(Stream Stream, string Name, string MediaType);

/// <summary>Figures for the dashboard.</summary>
public sealed record DocumentSummary(ListTotal InProcess, ListTotal Problems, ListTotal Ready, IReadOnlyList<DocumentRow> Running);
