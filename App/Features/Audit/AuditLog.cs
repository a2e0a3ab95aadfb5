using System.Runtime.CompilerServices;
using BlazorAdmin.Data;
using BlazorAdmin.Security;
using BlazorAdmin.Shell.Lists;

namespace BlazorAdmin.Features.Audit;

/// <summary>Reads the audit: list, one row, export.</summary>
public sealed class AuditLog(IDbContextFactory<AppDbContext> databases, Guard guard, TimeProvider time)
{
    public static readonly ListQuery Defaults = new() { Sort = ByTime, Descending = true };

    private const string ByTime = "time";
    private const int NewCounted = 99;

    private static readonly Keyset<AuditEntry> Orders = Keyset<AuditEntry>.Create(e => e.Id, ByTime, descending: true).By(ByTime, e => e.Id);

    public async Task<ListPage<AuditRow>> ListAsync(ListQuery query, CancellationToken cancellation)
    {
        var caller = await guard.Require(AuditPermissions.Read, cancellation);
        await using var db = await databases.CreateDbContextAsync(cancellation);
        var source = await MatchingAsync(db, caller, query, cancellation);
        var page = query.Search.Length > 0
            ? await SearchAsync(db, caller, source, query, cancellation)
            : await Orders.Page(db, source, query, Row, cancellation) with { Total = await source.OrderByDescending(e => e.Id).CountUpTo(cancellation) };
        return page with { Rows = await WithActorsAsync(db, page.Rows, cancellation) };
    }

    /// <param name="onlyFailures">Only what was refused or went wrong, among the newest 20,000.</param>
    public async Task<IReadOnlyList<AuditRow>> LatestAsync(int count, CancellationToken cancellation, bool onlyFailures = false)
    {
        var caller = await guard.Require(AuditPermissions.Read, cancellation);
        await using var db = await databases.CreateDbContextAsync(cancellation);
        var newest = db.Set<AuditEntry>().AsNoTracking().Where(e => e.TenantId == caller.TenantId).OrderByDescending(e => e.Id);
        // Failures are rare: without a bound the search for the last of them could read the whole table.
        var rows = await (onlyFailures ? newest.Take(20_000).Where(e => e.Outcome != AuditOutcome.Done).OrderByDescending(e => e.Id) : newest).Take(count).Select(Row).ToListAsync(cancellation);
        return await WithActorsAsync(db, rows, cancellation);
    }

    /// <returns>Null if there is no such row in the caller's tenant.</returns>
    public async Task<AuditDetails?> GetAsync(long id, CancellationToken cancellation)
    {
        var caller = await guard.Require(AuditPermissions.Read, cancellation);
        await using var db = await databases.CreateDbContextAsync(cancellation);
        var entry = await db.Set<AuditEntry>().AsNoTracking().SingleOrDefaultAsync(e => e.Id == id && e.TenantId == caller.TenantId, cancellation);
        if (entry is null) return null;
        var rows = await WithActorsAsync(db, [Row.Compile()(entry)], cancellation);
        return new AuditDetails(rows[0], entry.SessionId, entry.Node, entry.Detail, AuditDiff.Of(entry.Before, entry.After)) { Hash = entry.Hash is { } hash ? Convert.ToHexStringLower(hash) : null };
    }

    /// <summary>Streams every row that matches; reading so much at once is itself recorded.</summary>
    public async IAsyncEnumerable<AuditExportRow> ExportAsync(ListQuery query, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var caller = await guard.Require(AuditPermissions.Read, cancellation);
        await using var db = await databases.CreateDbContextAsync(cancellation);
        db.Audit(caller, "audit.export", detail: new { filter = query.ToQueryString(Defaults) });
        await db.SaveChangesAsync(cancellation);
        db.ChangeTracker.Clear();
        var names = await db.Set<AuditActor>().AsNoTracking().ToDictionaryAsync(a => a.Id, a => a.Name, cancellation);
        await foreach (var entry in Orders.Ordered(await MatchingAsync(db, caller, query, cancellation), query).AsAsyncEnumerable().WithCancellation(cancellation))
            yield return new AuditExportRow(entry, entry.ActorId is { } actor ? names.GetValueOrDefault(actor) : null)
            {
                Subject = AuditSubjects.PersonOf(entry.SubjectType, entry.SubjectId) is { } person ? names.GetValueOrDefault(person) ?? entry.SubjectName : entry.SubjectName,
            };
    }

    /// <summary>The actions that occur, for the filter.</summary>
    public async Task<IReadOnlyList<string>> ActionsAsync(CancellationToken cancellation)
    {
        var caller = await guard.Require(AuditPermissions.Read, cancellation);
        await using var db = await databases.CreateDbContextAsync(cancellation);
        // The newest rows suffice: a distinct over millions would not be worth a menu.
        var recent = await db.Set<AuditEntry>().Where(e => e.TenantId == caller.TenantId).OrderByDescending(e => e.Id).Take(5_000).Select(e => e.Action).Distinct().ToListAsync(cancellation);
        return [.. recent.Order(StringComparer.Ordinal)];
    }

