namespace BlazorAdmin.Features.Documents.Editing;

/// <summary>What shall become of documents; what it does not name stays as it is.</summary>
public sealed record DocumentEdit
{
    public const int MostTags = 20;

    /// <summary>Names; those that are not there yet are made.</summary>
    public IReadOnlyList<string> AddTags { get; init; } = [];

    public IReadOnlyList<string> RemoveTags { get; init; } = [];

    public bool SetsCollection { get; init; }

    /// <summary>Null: out of every collection.</summary>
    public Guid? CollectionId { get; init; }

    public bool SetsType { get; init; }

    /// <summary>Null: of no type.</summary>
    public Guid? TypeId { get; init; }

    /// <summary>Null: the owner stays.</summary>
    public Guid? OwnerId { get; init; }

    public bool SetsKeepUntil { get; init; }

    /// <summary>Null: for as long as the collection says.</summary>
    public DateTimeOffset? KeepUntil { get; init; }

    public bool IsEmpty => AddTags.Count == 0 && RemoveTags.Count == 0 && !SetsCollection && !SetsType && OwnerId is null && !SetsKeepUntil;

    /// <summary>Attachments and other versions go along: who may see them must not differ.</summary>
    public bool ConcernsFamily => SetsCollection || OwnerId is not null || SetsKeepUntil;
}

/// <summary>Why nothing was changed; each names a field.</summary>
public enum EditProblem
{
    None,

    /// <summary>Nothing is to be changed.</summary>
    NothingChosen,

    /// <summary>A tag is empty, longer than 60 characters or holds a comma; or there are more than 20.</summary>
    TagUnfit,

    /// <summary>There is no such collection, or the caller may not put anything into it.</summary>
    CollectionClosed,
    TypeUnknown,

    /// <summary>There is no such person, the account is closed, or may not have documents.</summary>
    OwnerUnfit,

    /// <summary>The day is less than a day away: nothing goes that did not stand in the preview.</summary>
    DateTooSoon,
}

/// <summary>What became of a command.</summary>
/// <param name="Changed">Documents that are different now, without those that went along.</param>
/// <param name="Undo">What was before; null if nothing changed.</param>
public sealed record EditResult(EditProblem Problem, IReadOnlyList<Guid> Changed, EditUndo? Undo)
{
    public static EditResult Refused(EditProblem problem) => new(problem, [], null);
}

/// <summary>What a command would do.</summary>
/// <param name="Count">Documents that are meant.</param>
/// <param name="Kept">Of them, those that the caller may not change: they stay.</param>
public sealed record EditPreview(int Count, int Kept);

/// <summary>What a command changed, to take it back.</summary>
public sealed record EditUndo(DocumentEdit Edit, IReadOnlyList<DocumentBefore> Before);

/// <summary>A document before it was changed.</summary>
/// <param name="Added">Ids of tags that the command put on it.</param>
/// <param name="Removed">Ids of tags that it took away.</param>
public sealed record DocumentBefore(
    Guid Id, Guid? CollectionId, Guid? TypeId, Classification.TypeSource? TypeSource, Guid OwnerId, DateTimeOffset? KeepUntil, IReadOnlyList<Guid> Added, IReadOnlyList<Guid> Removed)
{
    /// <summary>The day that it had after the command, which may set one to keep it for some days.</summary>
    public DateTimeOffset? KeepUntilAfter { get; init; }
}
