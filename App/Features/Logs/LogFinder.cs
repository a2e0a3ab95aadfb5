using System.Linq.Expressions;
using BlazorAdmin.Data;
using BlazorAdmin.Shell.Lists;

namespace BlazorAdmin.Features.Logs;

/// <summary>
/// Finds lines without reading the whole table: times become ranges of numbers, a condition with an index of its own is read by it,
/// and everything else is searched from the newest number back until the page is full or the time is up; the page then says so and
/// goes on from there.
/// </summary>
internal sealed class LogFinder(AppDbContext db, LogCriteria criteria, IReadOnlyList<Guid> people, TimeProvider time)
{
    private const string ById = "id";
    private const int FirstRange = 4_096;
    private const int NewCounted = 99;
    private const int NewLooked = 20_000;
    private const int ClosestRows = 200;

    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan QuickRange = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan SlowRange = TimeSpan.FromMilliseconds(80);

    // Lines wait up to a second before they get their number, longer while the database is away, and nodes' clocks differ.
    private static readonly TimeSpan Slack = TimeSpan.FromMinutes(10);

    private static readonly Expression<Func<LogEntry, LogRow>> Row = e => new LogRow
    {
        Id = e.Id, At = e.At, Level = (LogLevel)e.Level, Slice = e.Slice, Message = e.Message, Reference = e.Reference, TraceId = e.TraceId, UserId = e.UserId, JobId = e.JobId, Node = e.Node,
    };

    private long? _lowest;
    private long? _highest;

    /// <summary>Lines that match, in no order: for an export.</summary>
    public async Task<IQueryable<LogEntry>> MatchingAsync(CancellationToken cancellation)
    {
        await ReadBoundsAsync(cancellation);
        var entries = Bounded(db.Set<LogEntry>().AsNoTracking());
        return criteria.Least is { } least ? entries.Where(e => e.Level >= (byte)least) : entries;
    }

    public async Task<ListPage<LogRow>> PageAsync(ListQuery query, CancellationToken cancellation)
    {
        await ReadBoundsAsync(cancellation);
        var place = KeysetCursor.Decode(query.Anchor ?? query.Cursor, ById, descending: true) is { } cursor && long.TryParse(cursor.Id, out var at) ? (cursor.Backward, Id: at) : default((bool Backward, long Id)?);
        var isAnchored = query.Anchor is not null && place is not null;
        var backward = place is { Backward: true } && !isAnchored;
        var size = Math.Clamp(query.PageSize, 1, ListQuery.LargestPage);
        var start = place is not { } from ? long.MaxValue : isAnchored ? from.Id : backward ? from.Id + 1 : from.Id - 1;
        var (found, stopped) = IsDirect
            ? (await DirectAsync(start, down: !backward, size + 1, cancellation), null)
            : await SearchAsync(start, down: !backward, size + 1, cancellation);
        var more = found.Count > size;
        if (more) found.RemoveAt(size);
        var isUnfinished = !more && stopped is not null;
        // The start is reached: a whole first page instead of its remainder.
        if (backward && !more && !isUnfinished) return await PageAsync(query.WithCursor(null), cancellation);
        if (backward) found.Reverse();
        var (first, last) = (found.Count > 0 ? found[0].Id : (long?)null, found.Count > 0 ? found[^1].Id : (long?)null);
        return new ListPage<LogRow>(found)
        {
            First = Cursor(first, backwards: false),
            Previous = backward ? Cursor(isUnfinished ? stopped : first, backwards: true) : place is not null && query.Cursor is not null ? Cursor(first ?? place.Value.Id, backwards: true) : null,
            Next = backward ? Cursor(last ?? place!.Value.Id, backwards: false) : isUnfinished ? Cursor(stopped, backwards: false) : more ? Cursor(last, backwards: false) : null,
            PendingNew = isAnchored && query.Cursor is null ? await NewAsync(place!.Value.Id, cancellation) : default,
            IsUnfinished = isUnfinished && !backward,
        };
    }

    // One index answers: each of these has (condition, number), few lines share a number or trace, and no condition at all is the key.
    // Several people have no common order of numbers.
    private bool IsDirect => criteria.Text is null && criteria.Node is null
        && (criteria.Reference is not null || criteria.Trace is not null || (Conditions <= 1 && people.Count <= 1));

    private int Conditions => (criteria.Least is null ? 0 : 1) + (criteria.Slice is null ? 0 : 1) + (criteria.Person is null ? 0 : 1) + (criteria.Job is null ? 0 : 1);

    // Each level is read by its own index; a range of levels has no order of numbers.
    private async Task<List<LogRow>> DirectAsync(long start, bool down, int count, CancellationToken cancellation)
    {
        var entries = From(Bounded(db.Set<LogEntry>().AsNoTracking()), start, down);
        if (criteria.Least is not { } least) return await Ordered(entries, down).Take(count).Select(Row).ToListAsync(cancellation);
        var all = new List<LogRow>();
        for (var level = least; level <= LogLevel.Critical; level++)
        {
            var one = (byte)level;
            all.AddRange(await Ordered(entries.Where(e => e.Level == one), down).Take(count).Select(Row).ToListAsync(cancellation));
        }

        return [.. (down ? all.OrderByDescending(r => r.Id) : all.OrderBy(r => r.Id)).Take(count)];
    }

