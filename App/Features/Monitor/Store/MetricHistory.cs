using System.Runtime.CompilerServices;
using BlazorAdmin.Data;
using BlazorAdmin.Security;

namespace BlazorAdmin.Features.Monitor.Store;

/// <summary>
/// Stored metrics of any range, with the newest samples of this node from memory. A node of null is this one; of other nodes the
/// minute that still runs is not known here.
/// </summary>
public sealed class MetricHistory(Guard guard, IDbContextFactory<AppDbContext> databases, MetricReader reader, TimeProvider time)
{
    /// <summary>Marks that <see cref="MarksAsync"/> returns at most.</summary>
    public const int MostMarks = 200;

    /// <summary>More points than this are not returned, whatever is asked for.</summary>
    public const int MostPoints = 20_000;

    /// <summary>Percentiles are merged from at most this many rollups of a series.</summary>
    private const int StatisticsPoints = 4_000;

    /// <summary>This node and those of which something is kept, by name.</summary>
    public async Task<IReadOnlyList<string>> NodesAsync(CancellationToken cancellation = default)
    {
        await guard.Require(MonitorPermissions.Read, cancellation);
        return await reader.NodesAsync(cancellation);
    }

    /// <summary>The series of a node, by key; one that was measured for the first time within the last minute has no id yet.</summary>
    public async Task<IReadOnlyList<MetricSeries>> SeriesAsync(string? node, CancellationToken cancellation = default)
    {
        await guard.Require(MonitorPermissions.Read, cancellation);
        return await reader.SeriesAsync(node, cancellation);
    }

    /// <summary>
    /// A line for each key, from the finest level that is kept for the start of the range and has not too many points for it; these are
    /// drawn together until they fit. A point stands at the start of its time. More than three points without samples are a gap.
    /// </summary>
    /// <param name="keys">Unknown ones are left out.</param>
    /// <param name="maxPoints">Points per line at most, at least two.</param>
    public async Task<MetricHistoryPage> ReadAsync(MetricRange range, IReadOnlyList<string> keys, string? node, int maxPoints, CancellationToken cancellation = default)
    {
        await guard.Require(MonitorPermissions.Read, cancellation);
        var (known, most) = (Known(range), Math.Clamp(maxPoints, 2, MostPoints));
        var level = MetricLevels.Choose(known, time.GetUtcNow(), most, reader.Interval, reader.Options);
        var series = await reader.FindAsync(keys, node, cancellation);
        var scan = new LineScan(known, level, series, reader.Interval, most);
        await reader.ScanAsync(known, level, series, scan, cancellation);
        return new MetricHistoryPage(level, scan.Lines());
    }

    /// <summary>Figures per known key, in the order asked for. Read an earlier range to compare: <see cref="MetricRange.Earlier"/>.</summary>
    public async Task<IReadOnlyList<MetricStatistics>> StatisticsAsync(MetricRange range, IReadOnlyList<string> keys, string? node, CancellationToken cancellation = default)
    {
        await guard.Require(MonitorPermissions.Read, cancellation);
        var known = Known(range);
        var level = MetricLevels.Choose(known, time.GetUtcNow(), StatisticsPoints, reader.Interval, reader.Options, oversampling: 1);
        var series = await reader.FindAsync(keys, node, cancellation);
        var scan = new StatisticsScan(known, level, series);
        await reader.ScanAsync(known, level, series, scan, cancellation);
        return scan.Statistics();
    }

    /// <summary>What happened in the range on any node, newest first, <see cref="MostMarks"/> at most.</summary>
    public async Task<IReadOnlyList<MetricMark>> MarksAsync(MetricRange range, CancellationToken cancellation = default)
    {
        await guard.Require(MonitorPermissions.Read, cancellation);
        await using var db = await databases.CreateDbContextAsync(cancellation);
        return await db.Set<MetricMark>().AsNoTracking().Where(m => m.At >= range.From && m.At < range.To).OrderByDescending(m => m.At).ThenByDescending(m => m.Id).Take(MostMarks).ToListAsync(cancellation);
    }

    /// <summary>Every sample or rollup of the range, key by key, oldest first; the level is the finest that stays below the number of rows.</summary>
    internal async IAsyncEnumerable<MetricExportRow> ExportAsync(MetricRange range, IReadOnlyList<string> keys, string? node, int mostRows, [EnumeratorCancellation] CancellationToken cancellation = default)
    {
        await guard.Require(MonitorPermissions.Read, cancellation);
        var known = Known(range);
        var series = await reader.FindAsync(keys, node, cancellation);
        if (series.Count == 0) yield break;
        var level = MetricLevels.Choose(known, time.GetUtcNow(), Math.Max(1, mostRows / series.Count), reader.Interval, reader.Options, oversampling: 1);
        foreach (var one in series)
        {
            foreach (var window in Windows(known, level))
            {
                var rows = new ExportScan(window, level, one);
                await reader.ScanAsync(window, level, [one], rows, cancellation);
                foreach (var row in rows.Rows()) yield return row;
            }
        }
    }

    /// <summary>Parts that are read at once, so that memory does not grow with the range: ten chunks each, cut where chunks begin.</summary>
    private static IEnumerable<MetricRange> Windows(MetricRange range, MetricLevel level)
    {
        var length = 10 * level.Span();
        for (var from = range.From; from < range.To;)
        {
            var end = MetricLevels.At(MetricLevels.Floor(from.ToUnixTimeMilliseconds(), length) + length);
            yield return new MetricRange(from, end < range.To ? end : range.To);
            from = end;
        }
    }

    /// <summary>Nothing is known of the future, and time before the portal's is all the same.</summary>
    private MetricRange Known(MetricRange range)
    {
        var now = time.GetUtcNow().AddSeconds(1);
        var oldest = now - MetricLevel.Hour.Keep(reader.Options) - TimeSpan.FromDays(1);
        var to = range.To < now ? range.To : now;
        var from = range.From > oldest ? range.From : oldest;
        return new MetricRange(from < to ? from : to, to);
    }
}
