using BlazorAdmin.Shell.Lists;

namespace BlazorAdmin.Features.Documents.Collections;

/// <summary>A collection as lists show it.</summary>
/// <param name="Documents">Those of it that the caller sees; null: the caller administers it without seeing what is in it.</param>
/// <param name="Grants">How many roles and people have a right of their own.</param>
public sealed record CollectionRow(
    Guid Id, string Name, string? Description, bool IsRestricted, string? Languages, int? RetentionDays, DateTimeOffset CreatedAt, int Version, ListTotal? Documents, int Grants);

/// <summary>A collection to choose.</summary>
public sealed record CollectionName(Guid Id, string Name);

/// <summary>Who has which right.</summary>
/// <param name="IsRole">Otherwise a person.</param>
public sealed record GrantView(Guid Holder, bool IsRole, string Name, CollectionRight Right);

/// <summary>Everything that is edited of a collection.</summary>
public sealed record CollectionDetails(CollectionRow Row, IReadOnlyList<GrantView> Grants);

/// <summary>What a collection shall be.</summary>
/// <param name="Id">Null: a new one.</param>
/// <param name="Version">The one that was seen; 0 for a new one.</param>
public sealed record CollectionDraft(Guid? Id, int Version, string Name, string? Description, bool IsRestricted, string? Languages, int? RetentionDays, IReadOnlyList<GrantView> Grants);

/// <summary>A person who can be given something.</summary>
public sealed record PersonChoice(Guid Id, string Name, string? Email);

/// <summary>Why a collection was not saved or deleted; each names a field.</summary>
public enum CollectionProblem
{
    None,
    NameMissing,
    NameTooLong,
    NameTaken,
    DescriptionTooLong,

    /// <summary>Not in tesseract's form, or the server has no data for one of them.</summary>
    LanguagesUnknown,
    RetentionUnfit,
    HolderUnknown,

    /// <summary>Somebody else changed it meanwhile.</summary>
    Changed,
    Gone,

    /// <summary>There are documents in it, perhaps in the bin.</summary>
    NotEmpty,
    TargetUnknown,
}

/// <summary>What became of a command.</summary>
/// <param name="Argument">What is wrong, for instance the language.</param>
/// <param name="Moving">A job moves the documents and deletes the collection then.</param>
public sealed record CollectionResult(CollectionProblem Problem, Guid? Id = null, string? Argument = null, bool Moving = false);

/// <summary>Topic <c>documents.collections</c>: a collection, its grants or a tag changed.</summary>
/// <param name="Id">Empty: several.</param>
public sealed record CollectionsChanged(Guid Id);