    /// <returns>The lines, and the number at which the search stopped before the end.</returns>
    private async Task<(List<LogRow> Found, long? Stopped)> SearchAsync(long start, bool down, int count, CancellationToken cancellation)
    {
        var source = await MatchingAsync(cancellation);
        var lowest = _lowest ?? await db.Set<LogEntry>().OrderBy(e => e.Id).Select(e => e.Id).FirstOrDefaultAsync(cancellation);
        var highest = await db.Set<LogEntry>().OrderByDescending(e => e.Id).Select(e => e.Id).FirstOrDefaultAsync(cancellation);
        if (_highest is { } most) highest = Math.Min(highest, most);
        var next = down ? Math.Min(start, highest) : Math.Max(start, lowest);
        var found = new List<LogRow>();
        var range = (long)FirstRange;
        var began = time.GetTimestamp();
        var isLeft = down ? next >= lowest : next <= highest;
        while (isLeft && found.Count < count)
        {
            var rangeBegan = time.GetTimestamp();
            var (low, high) = down ? (Math.Max(lowest, next - range + 1), next) : (next, Math.Min(highest, next + range - 1));
            found.AddRange(await Ordered(source.Where(e => e.Id >= low && e.Id <= high), down).Take(count - found.Count).Select(Row).ToListAsync(cancellation));
            next = down ? low - 1 : high + 1;
            isLeft = down ? next >= lowest : next <= highest;
            var took = time.GetElapsedTime(rangeBegan);
            if (took < QuickRange) range *= 2;
            else if (took > SlowRange) range = Math.Max(FirstRange, range / 2);
            if (time.GetElapsedTime(began) > Patience) break;
        }

        return (found, isLeft && found.Count < count ? (down ? next + 1 : next - 1) : null);
    }

    private async Task<ListTotal> NewAsync(long anchor, CancellationToken cancellation)
    {
        var entries = await MatchingAsync(cancellation);
        if (!IsDirect)
        {
            var newest = await db.Set<LogEntry>().OrderByDescending(e => e.Id).Select(e => e.Id).FirstOrDefaultAsync(cancellation);
            anchor = Math.Max(anchor, newest - NewLooked);
        }

        return await entries.Where(e => e.Id > anchor).OrderByDescending(e => e.Id).CountUpTo(NewCounted, cancellation);
    }

    private async Task ReadBoundsAsync(CancellationToken cancellation)
    {
        if (criteria.From is { } from && _lowest is null)
        {
            var since = from - Slack;
            var near = await db.Set<LogEntry>().Where(e => e.At >= since).OrderBy(e => e.At).Take(ClosestRows).Select(e => e.Id).ToListAsync(cancellation);
            _lowest = near.Count == 0 ? long.MaxValue : near.Min();
        }

        if (criteria.To is { } to && _highest is null)
        {
            var until = to + Slack;
            var near = await db.Set<LogEntry>().Where(e => e.At <= until).OrderByDescending(e => e.At).Take(ClosestRows).Select(e => e.Id).ToListAsync(cancellation);
            _highest = near.Count == 0 ? 0 : near.Max();
        }
    }

    private IQueryable<LogEntry> Bounded(IQueryable<LogEntry> entries)
    {
        if (_lowest is { } lowest) entries = entries.Where(e => e.Id >= lowest && e.At >= criteria.From);
        if (_highest is { } highest) entries = entries.Where(e => e.Id <= highest && e.At < criteria.To);
        if (criteria.Slice is { } slice) entries = entries.Where(e => e.Slice == slice);
        if (criteria.Reference is { } reference) entries = entries.Where(e => e.Reference == reference);
        if (criteria.Trace is { } trace) entries = entries.Where(e => e.TraceId == trace);
        if (criteria.Job is { } job) entries = entries.Where(e => e.JobId == job);
        if (criteria.Node is { } node) entries = entries.Where(e => e.Node == node);
        if (criteria.Person is not null) entries = people.Count == 1 ? Of(entries, people[0]) : entries.Where(e => e.UserId != null && people.Contains(e.UserId.Value));
        if (criteria.Text is { } text) entries = entries.Where(e => e.Message.ToLower().Contains(text) || e.Exception!.ToLower().Contains(text));
        return entries;
    }

    private static IQueryable<LogEntry> Of(IQueryable<LogEntry> entries, Guid person) => entries.Where(e => e.UserId == person);

    private static IQueryable<LogEntry> From(IQueryable<LogEntry> entries, long start, bool down) =>
        start == long.MaxValue ? entries : down ? entries.Where(e => e.Id <= start) : entries.Where(e => e.Id >= start);

    private static IOrderedQueryable<LogEntry> Ordered(IQueryable<LogEntry> entries, bool down) => down ? entries.OrderByDescending(e => e.Id) : entries.OrderBy(e => e.Id);

    private static string? Cursor(long? id, bool backwards) =>
        id is { } number ? new KeysetCursor(ById, Descending: true, backwards, KeysetValue.Write(number), KeysetValue.Write(number)!).Encode() : null;
}
