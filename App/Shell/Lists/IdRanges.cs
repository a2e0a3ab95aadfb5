using System.Linq.Expressions;

namespace BlazorAdmin.Shell.Lists;

/// <summary>
/// Searches a table whose ids grow with time for what no index answers: range by range from one end until there are rows enough
/// or the time is up. Times of people become ranges of ids. The entity's id is a <c>long</c> named <c>Id</c>.
/// </summary>
internal static class IdRanges
{
    private const int First = 4_096;
    private const int Closest = 200;

    /// <summary>How many ids above an anchor are looked at to count what is new.</summary>
    public const int NewLooked = 20_000;

    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan Quick = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan Slow = TimeSpan.FromMilliseconds(80);

    // Nodes' clocks differ, rows wait for their transaction, and while the database is away longer.
    private static readonly TimeSpan Slack = TimeSpan.FromMinutes(10);

    /// <param name="source">What matches, whatever the id.</param>
    /// <param name="lowest">Bounds of the ids that are looked at, both included.</param>
    public static async Task<(List<TRow> Found, long? Stopped)> SearchAsync<T, TRow>(
        IQueryable<T> source, Expression<Func<T, TRow>> row, long lowest, long highest, long? start, bool down, int count, TimeProvider time, CancellationToken cancellation) where T : class
    {
        var next = down ? Math.Min(start ?? highest, highest) : Math.Max(start ?? lowest, lowest);
        var found = new List<TRow>();
        var range = (long)First;
        var began = time.GetTimestamp();
        var isLeft = down ? next >= lowest : next <= highest;
        while (isLeft && found.Count < count)
        {
            var rangeBegan = time.GetTimestamp();
            var (low, high) = down ? (Math.Max(lowest, next - range + 1), next) : (next, Math.Min(highest, next + range - 1));
            var part = source.Where(e => EF.Property<long>(e, "Id") >= low && EF.Property<long>(e, "Id") <= high);
            found.AddRange(await Ordered(part, down).Take(count - found.Count).Select(row).ToListAsync(cancellation));
            next = down ? low - 1 : high + 1;
            isLeft = down ? next >= lowest : next <= highest;
            var took = time.GetElapsedTime(rangeBegan);
            if (took < Quick) range *= 2;
            else if (took > Slow) range = Math.Max(First, range / 2);
            if (time.GetElapsedTime(began) > Patience) break;
        }

        return (found, isLeft && found.Count < count ? (down ? next + 1 : next - 1) : null);
    }

    /// <summary>The rows from <paramref name="start"/> on in the order of their ids.</summary>
    public static IOrderedQueryable<T> From<T>(IQueryable<T> source, long? start, bool down) where T : class => Ordered(
        start is not { } id ? source : down ? source.Where(e => EF.Property<long>(e, "Id") <= id) : source.Where(e => EF.Property<long>(e, "Id") >= id), down);

    /// <summary>Smallest and largest id there is; of an empty table no range.</summary>
    public static async Task<(long Lowest, long Highest)> BoundsAsync<T>(IQueryable<T> table, CancellationToken cancellation) where T : class =>
        await table.OrderBy(e => EF.Property<long>(e, "Id")).Select(e => (long?)EF.Property<long>(e, "Id")).FirstOrDefaultAsync(cancellation) is { } lowest
            ? (lowest, await HighestAsync(table, cancellation)) : (1, 0);

    public static Task<long> HighestAsync<T>(IQueryable<T> table, CancellationToken cancellation) where T : class =>
        table.OrderByDescending(e => EF.Property<long>(e, "Id")).Select(e => EF.Property<long>(e, "Id")).FirstOrDefaultAsync(cancellation);

    /// <summary>An id that no row from <paramref name="from"/> on lies below. The table's time is named <c>At</c> and has an index.</summary>
    public static async Task<long> LowestSinceAsync<T>(IQueryable<T> table, DateTimeOffset from, CancellationToken cancellation) where T : class
    {
        var since = from - Slack;
        var near = await table.Where(e => EF.Property<DateTimeOffset>(e, "At") >= since).OrderBy(e => EF.Property<DateTimeOffset>(e, "At")).Take(Closest)
            .Select(e => EF.Property<long>(e, "Id")).ToListAsync(cancellation);
        return near.Count == 0 ? long.MaxValue : near.Min();
    }

    /// <summary>An id that no row before <paramref name="to"/> lies above.</summary>
    public static async Task<long> HighestUntilAsync<T>(IQueryable<T> table, DateTimeOffset to, CancellationToken cancellation) where T : class
    {
        var until = to + Slack;
        var near = await table.Where(e => EF.Property<DateTimeOffset>(e, "At") <= until).OrderByDescending(e => EF.Property<DateTimeOffset>(e, "At")).Take(Closest)
            .Select(e => EF.Property<long>(e, "Id")).ToListAsync(cancellation);
        return near.Count == 0 ? 0 : near.Max();
    }

    private static IOrderedQueryable<T> Ordered<T>(IQueryable<T> rows, bool down) where T : class =>
        down ? rows.OrderByDescending(e => EF.Property<long>(e, "Id")) : rows.OrderBy(e => EF.Property<long>(e, "Id"));
}
