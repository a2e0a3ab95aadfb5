using BlazorAdmin.Features.Audit;
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

    /// <summary>Look for entities, fields and type anew in the text as it is.</summary>
    FindAgain,
}

/// <summary>Carries out a command on every document that a list's query matches, when they are too many for one transaction.</summary>
/// <param name="Query">Query string of the list: words that somebody looked for, tags and people. Not shown to who watches jobs.</param>
/// <param name="AskedAt">What came or was read later is not meant.</param>
/// <param name="Count">How many matched then.</param>
[JobType("documents.change", Queue = "documents", Priority = 4, MaxAttempts = 3, TimeoutSeconds = 7_200, ByHand = false, AsOwner = true)]
public sealed record ChangeDocuments(DocumentCommand Command, DocumentScope Scope, [property: Secret] string Query, DateTimeOffset AskedAt, int Count)
{
    /// <summary>For <see cref="DocumentCommand.Edit"/>: tags, a collection, a person. Not shown to who watches jobs.</summary>
    [Secret]
    public DocumentEdit? Edit { get; init; }
}
