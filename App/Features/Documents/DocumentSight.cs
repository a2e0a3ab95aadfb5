using System.Linq.Expressions;

namespace BlazorAdmin.Features.Documents;

/// <summary>Which collections a caller's rights open and close, read a moment ago; never kept.</summary>
/// <param name="All">Everything is seen but what is closed; otherwise only one's own and what is granted.</param>
/// <param name="Closed">Restricted collections without a grant; empty unless <paramref name="All"/>.</param>
/// <param name="Granted">Collections that were opened to the caller.</param>
/// <param name="Hidden">Collections that are closed to who looks at the portal as the caller; they hide the caller's own documents too.</param>
internal sealed record DocumentSight(bool All, IReadOnlyList<Guid> Closed, IReadOnlyList<Guid> Granted, IReadOnlyList<Guid> Hidden)
{
    /// <summary>So many ids of a kind are passed as values at most.</summary>
    public const int Most = 500;

    public static DocumentSight Everything { get; } = new(true, [], [], []);

    /// <summary>The rule of <see cref="DocumentAccess"/> in these values.</summary>
    public Expression<Func<Document, bool>> Shows(Guid? person)
    {
        var (closed, granted, hidden) = (Closed, Granted, Hidden);
        return (All, hidden.Count) switch
        {
            (true, 0) when closed.Count == 0 => d => true,
            (true, 0) => d => d.OwnerId == person || d.CollectionId == null || !closed.Contains(d.CollectionId.Value),
            (true, _) => d => (d.OwnerId == person || d.CollectionId == null || !closed.Contains(d.CollectionId.Value)) && (d.CollectionId == null || !hidden.Contains(d.CollectionId.Value)),
            (false, 0) => d => d.OwnerId == person || (d.CollectionId != null && granted.Contains(d.CollectionId.Value)),
            (false, _) => d => (d.OwnerId == person || (d.CollectionId != null && granted.Contains(d.CollectionId.Value))) && (d.CollectionId == null || !hidden.Contains(d.CollectionId.Value)),
        };
    }
}
