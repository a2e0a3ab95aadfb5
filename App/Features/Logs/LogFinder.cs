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
    private const int NewCounted = 99;

    private static readonly IdPages<LogRow> Pages = new("id", descending: true, row => row.Id);

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
        return await Pages.ReadAsync(query, async (start, down, count) => IsDirect
            ? (await DirectAsync(start, down, count, cancellation), null)
            : await SearchAsync(start, down, count, cancellation), anchor => NewAsync(anchor, cancellation));
    }

    // One index answers: each of these has (condition, number), few lines share a number or trace, and no condition at all is the key.
    // Several people have no common order of numbers.
    private bool IsDirect => criteria.Text is null && criteria.Node is null
        && (criteria.Reference is not null || criteria.Trace is not null || (Conditions <= 1 && people.Count <= 1));

    private int Conditions => (criteria.Least is null ? 0 : 1) + (criteria.Slice is null ? 0 : 1) + (criteria.Person is null ? 0 : 1) + (criteria.Job is null ? 0 : 1);

    // Each level is read by its own index; a range of levels has no order of numbers.
    private async Task<List<LogRow>> DirectAsync(long? start, bool down, int count, CancellationToken cancellation)
    {
        var entries = Bounded(db.Set<LogEntry>().AsNoTracking());
        if (criteria.Least is not { } least) return await IdRanges.From(entries, start, down).Take(count).Select(Row).ToListAsync(cancellation);
        var all = new List<LogRow>();
        for (var level = least; level <= LogLevel.Critical; level++)
        {
            var one = (byte)level;
            all.AddRange(await IdRanges.From(entries.Where(e => e.Level == one), start, down).Take(count).Select(Row).ToListAsync(cancellation));
        }

        return [.. (down ? all.OrderByDescending(r => r.Id) : all.OrderBy(r => r.Id)).Take(count)];
    }

    private async Task<(List<LogRow> Found, long? Stopped)> SearchAsync(long? start, bool down, int count, CancellationToken cancellation)
    {
        var (lowest, highest) = await IdRanges.BoundsAsync(db.Set<LogEntry>(), cancellation);
        return await IdRanges.SearchAsync(
            await MatchingAsync(cancellation), Row, Math.Max(lowest, _lowest ?? lowest), Math.Min(highest, _highest ?? highest), start, down, count, time, cancellation);
    }

    private async Task<ListTotal> NewAsync(long anchor, CancellationToken cancellation)
    {
        var entries = await MatchingAsync(cancellation);
        if (!IsDirect) anchor = Math.Max(anchor, await IdRanges.HighestAsync(db.Set<LogEntry>(), cancellation) - IdRanges.NewLooked);

        return await entries.Where(e => e.Id > anchor).OrderByDescending(e => e.Id).CountUpTo(NewCounted, cancellation);
    }

    private async Task ReadBoundsAsync(CancellationToken cancellation)
    {
        if (criteria.From is { } from) _lowest ??= await IdRanges.LowestSinceAsync(db.Set<LogEntry>(), from, cancellation);
        if (criteria.To is { } to) _highest ??= await IdRanges.HighestUntilAsync(db.Set<LogEntry>(), to, cancellation);
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
}
