using System.Text.RegularExpressions;
using BlazorAdmin.Data;
using BlazorAdmin.Security;

namespace BlazorAdmin.Features.Documents;

/// <summary>
/// Finds documents by name and by the words of their pages. A search never costs in proportion to everything that is stored: parts of
/// names are compared in the newest documents, and only so many pages are looked at further. PostgreSQL finds words of names and
/// pages by its indexes; on SQL Server a page matches when it contains the text as typed.
/// </summary>
internal static partial class DocumentTextSearch
{
    /// <summary>Most documents that a search finds by text, and as many by name.</summary>
    public const int MostFound = 1_000;

    /// <summary>Parts of names are compared in so many of the newest documents.</summary>
    public const int NamesCompared = 50_000;

    /// <summary>Of the pages with the words, so many are looked at, whoever may see them.</summary>
    private const int PagesConsidered = 2_000;

    private const int Indexed = 100_000;
    private const string Language = "simple";

    /// <summary>Those of <paramref name="documents"/>, which the caller may see, that the text matches.</summary>
    public static IQueryable<Document> Find(AppDbContext db, Caller caller, IQueryable<Document> documents, DocumentScope scope, string text)
    {
        var found = Ids(db, caller, documents, scope, text, null);
        return documents.Where(d => found.Contains(d.Id));
    }

    /// <summary>The ids alone, so that a list that asks several questions about them searches once.</summary>
    public static IQueryable<Guid> Ids(AppDbContext db, Caller caller, IQueryable<Document> documents, DocumentScope scope, string text, DocumentSight? sight)
    {
        var lower = text.ToLowerInvariant();
        var names = DocumentMatching.Newest(db, caller, scope, sight, NamesCompared).Where(d => d.Name.ToLower().Contains(lower)).Select(d => d.Id).Take(MostFound);
        var pages = Pages(db, db.Set<DocumentPage>().Where(p => p.TenantId == caller.TenantId), text);
        // Among everybody's the newest matter as much as any; of one's own few none must be lost behind those of others.
        if (scope == DocumentScope.All) pages = pages.Take(PagesConsidered);
        var words = documents.Where(d => pages.Any(p => p.DocumentId == d.Id)).Select(d => d.Id).Take(MostFound);
        return IsPostgres(db) ? names.Union(Named(documents, Apart(text))).Union(words) : names.Union(words);
    }

    /// <summary>Documents with the words in their names, whatever stands between them; the expression is that of the index.</summary>
    internal static IQueryable<Guid> Named(IQueryable<Document> documents, string text) => documents
        .Where(d => EF.Functions.ToTsVector(Language, d.Name.Replace(".", " ").Replace("_", " ").Replace("-", " ")).Matches(EF.Functions.WebSearchToTsQuery(Language, text)))
        .Select(d => d.Id).Take(MostFound);

    /// <summary>Pages with the words.</summary>
    public static IQueryable<DocumentPage> Pages(AppDbContext db, IQueryable<DocumentPage> pages, string text) => IsPostgres(db)
        ? pages.Where(p => EF.Functions.ToTsVector(Language, p.Text.Substring(0, Indexed)).Matches(EF.Functions.WebSearchToTsQuery(Language, text)))
        : pages.Where(p => p.Text.Contains(text));

    /// <summary>For each of these documents the first page with the words, and a piece of its text around them.</summary>
    public static async Task<Dictionary<Guid, TextHit>> Hits(AppDbContext db, IReadOnlyCollection<Guid> documents, string text, CancellationToken cancel)
    {
        var ids = documents.ToList();
        var pages = Pages(db, db.Set<DocumentPage>().Where(p => ids.Contains(p.DocumentId)), text);
        var first = pages.GroupBy(p => p.DocumentId).Select(group => new { Id = group.Key, Number = group.Min(p => p.Number) });
        var texts = await (from one in first
                           join page in db.Set<DocumentPage>() on new { one.Id, one.Number } equals new { Id = page.DocumentId, page.Number }
                           select new { one.Id, one.Number, Text = page.Text.Substring(0, Indexed) }).ToListAsync(cancel);
        return texts.ToDictionary(one => one.Id, one => new TextHit(one.Number, Snippet.Of(one.Text, text)));
    }

    /// <summary>The search with the words of a name apart.</summary>
    internal static string Apart(string text) => Joints().Replace(text, " ");

    /// <summary>What joins words to a name, as in invoice_2026-03.pdf; a sign before a word keeps its meaning.</summary>
    [GeneratedRegex(@"(?<=\w)[._-]+(?=\w)|_+")]
    private static partial Regex Joints();

    private static bool IsPostgres(AppDbContext db) => db.Database.ProviderName?.Contains("SqlServer", StringComparison.Ordinal) != true;
}

/// <summary>Where a search found its words.</summary>
/// <param name="Page">From 1.</param>
/// <param name="Parts">The text around them, in order.</param>
public sealed record TextHit(int Page, IReadOnlyList<SnippetPart> Parts);

/// <summary>A piece of text.</summary>
/// <param name="IsHit">One of the words that were asked for.</param>
public readonly record struct SnippetPart(string Text, bool IsHit);
