using BlazorAdmin.Data;
using BlazorAdmin.Features.Documents.Collections;
using BlazorAdmin.Features.Documents.Intake;
using BlazorAdmin.Features.Documents.Reading;
using BlazorAdmin.Security;
using BlazorAdmin.Shell.Lists;

namespace BlazorAdmin.Features.Documents;

/// <summary>What a list's query means: scope, filters and search in SQL.</summary>
internal static class DocumentMatching
{
    /// <summary>Value of a filter for what has none.</summary>
    public const string None = "none";

    /// <summary>So many collections that were opened to somebody are read each in its order; of more, all documents are sorted.</summary>
    private const int MostParts = 40;

    /// <summary>Filters that can leave little of a collection.</summary>
    private static readonly string[] Picky = ["collection", "kind", "tag", "type", "origin", "findings", "owner", "state"];

    /// <param name="found">What the search finds, where that is known.</param>
    public static IQueryable<Document> Of(AppDbContext db, Caller caller, DocumentScope scope, ListQuery query, IReadOnlyCollection<Guid>? found = null, DocumentSight? sight = null)
    {
        var documents = Filtered(db, caller, InScope(db, caller, scope, sight), scope, query, found);
        // Cut where nothing is left to cut: otherwise an index of the list's order is read from its start for the few that were found.
        return found is null ? documents : documents.Take(found.Count);
    }

    private static IQueryable<Document> Filtered(AppDbContext db, Caller caller, IQueryable<Document> documents, DocumentScope scope, ListQuery query, IReadOnlyCollection<Guid>? found)
    {
        if (found is not null) documents = documents.Where(d => found.Contains(d.Id));
        else if (query.Search.Length > 0) documents = DocumentTextSearch.Find(db, caller, documents, scope, query.Search);
        documents = ByState(documents, query);
        if (query.Filter("versions") is null) documents = documents.Where(d => d.IsLatest);
        if (Enum.TryParse<ContentType>(query.Filter("type"), out var type)) documents = documents.Where(d => d.Type == type);
        if (Enum.TryParse<DocumentOrigin>(query.Filter("origin"), ignoreCase: true, out var origin)) documents = documents.Where(d => d.Origin == origin);
        documents = query.Filter("collection") switch
        {
            null => documents,
            None => documents.Where(d => d.CollectionId == null),
            var text => Guid.TryParse(text, out var id) ? documents.Where(d => d.CollectionId == id) : documents,
        };
        documents = query.Filter("kind") switch
        {
            null => documents,
            None => documents.Where(d => d.TypeId == null),
            var text => Guid.TryParse(text, out var id) ? documents.Where(d => d.TypeId == id) : documents,
        };
        if (Guid.TryParse(query.Filter("tag"), out var tag))
        {
            var tagged = db.Set<DocumentTag>().Where(t => t.TagId == tag).Select(t => t.DocumentId);
            documents = documents.Where(d => tagged.Contains(d.Id));
        }
        if (query.Filter("findings") == "yes") documents = documents.Where(d => d.Findings > 0);
        if (ListDays.Instant(query.Filter("from")) is { } from) documents = documents.Where(d => d.CreatedAt >= from);
        if (ListDays.Instant(query.Filter("to")) is { } to) documents = documents.Where(d => d.CreatedAt < to);
        if (query.Filter("owner") is not { } name) return documents;
        var lower = name.ToLowerInvariant();
        var owners = db.Users.Where(u => u.TenantId == caller.TenantId && u.DisplayName.ToLower().Contains(lower)).Select(u => u.Id);
        return documents.Where(d => owners.Contains(d.OwnerId));
    }

