using System.Linq.Expressions;
using System.Runtime.CompilerServices;
using System.Text.Json;
using BlazorAdmin.Data;
using BlazorAdmin.Features.Audit;
using BlazorAdmin.Features.Documents.Reading;
using BlazorAdmin.Features.Documents.Storage;
using BlazorAdmin.Security;
using BlazorAdmin.Shell.Lists;

namespace BlazorAdmin.Features.Documents;

/// <summary>What people see of documents: lists, details, pages, downloads. What the caller may not see is not found.</summary>
public sealed class DocumentLibrary(Guard guard, IDbContextFactory<AppDbContext> databases, IContentStore store)
{
    internal const int RunningShown = 4;

    private static readonly Keyset<Document> Order = Keyset<Document>.Create(d => d.Id, "created", descending: true)
        .By("created", d => d.CreatedAt)
        .By("name", d => d.Name)
        .By("size", d => d.Size)
        .By("quality", d => d.Quality);

    public async Task<ListPage<DocumentRow>> List(DocumentScope scope, ListQuery query, CancellationToken cancel)
    {
        var caller = await Require(scope, cancel);
        await using var db = await databases.CreateDbContextAsync(cancel);
        var matching = Matching(db, caller, scope, query);
        var page = await Order.Page(db, matching, query, Row(db), cancel);
        return page with { Total = await matching.CountUpTo(cancel) };
    }

    public async IAsyncEnumerable<DocumentRow> Export(DocumentScope scope, ListQuery query, [EnumeratorCancellation] CancellationToken cancel)
    {
        var caller = await Require(scope, cancel);
        await using var db = await databases.CreateDbContextAsync(cancel);
        await foreach (var row in Order.Ordered(Matching(db, caller, scope, query), query).Select(Row(db)).AsAsyncEnumerable().WithCancellation(cancel)) yield return row;
    }

    /// <summary>Ids of what the list's query matches, for commands on all of it; one more than a command takes at most.</summary>
    public async Task<IReadOnlyList<Guid>> Ids(DocumentScope scope, ListQuery query, CancellationToken cancel)
    {
        var caller = await Require(scope, cancel);
        await using var db = await databases.CreateDbContextAsync(cancel);
        return await Order.Ordered(Matching(db, caller, scope, query), query).Select(d => d.Id).Take(DocumentsService.LargestCommand + 1).ToListAsync(cancel);
    }

    public async Task<DocumentDetails?> Details(Guid id, CancellationToken cancel)
    {
        var caller = await RequireAny(cancel);
        await using var db = await databases.CreateDbContextAsync(cancel);
        var one = db.Visible(caller).AsNoTracking().Where(d => d.Id == id);
        if (await one.Select(Row(db)).SingleOrDefaultAsync(cancel) is not { } row) return null;
        var more = await one.Select(d => new { d.Sha256, d.Characters, d.Confidence, d.Revision, d.QualityReasons, d.SearchableSize }).SingleAsync(cancel);
        var pages = await db.Set<DocumentPage>().CountAsync(page => page.DocumentId == id, cancel);
        var steps = await db.Set<DocumentStepRun>().Where(run => run.DocumentId == id && run.Revision == more.Revision)
            .Select(run => new { run.Step, run.Outcome, run.StartedAt, run.DurationMilliseconds }).ToListAsync(cancel);
        var same = await db.Visible(caller).Where(d => d.Sha256 == more.Sha256 && d.Id != id).OrderBy(d => d.CreatedAt).Select(d => new SameDocument(d.Id, d.Name)).Take(5).ToListAsync(cancel);
        var views = steps.GroupBy(run => run.Step).OrderBy(runs => runs.Min(run => run.StartedAt)).Select(runs => new DocumentStepView(
            runs.Key, runs.Count(), runs.Select(run => run.Outcome).FirstOrDefault(outcome => outcome != ReadOutcome.Ready), runs.Sum(run => run.DurationMilliseconds))).ToList();
        var mayManage = row.OwnerId == caller.UserId ? caller.May(DocumentsPermissions.Own) : caller.May(DocumentsPermissions.Manage);
        return new DocumentDetails(row, more.Sha256, more.Characters, more.Confidence, pages, views, same, mayManage) { QualityReasons = QualityWords.Read(more.QualityReasons), SearchableSize = more.SearchableSize };
    }

