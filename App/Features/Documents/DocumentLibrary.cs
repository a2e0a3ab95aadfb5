using System.Linq.Expressions;
using System.Runtime.CompilerServices;
using System.Text.Json;
using BlazorAdmin.Data;
using BlazorAdmin.Features.Audit;
using BlazorAdmin.Features.Documents.Classification;
using BlazorAdmin.Features.Documents.Collections;
using BlazorAdmin.Features.Documents.Extraction;
using BlazorAdmin.Features.Documents.Reading;
using BlazorAdmin.Features.Documents.Storage;
using BlazorAdmin.Security;
using BlazorAdmin.Shell.Lists;

namespace BlazorAdmin.Features.Documents;

/// <summary>What people see of documents: lists, details, pages, downloads. What the caller may not see is not found.</summary>
public sealed class DocumentLibrary(Guard guard, IDbContextFactory<AppDbContext> databases, IContentStore store)
{
    public const int RunningShown = 4;
    private const int AttachmentsShown = 100;

    private static readonly Keyset<Document> Order = Keyset<Document>.Create(d => d.Id, "created", descending: true)
        .By("created", d => d.CreatedAt)
        .By("name", d => d.Name)
        .By("size", d => d.Size)
        .By("quality", d => d.Quality);

    public async Task<ListPage<DocumentRow>> List(DocumentScope scope, ListQuery query, CancellationToken cancel)
    {
        var caller = await Require(scope, cancel);
        await using var db = await databases.CreateDbContextAsync(cancel);
        var sight = await db.Sight(caller, cancel);
        var found = query.Search.Length == 0 ? null : await DocumentTextSearch.Ids(db, caller, DocumentMatching.InScope(db, caller, scope, sight), scope, query.Search, sight).ToListAsync(cancel);
        var parts = query.Sort is null or "created" ? DocumentMatching.Parts(db, caller, scope, query, found, sight) : [DocumentMatching.Of(db, caller, scope, query, found, sight)];
        var page = await Order.Page(db, parts, query, Row(db), cancel);
        var total = await DocumentMatching.Count(db, caller, scope, query, found, sight, cancel);
        // A search ends at its limit, whatever else there is.
        if (query.Search.Length > 0 && total.Count >= DocumentTextSearch.MostFound) total = total with { More = true };
        return page with { Rows = await WithMore(db, page.Rows, query, cancel), Total = total };
    }

    public async IAsyncEnumerable<DocumentRow> Export(DocumentScope scope, ListQuery query, [EnumeratorCancellation] CancellationToken cancel)
    {
        var caller = await Require(scope, cancel);
        await using var db = await databases.CreateDbContextAsync(cancel);
        await foreach (var row in Order.Ordered(DocumentMatching.Of(db, caller, scope, query), query).Select(Row(db)).AsAsyncEnumerable().WithCancellation(cancel)) yield return row;
    }

    /// <summary>Ids of what the list's query matches, for commands on all of it; one more than a command takes at most.</summary>
    public async Task<IReadOnlyList<Guid>> Ids(DocumentScope scope, ListQuery query, CancellationToken cancel)
    {
        var caller = await Require(scope, cancel);
        await using var db = await databases.CreateDbContextAsync(cancel);
        return await Order.Ordered(DocumentMatching.Of(db, caller, scope, query), query).Select(d => d.Id).Take(DocumentsService.LargestCommand + 1).ToListAsync(cancel);
    }

    public async Task<DocumentDetails?> Details(Guid id, CancellationToken cancel)
    {
        var caller = await RequireAny(cancel);
        await using var db = await databases.CreateDbContextAsync(cancel);
        var one = db.Visible(caller).AsNoTracking().Where(d => d.Id == id);
        if (await one.Select(Row(db)).SingleOrDefaultAsync(cancel) is not { } found) return null;
        var row = (await WithMore(db, [found], DocumentLists.Defaults, cancel))[0];
        var more = await one.Select(d => new { d.Sha256, d.Characters, d.Confidence, d.Revision, d.ParentId, d.QualityReasons, d.SearchableSize }).SingleAsync(cancel);
        var pages = await db.Set<DocumentPage>().CountAsync(page => page.DocumentId == id, cancel);
        var steps = await db.Set<DocumentStepRun>().Where(run => run.DocumentId == id && run.Revision == more.Revision)
            .Select(run => new { run.Step, run.Outcome, run.StartedAt, run.DurationMilliseconds }).ToListAsync(cancel);
        var same = await db.Visible(caller).Where(d => d.Sha256 == more.Sha256 && d.Id != id).OrderBy(d => d.CreatedAt).Select(d => new SameDocument(d.Id, d.Name)).Take(5).ToListAsync(cancel);
        var views = steps.GroupBy(run => run.Step).OrderBy(runs => runs.Min(run => run.StartedAt)).Select(runs => new DocumentStepView(
            runs.Key, runs.Count(), runs.Select(run => run.Outcome).FirstOrDefault(outcome => outcome != ReadOutcome.Ready), runs.Sum(run => run.DurationMilliseconds))).ToList();
        var mayManage = await db.Changeable(caller).AnyAsync(d => d.Id == id, cancel);
        var parent = more.ParentId is null ? null : await db.Visible(caller).Where(d => d.Id == more.ParentId).Select(d => new SameDocument(d.Id, d.Name)).SingleOrDefaultAsync(cancel);
        var attachments = await db.Visible(caller).Where(d => d.ParentId == id).OrderBy(d => d.ParentPart).Select(d => new SameDocument(d.Id, d.Name)).Take(AttachmentsShown).ToListAsync(cancel);
        return new DocumentDetails(row, more.Sha256, more.Characters, more.Confidence, pages, views, same, mayManage)
        {
            Parent = parent, Attachments = attachments, QualityReasons = QualityWords.Read(more.QualityReasons), SearchableSize = more.SearchableSize,
        };
    }

