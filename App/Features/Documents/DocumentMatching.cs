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

    public static IQueryable<Document> Of(AppDbContext db, Caller caller, DocumentScope scope, ListQuery query)
    {
        var documents = InScope(db, caller, scope).AsNoTracking();
        if (query.Search.Length > 0) documents = DocumentTextSearch.Find(db, caller, documents, scope, query.Search);
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

    private static IQueryable<Document> InScope(AppDbContext db, Caller caller, DocumentScope scope)
    {
        var documents = db.Visible(caller);
        if (scope == DocumentScope.Own) return documents.Where(d => d.OwnerId == caller.PersonId);
        if (scope == DocumentScope.All) return documents;
        // Said once more, so that the statement begins with the few collections.
        var granted = db.Granted(caller, CollectionRight.Read);
        return documents.Where(d => d.CollectionId != null && granted.Contains(d.CollectionId.Value) && d.OwnerId != caller.PersonId);
    }

    private static IQueryable<Document> ByState(IQueryable<Document> documents, ListQuery query)
    {
        documents = query.Filter("state") switch
        {
            "process" => documents.Where(d => d.State == DocumentState.Waiting || d.State == DocumentState.Reading),
            "ready" => documents.Where(d => d.State == DocumentState.Ready),
            "problem" => documents.Where(d => d.State == DocumentState.Problem || d.State == DocumentState.Cancelled),
            _ => documents,
        };
        return query.Filter("quality") switch
        {
            "good" => documents.Where(d => d.Quality >= Quality.Good),
            "fair" => documents.Where(d => d.Quality >= Quality.Fair && d.Quality < Quality.Good),
            "poor" => documents.Where(d => d.Quality < Quality.Fair),
            _ => documents,
        };
    }
}
