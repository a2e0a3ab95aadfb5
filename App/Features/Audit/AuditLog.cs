using System.Runtime.CompilerServices;
using BlazorAdmin.Data;
using BlazorAdmin.Security;
using BlazorAdmin.Shell.Lists;

namespace BlazorAdmin.Features.Audit;

/// <summary>Reads the audit: list, one row, export.</summary>
public sealed class AuditLog(IDbContextFactory<AppDbContext> databases, Guard guard, TimeProvider time)
{
    public static readonly ListQuery Defaults = new() { Sort = "time", Descending = true };

    private static readonly Keyset<AuditEntry> Orders = Keyset<AuditEntry>.Create(e => e.Id, "time", descending: true).By("time", e => e.Id);

    public async Task<ListPage<AuditRow>> ListAsync(ListQuery query, CancellationToken cancellation)
    {
        var caller = await guard.Require(AuditPermissions.Read, cancellation);
        await using var db = await databases.CreateDbContextAsync(cancellation);
        var source = await MatchingAsync(db, caller, query, cancellation);
        var page = await Orders.Page(db, source, query, Row, cancellation);
        return page with { Rows = await WithActorsAsync(db, page.Rows, cancellation), Total = await source.CountUpTo(cancellation) };
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

    private async Task<IQueryable<AuditEntry>> MatchingAsync(AppDbContext db, Caller caller, ListQuery query, CancellationToken cancellation)
    {
        var entries = db.Set<AuditEntry>().AsNoTracking().Where(e => e.TenantId == caller.TenantId);
        if (Guid.TryParse(query.Filter("actor"), out var actor)) entries = entries.Where(e => e.ActorId == actor);
        if (query.Filter("action") is { } action) entries = entries.Where(e => e.Action == action);
        if (Enum.TryParse<AuditOutcome>(query.Filter("outcome"), ignoreCase: true, out var outcome)) entries = entries.Where(e => e.Outcome == outcome);
        if (query.Filter("subject")?.Split('/', 2) is [var type, var id]) entries = entries.Where(e => e.SubjectType == type && e.SubjectId == id);
        if (Since(query.Filter("period")) is { } since) entries = entries.Where(e => e.At >= since);
        if (ListDays.Instant(query.Filter("from")) is { } from) entries = entries.Where(e => e.At >= from);
        if (ListDays.Instant(query.Filter("to")) is { } to) entries = entries.Where(e => e.At < to);
        if (query.Search.Length == 0) return entries;
        var lower = query.Search.ToLowerInvariant();
        var people = await db.Set<AuditActor>().Where(a => a.Name!.ToLower().Contains(lower)).Select(a => (Guid?)a.Id).Take(100).ToListAsync(cancellation);
        var subjects = people.Select(id => id.ToString()).ToList();
        return entries.Where(e => people.Contains(e.ActorId) || (e.SubjectType == AuditSubjects.Person && subjects.Contains(e.SubjectId)) || e.SubjectName!.ToLower().Contains(lower) || e.SubjectId == query.Search || e.Address == query.Search);
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