    public async Task<DocumentPageView?> Page(Guid id, int number, CancellationToken cancel)
    {
        var caller = await RequireAny(cancel);
        await using var db = await databases.CreateDbContextAsync(cancel);
        var found = await (from document in db.Visible(caller)
                           join page in db.Set<DocumentPage>() on document.Id equals page.DocumentId
                           where document.Id == id && page.Number == number
                           select page).AsNoTracking().SingleOrDefaultAsync(cancel);
        if (found is null) return null;
        // The markup is that of what was read.
        var markdown = found.Markdown is null || await db.Set<PageCorrection>().AnyAsync(correction => correction.DocumentId == id && correction.Page == number, cancel) ? null : found.Markdown;
        return new DocumentPageView(found.Number, found.Text, markdown, found.Origin, found.Confidence, Reason(found.WarningKey, found.WarningArguments));
    }

    /// <summary>The original bytes; handing them out is audited.</summary>
    public async Task<DocumentContent?> OpenOriginal(Guid id, CancellationToken cancel)
    {
        if (await Download(id, "original", cancel) is not { } document || !store.Contains(document.Sha256)) return null;
        // What a browser could run goes out without its name.
        var media = document.Type is null or ContentType.Html or ContentType.Svg or ContentType.Xml ? ContentType.Unknown : document.Type.Value;
        return new DocumentContent(store.OpenRead(document.Sha256), document.Name, media.MediaType());
    }

    /// <summary>A PDF of the pages with the recognised text laid over; handing it out is audited.</summary>
    public async Task<DocumentContent?> OpenSearchable(Guid id, CancellationToken cancel)
    {
        if (await Download(id, "searchable", cancel, d => d.SearchableSha256 != null) is not { SearchableSha256: { } sha256 } document || !store.Contains(sha256)) return null;
        return new DocumentContent(store.OpenRead(sha256), Path.ChangeExtension(document.Name, ".searchable.pdf"), ContentType.Pdf.MediaType());
    }

    /// <summary>Writes the text page by page, a form feed between two; null when there is no such document or no text.</summary>
    public async Task<(string Name, Func<Stream, CancellationToken, Task> Write)?> OpenText(Guid id, CancellationToken cancel)
    {
        if (await Download(id, "text", cancel) is not { } document) return null;
        return (Path.ChangeExtension(document.Name, ".txt"), async (target, stop) =>
        {
            await using var db = await databases.CreateDbContextAsync(stop);
            await using var writer = new StreamWriter(target, leaveOpen: true);
            var first = true;
            await foreach (var text in db.Set<DocumentPage>().Where(page => page.DocumentId == id).OrderBy(page => page.Number)
                .Select(page => page.Text).AsAsyncEnumerable().WithCancellation(stop))
            {
                if (!first) await writer.WriteAsync("\n\f\n");
                await writer.WriteAsync(text);
                first = false;
            }
        });
    }

    /// <summary>How many documents that the caller sees wait or are being read, up to <see cref="Counting.Limit"/>; reads nothing of those that are done.</summary>
    public async Task<int> InProcess(CancellationToken cancel)
    {
        var caller = await RequireAny(cancel);
        await using var db = await databases.CreateDbContextAsync(cancel);
        return await db.Visible(caller).Where(d => d.IsLatest && (d.State == DocumentState.Waiting || d.State == DocumentState.Reading)).Take(Counting.Limit).CountAsync(cancel);
    }

