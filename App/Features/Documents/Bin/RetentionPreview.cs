using System.Runtime.CompilerServices;
using BlazorAdmin.Data;
using BlazorAdmin.Features.Documents.Collections;
using BlazorAdmin.Security;
using BlazorAdmin.Shell.Lists;

namespace BlazorAdmin.Features.Documents.Bin;

/// <summary>What goes into the bin within the next 30 days because its time is over.</summary>
public sealed class RetentionPreview(Guard guard, IDbContextFactory<AppDbContext> databases, TimeProvider time)
{
    public static readonly ListQuery Defaults = new() { Sort = "created" };

    private static readonly Keyset<Document> Order = Keyset<Document>.Create(d => d.Id, "created").By("created", d => d.CreatedAt);

    /// <summary>The longest waiting first. Each part reads an index of its own.</summary>
    public async Task<ListPage<GoingRow>> List(ListQuery query, CancellationToken cancel)
    {
        var caller = await guard.Require(DocumentsPermissions.Read, cancel);
        await using var db = await databases.CreateDbContextAsync(cancel);
        var rules = await Retention.Rules(db, caller, cancel);
        var parts = Parts(db, caller, rules, query);
        var page = await Order.Page(db, parts, query, d => new Going(d.Id, d.Name, db.Users.Where(u => u.Id == d.OwnerId).Select(u => u.DisplayName).FirstOrDefault(), d.CollectionId, d.CreatedAt, d.KeepUntil), cancel);
        var total = 0;
        foreach (var part in parts) total += (await part.CountUpTo(cancel)).Count;
        return new ListPage<GoingRow>([.. page.Rows.Select(row => Row(row, rules))]) { Next = page.Next, Previous = page.Previous, First = page.First, PendingNew = page.PendingNew, Total = total > Counting.Limit ? new ListTotal(Counting.Limit, More: true) : new ListTotal(total) };
    }

    public async IAsyncEnumerable<GoingRow> Export(ListQuery query, [EnumeratorCancellation] CancellationToken cancel)
    {
        var caller = await guard.Require(DocumentsPermissions.Read, cancel);
        await using var db = await databases.CreateDbContextAsync(cancel);
        var rules = await Retention.Rules(db, caller, cancel);
        foreach (var part in Parts(db, caller, rules, query))
            await foreach (var row in part.OrderBy(d => d.CreatedAt).ThenBy(d => d.Id).Select(d => new Going(d.Id, d.Name, db.Users.Where(u => u.Id == d.OwnerId).Select(u => u.DisplayName).FirstOrDefault(), d.CollectionId, d.CreatedAt, d.KeepUntil)).AsAsyncEnumerable().WithCancellation(cancel))
                yield return Row(row, rules);
    }

    /// <summary>How many go, by what says so; only what there is.</summary>
    public async Task<IReadOnlyList<GoingCount>> Counts(CancellationToken cancel)
    {
        var caller = await guard.Require(DocumentsPermissions.Read, cancel);
        await using var db = await databases.CreateDbContextAsync(cancel);
        var until = time.GetUtcNow() + Retention.Preview;
        var counts = new List<GoingCount>();
        var dated = await Retention.ByDate(db, db.Visible(caller), until).CountUpTo(cancel);
        if (dated.Count > 0) counts.Add(new GoingCount(null, null, dated.Count, dated.More));
        foreach (var rule in await Retention.Rules(db, caller, cancel))
        {
            var count = await Retention.ByRule(db, db.Visible(caller), rule.Id, rule.RetentionDays!.Value, until).CountUpTo(cancel);
            counts.Add(new GoingCount(rule.Name, rule.RetentionDays, count.Count, count.More));
        }
        return counts;
    }

    /// <summary>Ids of what the list's query matches, one more than a command takes at most.</summary>
    public async Task<IReadOnlyList<Guid>> Ids(ListQuery query, CancellationToken cancel)
    {
        var caller = await guard.Require(DocumentsPermissions.Read, cancel);
        await using var db = await databases.CreateDbContextAsync(cancel);
        var ids = new List<Guid>();
        foreach (var part in Parts(db, caller, await Retention.Rules(db, caller, cancel), query))
            ids.AddRange(await part.OrderBy(d => d.Id).Select(d => d.Id).Take(DocumentsService.LargestCommand + 1 - Math.Min(ids.Count, DocumentsService.LargestCommand)).ToListAsync(cancel));
        return ids;
    }

    private List<IQueryable<Document>> Parts(AppDbContext db, Caller caller, List<Collection> rules, ListQuery query)
    {
        var until = time.GetUtcNow() + Retention.Preview;
        var seen = db.Visible(caller).AsNoTracking();
        var wanted = Guid.TryParse(query.Filter("collection"), out var collection) ? collection : (Guid?)null;
        var dated = wanted is { } only ? seen.Where(d => d.CollectionId == only) : seen;
        return [Retention.ByDate(db, dated, until), .. rules.Where(rule => wanted is null || rule.Id == wanted).Select(rule => Retention.ByRule(db, seen, rule.Id, rule.RetentionDays!.Value, until))];
    }

    private static GoingRow Row(Going row, List<Collection> rules)
    {
        var rule = rules.Find(c => c.Id == row.CollectionId);
        return new GoingRow(row.Id, row.Name, row.Owner, rule?.Name, row.CreatedAt, row.KeepUntil ?? row.CreatedAt.AddDays(rule?.RetentionDays ?? 0), row.KeepUntil is not null);
    }

    private sealed record Going(Guid Id, string Name, string? Owner, Guid? CollectionId, DateTimeOffset CreatedAt, DateTimeOffset? KeepUntil);
}