    /// <summary>The same in parts without a common row, each of which an index has in the order of time.</summary>
    public static IReadOnlyList<IQueryable<Document>> Parts(AppDbContext db, Caller caller, DocumentScope scope, ListQuery query, IReadOnlyCollection<Guid>? found, DocumentSight? sight)
    {
        var matching = Of(db, caller, scope, query, found, sight);
        if (found is not null) return [matching];
        if (States(query.Filter("state")) is { Length: > 1 } states) return [.. states.Select(state => matching.Where(d => d.State == state))];
        // What is rare, or goes with some of the collections, has a better index: the others would be read to their end.
        return Picky.Any(filter => query.Filter(filter) is not null) ? [matching] : InParts(matching, scope, sight);
    }

    /// <summary>The newest documents of the scope.</summary>
    public static IQueryable<Document> Newest(AppDbContext db, Caller caller, DocumentScope scope, DocumentSight? sight, int count)
    {
        return Ordered(InParts(InScope(db, caller, scope, sight), scope, sight).FirstOf(count, Ordered)).Take(count);

        static IQueryable<Document> Ordered(IQueryable<Document> documents) => documents.OrderByDescending(d => d.CreatedAt).ThenByDescending(d => d.Id);
    }

    private static IReadOnlyList<IQueryable<Document>> InParts(IQueryable<Document> documents, DocumentScope scope, DocumentSight? sight) =>
        scope == DocumentScope.Shared && sight is { Granted: { Count: > 1 and <= MostParts } granted } ? [.. granted.Select(collection => documents.Where(d => d.CollectionId == collection))] : [documents];

    /// <summary>How many match. Of a tag's documents so many are looked at as lists count: joined to everything that is stored they would cost as much as all of it.</summary>
    public static async Task<ListTotal> Count(AppDbContext db, Caller caller, DocumentScope scope, ListQuery query, IReadOnlyCollection<Guid>? found, DocumentSight? sight, CancellationToken cancel)
    {
        if (found is null && Guid.TryParse(query.Filter("tag"), out var tag))
        {
            var tagged = await db.Set<DocumentTag>().Where(t => t.TagId == tag).Select(t => t.DocumentId).Take(Counting.Limit + 1).ToListAsync(cancel);
            var total = await Of(db, caller, scope, query.WithFilter("tag", null), tagged, sight).CountUpTo(cancel);
            return total with { More = total.More || tagged.Count > Counting.Limit };
        }

        var sum = 0;
        foreach (var part in Parts(db, caller, scope, query, found, sight))
            if (sum <= Counting.Limit) sum += await part.Take(Counting.Limit + 1 - sum).CountAsync(cancel);
        return Counting.UpTo(sum, Counting.Limit);
    }

    /// <summary>What the caller sees of the scope, whatever is asked for.</summary>
    public static IQueryable<Document> InScope(AppDbContext db, Caller caller, DocumentScope scope, DocumentSight? sight = null)
    {
        if (scope == DocumentScope.Shared && sight is not null) return db.Granted(caller, sight).AsNoTracking();
        var documents = db.Visible(caller, sight).AsNoTracking();
        if (scope == DocumentScope.Own) return documents.Where(d => d.OwnerId == caller.PersonId);
        if (scope == DocumentScope.All) return documents;
        // Said once more, so that the statement begins with the few collections.
        var granted = db.Granted(caller, CollectionRight.Read);
        return documents.Where(d => d.CollectionId != null && granted.Contains(d.CollectionId.Value) && d.OwnerId != caller.PersonId);
    }

    private static IQueryable<Document> ByState(IQueryable<Document> documents, ListQuery query)
    {
        if (States(query.Filter("state")) is { } states) documents = documents.Where(d => states.Contains(d.State));
        return query.Filter("quality") switch
        {
            "good" => documents.Where(d => d.Quality >= Quality.Good),
            "fair" => documents.Where(d => d.Quality >= Quality.Fair && d.Quality < Quality.Good),
            "poor" => documents.Where(d => d.Quality < Quality.Fair),
            _ => documents,
        };
    }

    private static DocumentState[]? States(string? filter) => filter switch
    {
        "process" => [DocumentState.Waiting, DocumentState.Reading],
        "ready" => [DocumentState.Ready],
        "problem" => [DocumentState.Problem, DocumentState.Cancelled],
        _ => null,
    };
}
