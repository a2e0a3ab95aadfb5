using BlazorAdmin.Shell.Lists;

namespace BlazorAdmin.Features.Documents.Viewing;

/// <summary>The tabs of a document's own page.</summary>
public enum DocumentTab
{
    Text,
    Fields,
    Versions,
    History,
    Details,
}

/// <summary>What a document's own page shows: the whole state of it, one record for one query string.</summary>
/// <param name="Page">From 1.</param>
/// <param name="Search">Words to mark in the text; null: none.</param>
/// <param name="Picture">On narrow screens the picture of the page stands there instead of the text.</param>
public sealed record DocumentAddress(DocumentTab Tab = DocumentTab.Text, int Page = 1, string? Search = null, bool Picture = false)
{
    /// <summary>Never throws: a mistyped link shows the first page.</summary>
    public static DocumentAddress Parse(string queryString)
    {
        var query = ListQuery.Parse(queryString, new ListQuery());
        var tab = Enum.TryParse<DocumentTab>(query.Filter("tab"), ignoreCase: true, out var wanted) && Enum.IsDefined(wanted) ? wanted : DocumentTab.Text;
        return new DocumentAddress(tab, query.Place ?? 1, query.Search.Length > 0 ? query.Search : null, query.Filter("show") == "picture");
    }

    /// <summary>With "?" where there is something to say.</summary>
    public string ToQueryString()
    {
        var query = new ListQuery { Search = Search ?? "", Place = Page > 1 ? Page : null }
            .WithFilter("tab", Tab == DocumentTab.Text ? null : Tab.ToString().ToLowerInvariant()).WithFilter("show", Picture ? "picture" : null);
        var text = query.ToQueryString(new ListQuery());
        return text.Length == 0 ? "" : "?" + text;
    }
}
