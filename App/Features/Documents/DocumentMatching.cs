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

    /// <param name="found">What the search finds, where that is known.</param>
    public static IQueryable<Document> Of(AppDbContext db, Caller caller, DocumentScope scope, ListQuery query, IReadOnlyCollection<Guid>? found = null)
    {
        var documents = InScope(db, caller, scope);
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
    public static async Task<IReadOnlyList<IQueryable<Document>>> Parts(AppDbContext db, Caller caller, DocumentScope scope, ListQuery query, IReadOnlyCollection<Guid>? found, CancellationToken cancel)
    {
        var matching = Of(db, caller, scope, query, found);
        if (found is not null) return [matching];
        if (States(query.Filter("state")) is { Length: > 1 } states) return [.. states.Select(state => matching.Where(d => d.State == state))];
        if (scope != DocumentScope.Shared || query.Filter("collection") is not null) return [matching];
        var granted = await db.Granted(caller, CollectionRight.Read).Distinct().Take(MostParts + 1).ToListAsync(cancel);
        return granted.Count is > 1 and <= MostParts ? [.. granted.Select(collection => matching.Where(d => d.CollectionId == collection))] : [matching];
    }

    /// <summary>How many match. Of a tag's documents so many are looked at as lists count: joined to everything that is stored they would cost as much as all of it.</summary>
    public static async Task<ListTotal> Count(AppDbContext db, Caller caller, DocumentScope scope, ListQuery query, IReadOnlyCollection<Guid>? found, CancellationToken cancel)
    {
        if (found is null && Guid.TryParse(query.Filter("tag"), out var tag))
        {
            var tagged = await db.Set<DocumentTag>().Where(t => t.TagId == tag).Select(t => t.DocumentId).Take(Counting.Limit + 1).ToListAsync(cancel);
            var total = await Of(db, caller, scope, query.WithFilter("tag", null), tagged).CountUpTo(cancel);
            return total with { More = total.More || tagged.Count > Counting.Limit };
        }

        var sum = 0;
        foreach (var part in await Parts(db, caller, scope, query, found, cancel))
            if (sum <= Counting.Limit) sum += await part.Take(Counting.Limit + 1 - sum).CountAsync(cancel);
        return Counting.UpTo(sum, Counting.Limit);
    }

    /// <summary>What the caller sees of the scope, whatever is asked for.</summary>
    public static IQueryable<Document> InScope(AppDbContext db, Caller caller, DocumentScope scope)
    {
        var documents = db.Visible(caller).AsNoTracking();
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
