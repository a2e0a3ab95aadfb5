using BlazorAdmin.Security;
using BlazorAdmin.Shell;
using BlazorAdmin.Shell.Lists;

namespace BlazorAdmin.Features.Documents;

/// <summary>Documents by name in the command palette.</summary>
internal sealed class DocumentSearch(DocumentLibrary documents, Guard guard) : ISearchProvider
{
    public async Task<IReadOnlyList<SearchHit>> SearchAsync(string text, int limit, CancellationToken cancellation)
    {
        var all = await guard.Allows(DocumentsPermissions.Read, cancellation);
        if (!all && !await guard.Allows(DocumentsPermissions.Own, cancellation)) return [];
        var found = await documents.List(all ? DocumentScope.All : DocumentScope.Own, DocumentLists.Defaults.WithSearch(text) with { PageSize = limit }, cancellation);
        var route = all ? "/admin/documents" : "/documents";
        return [.. found.Rows.Select(row => new SearchHit("document", row.Name, row.Owner, $"{route}?item={row.Id}", "document"))];
    }
}
