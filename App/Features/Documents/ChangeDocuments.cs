using BlazorAdmin.Features.Documents.Editing;
using BlazorAdmin.Features.Jobs;

namespace BlazorAdmin.Features.Documents;

/// <summary>What people do to many documents at once.</summary>
public enum DocumentCommand
{
    Delete,
    ReadAgain,

    /// <summary>Remove from the bin for good.</summary>
    Erase,

    /// <summary>Take back from the bin.</summary>
    Restore,
    Edit,
}

/// <summary>Carries out a command on every document that a list's query matches, when they are too many for one transaction.</summary>
/// <param name="Query">Query string of the list.</param>
/// <param name="AskedAt">What came or was read later is not meant.</param>
/// <param name="Count">How many matched then.</param>
[JobType("documents.change", Queue = "documents", Priority = 4, MaxAttempts = 3, TimeoutSeconds = 7_200, ByHand = false, AsOwner = true)]
public sealed record ChangeDocuments(DocumentCommand Command, DocumentScope Scope, string Query, DateTimeOffset AskedAt, int Count)
{
    /// <summary>For <see cref="DocumentCommand.Edit"/>.</summary>
    public DocumentEdit? Edit { get; init; }
}