    public async Task<DocumentPageView?> Page(Guid id, int number, CancellationToken cancel)
    {
        var caller = await RequireAny(cancel);
        await using var db = await databases.CreateDbContextAsync(cancel);
        var found = await (from document in db.Visible(caller)
                           join page in db.Set<DocumentPage>() on document.Id equals page.DocumentId
                           where document.Id == id && page.Number == number
                           select page).AsNoTracking().SingleOrDefaultAsync(cancel);
        return found is null ? null : new DocumentPageView(found.Number, found.Text, found.Markdown, found.Origin, found.Confidence, Reason(found.WarningKey, found.WarningArguments));
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
            await foreach (var text in db.Set<DocumentPage>().Where(page => page.DocumentId == id).OrderBy(page => page.Number).Select(page => page.Text).AsAsyncEnumerable().WithCancellation(stop))
            {
                if (!first) await writer.WriteAsync("\n\f\n");
                await writer.WriteAsync(text);
                first = false;
            }
        });
    }

    public Task<DocumentSummary> Summary(CancellationToken cancel) => Summary(RunningShown, cancel);

    /// <param name="running">So many of those in process are named.</param>
    public async Task<DocumentSummary> Summary(int running, CancellationToken cancel)
    {
        var caller = await RequireAny(cancel);
        await using var db = await databases.CreateDbContextAsync(cancel);
        var counts = await db.Visible(caller).GroupBy(d => d.State).Select(group => new { State = group.Key, Count = group.Count() }).ToListAsync(cancel);
        var names = await db.Visible(caller).AsNoTracking().Where(d => d.State == DocumentState.Waiting || d.State == DocumentState.Reading)
            .OrderBy(d => d.State).ThenByDescending(d => d.CreatedAt).Take(running).Select(Row(db)).ToListAsync(cancel);
        return new DocumentSummary(
            counts.Where(count => count.State is DocumentState.Waiting or DocumentState.Reading).Sum(count => count.Count),
            counts.Where(count => count.State == DocumentState.Problem).Sum(count => count.Count),
            counts.Where(count => count.State == DocumentState.Ready).Sum(count => count.Count),
            names);
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
        await guard.Require(await guard.Allows(DocumentsPermissions.Read, cancel) ? DocumentsPermissions.Read : DocumentsPermissions.Own, cancel);

    internal static IQueryable<Document> Matching(AppDbContext db, Caller caller, DocumentScope scope, ListQuery query)
    {
        var documents = db.Visible(caller).AsNoTracking();
        if (scope == DocumentScope.Own) documents = documents.Where(d => d.OwnerId == caller.PersonId);
        documents = query.Filter("state") switch
        {
            "process" => documents.Where(d => d.State == DocumentState.Waiting || d.State == DocumentState.Reading),
            "ready" => documents.Where(d => d.State == DocumentState.Ready),
            "problem" => documents.Where(d => d.State == DocumentState.Problem || d.State == DocumentState.Cancelled),
            _ => documents,
        };
        if (Enum.TryParse<ContentType>(query.Filter("type"), out var type)) documents = documents.Where(d => d.Type == type);
        documents = query.Filter("quality") switch
        {
            "good" => documents.Where(d => d.Quality >= Quality.Good),
            "fair" => documents.Where(d => d.Quality >= Quality.Fair && d.Quality < Quality.Good),
            "poor" => documents.Where(d => d.Quality < Quality.Fair),
            _ => documents,
        };
        if (query.Search.Length == 0) return documents;
        var text = query.Search.ToLowerInvariant();
        return documents.Where(d => d.Name.ToLower().Contains(text));
    }

    private static Expression<Func<Document, DocumentRow>> Row(AppDbContext db) => d => new DocumentRow(
        d.Id, d.Name, d.Type, d.State, d.Outcome, d.ReasonKey, d.ReasonArguments, d.Size, d.Pages, d.Warnings, d.Progress, d.ProgressKey, d.ProgressArguments,
        d.CreatedAt, d.ReadStartedAt, d.ReadEndedAt, d.OwnerId, db.Users.Where(user => user.Id == d.OwnerId).Select(user => user.DisplayName).FirstOrDefault(), d.JobId) { Quality = d.Quality };
}