    /// <param name="running">So many of those in process are named.</param>
    public async Task<DocumentSummary> Summary(int running, CancellationToken cancel)
    {
        var caller = await RequireAny(cancel);
        await using var db = await databases.CreateDbContextAsync(cancel);
        // Who sees only their own and what was granted reads two indexes, not everybody's.
        DocumentScope[] scopes = caller.May(DocumentsPermissions.Read) ? [DocumentScope.All] : [DocumentScope.Own, DocumentScope.Shared];
        var sight = await db.Sight(caller, cancel);
        var names = await db.Visible(caller, sight).AsNoTracking().Where(d => d.IsLatest).Where(d => d.State == DocumentState.Waiting || d.State == DocumentState.Reading)
            .OrderBy(d => d.State).ThenByDescending(d => d.CreatedAt).Take(running).Select(Row(db)).ToListAsync(cancel);
        return new DocumentSummary(
            await Count(d => d.State == DocumentState.Waiting || d.State == DocumentState.Reading), await Count(d => d.State == DocumentState.Problem), await Count(d => d.State == DocumentState.Ready), names);

        async Task<ListTotal> Count(Expression<Func<Document, bool>> which)
        {
            var sum = 0;
            foreach (var scope in scopes) sum += await DocumentMatching.Of(db, caller, scope, DocumentLists.Defaults, sight: sight).Where(which).Take(Counting.Limit + 1).CountAsync(cancel);
            return Counting.UpTo(sum, Counting.Limit);
        }
    }

    internal static ReadReason? Reason(string? key, string? arguments) =>
        key is null ? null : new ReadReason(key, arguments is null ? [] : JsonSerializer.Deserialize<string[]>(arguments) ?? []);

    private async Task<Document?> Download(Guid id, string what, CancellationToken cancel, Expression<Func<Document, bool>>? having = null)
    {
        var caller = await RequireAny(cancel);
        await using var db = await databases.CreateDbContextAsync(cancel);
        if (await db.Visible(caller).AsNoTracking().Where(having ?? (_ => true)).SingleOrDefaultAsync(d => d.Id == id, cancel) is not { } document) return null;
        db.Audit(caller, "documents.download", "document", id, document.Name, new { what });
        await db.SaveChangesAsync(cancel);
        return document;
    }

    private ValueTask<Caller> Require(DocumentScope scope, CancellationToken cancel) =>
        guard.Require(scope == DocumentScope.All ? DocumentsPermissions.Read : DocumentsPermissions.Own, cancel);

    /// <summary>Auditors read everybody's without having their own.</summary>
    private async ValueTask<Caller> RequireAny(CancellationToken cancel) =>
        await guard.RequireDocuments(cancel);

    private static async Task<IReadOnlyList<DocumentRow>> WithMore(AppDbContext db, IReadOnlyList<DocumentRow> rows, ListQuery query, CancellationToken cancel)
    {
        if (rows.Count == 0) return rows;
        var ids = rows.Select(row => row.Id).ToList();
        var tags = (await db.Set<DocumentTag>().Where(link => ids.Contains(link.DocumentId)).Join(db.Set<Tag>(), link => link.TagId, tag => tag.Id, (link, tag) => new { link.DocumentId, tag.Name }).ToListAsync(cancel)).ToLookup(tag => tag.DocumentId, tag => tag.Name);
        var hits = query.Search.Length == 0 ? [] : await DocumentTextSearch.Hits(db, ids, query.Search, cancel);
        return [.. rows.Select(row => row with { Tags = [.. tags[row.Id].Order(StringComparer.CurrentCultureIgnoreCase)], Hit = hits.GetValueOrDefault(row.Id) })];
    }

    internal static Expression<Func<Document, DocumentRow>> Row(AppDbContext db) => d => new DocumentRow(
        d.Id, d.Name, d.Type, d.State, d.Outcome, d.ReasonKey, d.ReasonArguments, d.Size, d.Pages, d.Warnings, d.Progress, d.ProgressKey, d.ProgressArguments,
        d.CreatedAt, d.ReadStartedAt, d.ReadEndedAt, d.OwnerId, db.Users.Where(user => user.Id == d.OwnerId).Select(user => user.DisplayName).FirstOrDefault(), d.JobId)
    {
        CollectionId = d.CollectionId,
        Collection = db.Set<Collection>().Where(c => c.Id == d.CollectionId).Select(c => c.Name).FirstOrDefault(),
        KindId = d.TypeId,
        Kind = db.Set<DocumentType>().Where(type => type.Id == d.TypeId).Select(type => type.Name).FirstOrDefault(),
        KindBy = d.TypeSource,
        Origin = d.Origin,
        Quality = d.Quality,
        Findings = d.Findings,
        KeepUntil = d.KeepUntil,
        Edition = d.Edition,
        ParentId = d.ParentId,
    };
}