    /// <summary>A text stands in no index: it is looked for from the newest row back until the page is full or the time is up.</summary>
    private async Task<ListPage<AuditRow>> SearchAsync(AppDbContext db, Caller caller, IQueryable<AuditEntry> source, ListQuery query, CancellationToken cancellation)
    {
        var descending = query.Sort != ByTime || query.Descending;
        var (lowest, highest) = await IdRanges.BoundsAsync(db.Set<AuditEntry>(), cancellation);
        var (from, to) = Span(query);
        if (from is { } since) lowest = Math.Max(lowest, await IdRanges.LowestSinceAsync(Rows(db, caller), since, cancellation));
        if (to is { } until) highest = Math.Min(highest, await IdRanges.HighestUntilAsync(Rows(db, caller), until, cancellation));
        return await new IdPages<AuditRow>(ByTime, descending, row => row.Id).ReadAsync(
            query, (start, down, count) => IdRanges.SearchAsync(source, Row, lowest, highest, start, down, count, time, cancellation),
            async anchor => descending ? await source.Where(e => e.Id > anchor && e.Id > highest - IdRanges.NewLooked).CountUpTo(NewCounted, cancellation) : default);
    }

    private async Task<IQueryable<AuditEntry>> MatchingAsync(AppDbContext db, Caller caller, ListQuery query, CancellationToken cancellation)
    {
        var entries = Rows(db, caller);
        if (Guid.TryParse(query.Filter("actor"), out var actor)) entries = entries.Where(e => e.ActorId == actor);
        if (query.Filter("action") is { } action) entries = entries.Where(e => e.Action == action);
        if (Enum.TryParse<AuditOutcome>(query.Filter("outcome"), ignoreCase: true, out var outcome)) entries = entries.Where(e => e.Outcome == outcome);
        if (query.Filter("subject")?.Split('/', 2) is [var type, var id]) entries = entries.Where(e => e.SubjectType == type && e.SubjectId == id);
        var (from, to) = Span(query);
        // The list's order is that of the ids: with their bounds the rows of a time are read in it, without them all would be sorted.
        if (from is not null)
        {
            var lowest = await IdRanges.LowestSinceAsync(Rows(db, caller), from.Value, cancellation);
            entries = entries.Where(e => e.Id >= lowest && e.At >= from);
        }

        if (to is not null)
        {
            var highest = await IdRanges.HighestUntilAsync(Rows(db, caller), to.Value, cancellation);
            entries = entries.Where(e => e.Id <= highest && e.At < to);
        }

        if (query.Search.Length == 0) return entries;
        var lower = query.Search.ToLowerInvariant();
        var people = await db.Set<AuditActor>().Where(a => a.Name!.ToLower().Contains(lower)).Select(a => (Guid?)a.Id).Take(100).ToListAsync(cancellation);
        var subjects = people.Select(id => id.ToString()).ToList();
        return entries.Where(e => people.Contains(e.ActorId) || (e.SubjectType == AuditSubjects.Person && subjects.Contains(e.SubjectId)) || e.SubjectName!.ToLower().Contains(lower) || e.SubjectId == query.Search || e.Address == query.Search);
    }

    private static IQueryable<AuditEntry> Rows(AppDbContext db, Caller caller) => db.Set<AuditEntry>().AsNoTracking().Where(e => e.TenantId == caller.TenantId);

    private (DateTimeOffset? From, DateTimeOffset? To) Span(ListQuery query)
    {
        var (since, from) = (Since(query.Filter("period")), ListDays.Instant(query.Filter("from")));
        return (since > from ? since : from ?? since, ListDays.Instant(query.Filter("to")));
    }

    private DateTimeOffset? Since(string? period) => period switch
    {
        "hour" => time.GetUtcNow().AddHours(-1),
        "day" => time.GetUtcNow().AddDays(-1),
        "week" => time.GetUtcNow().AddDays(-7),
        "month" => time.GetUtcNow().AddDays(-30),
        _ => null,
    };

    internal static async Task<IReadOnlyList<AuditRow>> WithActorsAsync(AppDbContext db, IReadOnlyList<AuditRow> rows, CancellationToken cancellation)
    {
        var ids = rows.Select(r => r.ActorId).Concat(rows.Select(r => AuditSubjects.PersonOf(r.SubjectType, r.SubjectId))).OfType<Guid>().Distinct().ToList();
        var actors = await db.Set<AuditActor>().AsNoTracking().Where(a => ids.Contains(a.Id)).ToDictionaryAsync(a => a.Id, cancellation);
        return [.. rows.Select(Named)];

        AuditRow Named(AuditRow row)
        {
            if (AuditSubjects.PersonOf(row.SubjectType, row.SubjectId) is { } person && actors.GetValueOrDefault(person)?.Name is { } name) row = row with { SubjectName = name };
            if (row.ActorId is not { } id) return row;
            var actor = actors.GetValueOrDefault(id);
            return actor?.ErasedAt is not null ? row with { IsActorErased = true } : row with { Actor = actor?.Name ?? id.ToString()[..8] };
        }
    }

    internal static readonly System.Linq.Expressions.Expression<Func<AuditEntry, AuditRow>> Row = e => new AuditRow
    {
        Id = e.Id, At = e.At, ActorId = e.ActorId, Action = e.Action, Outcome = e.Outcome, SubjectType = e.SubjectType, SubjectId = e.SubjectId,
        SubjectName = e.SubjectName, Count = e.Count, Address = e.Address, Sequence = e.Sequence,
    };
}

/// <summary>A whole row with the actor's name, for the export.</summary>
public sealed record AuditExportRow(AuditEntry Entry, string? Actor)
{
    /// <summary>What people call the thing or person acted on.</summary>
    public string? Subject { get; init; }
}
