using System.Runtime.CompilerServices;
using System.Text.Encodings.Web;
using System.Text.Json;
using BlazorAdmin.Data;
using BlazorAdmin.Features.Audit;
using BlazorAdmin.Features.Users;
using BlazorAdmin.Security;
using BlazorAdmin.Shell.Lists;

namespace BlazorAdmin.Features.Logs;

/// <summary>Reads the portal's log and its traces.</summary>
public sealed class LogsService(IDbContextFactory<AppDbContext> databases, Guard guard, TimeProvider time)
{
    private const int MostPeople = 20;
    private const int MostSteps = 1_000;
    private const int MostLines = 100;
    private const int RecentRows = 5_000;

    private static readonly JsonSerializerOptions Readable = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>One page, newest first. A search in texts looks at a bounded number of lines and then says that it goes on.</summary>
    public async Task<ListPage<LogRow>> ListAsync(ListQuery query, CancellationToken cancellation)
    {
        var caller = await guard.Require(LogsPermissions.Read, cancellation);
        await using var db = await databases.CreateDbContextAsync(cancellation);
        var page = await (await FinderAsync(db, caller, query, cancellation)).PageAsync(query, cancellation);
        return page with { Rows = await WithPeopleAsync(db, caller, page.Rows, cancellation) };
    }

    /// <returns>Null if there is no such line (any more).</returns>
    public async Task<LogDetails?> GetAsync(long id, CancellationToken cancellation)
    {
        var caller = await guard.Require(LogsPermissions.Read, cancellation);
        await using var db = await databases.CreateDbContextAsync(cancellation);
        if (await db.Set<LogEntry>().AsNoTracking().SingleOrDefaultAsync(e => e.Id == id, cancellation) is not { } e) return null;
        var row = new LogRow
        {
            Id = e.Id, At = e.At, Level = (LogLevel)e.Level, Slice = e.Slice, Message = e.Message, Reference = e.Reference, TraceId = e.TraceId, UserId = e.UserId, JobId = e.JobId, Node = e.Node,
        };
        var hasTrace = e.TraceId is not null && await db.Set<TraceSpan>().AnyAsync(s => s.TraceId == e.TraceId, cancellation);
        return new LogDetails((await WithPeopleAsync(db, caller, [row], cancellation))[0], e.Category, e.Exception, Indented(e.Values), e.SpanId, hasTrace);
    }

    /// <summary>The parts of the portal that wrote something lately, for the filter.</summary>
    public async Task<IReadOnlyList<string>> SlicesAsync(CancellationToken cancellation)
    {
        await guard.Require(LogsPermissions.Read, cancellation);
        await using var db = await databases.CreateDbContextAsync(cancellation);
        var recent = await db.Set<LogEntry>().OrderByDescending(e => e.Id).Take(RecentRows).Select(e => e.Slice).Distinct().ToListAsync(cancellation);
        return [.. recent.Order(StringComparer.Ordinal)];
    }

    /// <summary>Streams every line that matches, newest first; reading so much at once is recorded.</summary>
    public async IAsyncEnumerable<LogEntry> ExportAsync(ListQuery query, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var caller = await guard.Require(LogsPermissions.Read, cancellation);
        await using var db = await databases.CreateDbContextAsync(cancellation);
        db.Audit(caller, "logs.export", detail: new { filter = query.ToQueryString(new ListQuery()) });
        await db.SaveChangesAsync(cancellation);
        db.ChangeTracker.Clear();
        var entries = await (await FinderAsync(db, caller, query, cancellation)).MatchingAsync(cancellation);
        await foreach (var entry in entries.OrderByDescending(e => e.Id).AsAsyncEnumerable().WithCancellation(cancellation)) yield return entry;
    }

    /// <returns>Null if nothing of the trace was kept.</returns>
    public async Task<TraceView?> TraceAsync(string traceId, CancellationToken cancellation)
    {
        await guard.Require(LogsPermissions.Read, cancellation);
        await using var db = await databases.CreateDbContextAsync(cancellation);
        var spans = await db.Set<TraceSpan>().AsNoTracking().Where(s => s.TraceId == traceId).OrderBy(s => s.StartedAt).Take(MostSteps).ToListAsync(cancellation);
        if (spans.Count == 0) return null;
        var lines = await db.Set<LogEntry>().Where(e => e.TraceId == traceId).CountUpTo(MostLines, cancellation);
        var start = spans[0].StartedAt;
        return new TraceView(traceId, start, spans.Max(s => s.StartedAt.AddMicroseconds(s.Microseconds)) - start, TraceTree.Order(spans), lines.Count);
    }

    private async Task<LogFinder> FinderAsync(AppDbContext db, Caller caller, ListQuery query, CancellationToken cancellation)
    {
        var criteria = LogCriteria.Parse(query);
        return new LogFinder(db, criteria, criteria.Person is null ? [] : await PeopleAsync(db, caller, criteria.Person, cancellation), time);
    }

    private static async Task<IReadOnlyList<Guid>> PeopleAsync(AppDbContext db, Caller caller, string person, CancellationToken cancellation)
    {
        // Lines of an account that is gone are found by its number.
        if (Guid.TryParse(person, out var id)) return await db.Users.AnyAsync(u => u.Id == id && u.TenantId != caller.TenantId, cancellation) ? [] : [id];
        var upper = person.ToUpperInvariant();
        return await db.Users.Where(u => u.TenantId == caller.TenantId && (u.NormalizedEmail == upper || u.DisplayName.ToUpper().StartsWith(upper)))
            .OrderBy(u => u.DisplayName).Take(MostPeople).Select(u => u.Id).ToListAsync(cancellation);
    }

    private static async Task<IReadOnlyList<LogRow>> WithPeopleAsync(AppDbContext db, Caller caller, IReadOnlyList<LogRow> rows, CancellationToken cancellation)
    {
        var ids = rows.Select(r => r.UserId).OfType<Guid>().Distinct().ToList();
        if (ids.Count == 0) return rows;
        var names = await db.Users.AsNoTracking().Where(u => u.TenantId == caller.TenantId && ids.Contains(u.Id)).Select(u => new { u.Id, u.DisplayName }).ToDictionaryAsync(u => u.Id, u => u.DisplayName, cancellation);
        return [.. rows.Select(r => r.UserId is { } user ? r with { Person = names.GetValueOrDefault(user) } : r)];
    }

    private static string? Indented(string? json)
    {
        if (json is null) return null;
        using var document = JsonDocument.Parse(json);
        return JsonSerializer.Serialize(document, Readable);
    }
}
