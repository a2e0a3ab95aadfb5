using BlazorAdmin.Data;
using Microsoft.Extensions.Options;

namespace BlazorAdmin.Features.Monitor.Store;

/// <summary>What a reading hands over, series by series; called again from the start when a minute was sealed meanwhile.</summary>
internal abstract class MetricScan
{
    public virtual bool NeedsSketches => false;

    public abstract void Begin();

    /// <param name="series">Position among the series asked for.</param>
    public abstract void Sample(int series, long at, float value);

    public abstract void Rollup(int series, MetricRollup rollup);
}

/// <summary>Reads chunks of one level and what this node has in memory behind them. Authorises nobody.</summary>
public sealed class MetricReader
{
    /// <summary>Bounds what one query returns; further series are read by further queries.</summary>
    private const int SeriesAtOnce = 16;

    private const int Attempts = 20;

    private readonly IDbContextFactory<AppDbContext> _databases;
    private readonly LiveSamples _live;
    private readonly NodeInfo _node;
    private readonly IOptionsMonitor<MonitorOptions> _options;
    private readonly ILogger<MetricReader> _logger;
    private volatile int _clock;

    internal MetricReader(IDbContextFactory<AppDbContext> databases, LiveSamples live, NodeInfo node, IOptionsMonitor<MonitorOptions> options, ILogger<MetricReader> logger) =>
        (_databases, _live, _node, _options, _logger) = (databases, live, node, options, logger);

    internal int Interval => Options.IntervalMilliseconds;

    internal MonitorOptions Options => _options.CurrentValue;

    /// <summary>Series of a node by key, those included that nothing is stored of yet.</summary>
    internal async Task<IReadOnlyList<MetricSeries>> SeriesAsync(string? ofNode, CancellationToken cancellation)
    {
        var name = ofNode ?? _node.Name;
        await using var db = await _databases.CreateDbContextAsync(cancellation);
        var series = await db.Set<MetricSeries>().AsNoTracking().Where(s => s.Node == name && s.Key != ClockChunk.Key).ToListAsync(cancellation);
        if (name == _node.Name)
        {
            var stored = series.Select(s => s.Key).ToHashSet(StringComparer.Ordinal);
            series.AddRange(_live.Catalog.Metrics.Where(m => !stored.Contains(m.Key))
                .Select(m => new MetricSeries { Node = name, Key = m.Key, Family = m.Family, Kind = m.Kind, Device = m.Device, FirstAt = _node.StartedAt }));
        }
        return [.. series.OrderBy(s => s.Key, StringComparer.Ordinal)];
    }

    internal async Task<IReadOnlyList<string>> NodesAsync(CancellationToken cancellation)
    {
        await using var db = await _databases.CreateDbContextAsync(cancellation);
        var nodes = await db.Set<MetricSeries>().Select(s => s.Node).Distinct().ToListAsync(cancellation);
        return [.. nodes.Append(_node.Name).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
    }

    /// <summary>The series of these keys that there are, in the order of the keys.</summary>
    internal async Task<IReadOnlyList<MetricSeries>> FindAsync(IReadOnlyList<string> keys, string? ofNode, CancellationToken cancellation)
    {
        var known = (await SeriesAsync(ofNode, cancellation)).ToDictionary(s => s.Key, StringComparer.Ordinal);
        return [.. keys.Distinct(StringComparer.Ordinal).Where(known.ContainsKey).Select(key => known[key])];
    }

    /// <summary>Hands everything of the range to the scan. No sample is missed or told twice when a minute is sealed meanwhile. Damaged rows are logged and left out.</summary>
    internal async Task ScanAsync(MetricRange range, MetricLevel level, IReadOnlyList<MetricSeries> series, MetricScan scan, CancellationToken cancellation)
    {
        var (from, to) = (range.From.ToUnixTimeMilliseconds(), range.To.ToUnixTimeMilliseconds());
        var isHere = series.Count > 0 && series[0].Node == _node.Name;
        var stored = isHere ? await StoredThroughAsync(cancellation) : to;
        for (var attempt = 1; ; attempt++)
        {
            scan.Begin();
            if (isHere && stored > long.MinValue) series = await WithIdsAsync(series, cancellation);
            for (var first = 0; first < series.Count; first += SeriesAtOnce)
                await ScanStoredAsync(from, to, level, [.. series.Skip(first).Take(SeriesAtOnce)], first, scan, cancellation);
            if (!isHere) return;
            var after = await StoredThroughAsync(cancellation);
            // A minute is sealed once a minute, so the second attempt succeeds unless a whole backlog is being sealed.
            if (after == stored || attempt == Attempts)
            {
                _live.Read(Math.Max(from, after), to, [.. series.Select(s => s.Key)], scan.Sample);
                return;
            }
            stored = after;
        }
    }

    /// <summary>A series that was measured but not stored when it was looked up may be stored by now.</summary>
    private async Task<IReadOnlyList<MetricSeries>> WithIdsAsync(IReadOnlyList<MetricSeries> series, CancellationToken cancellation)
    {
        if (series.All(s => s.Id != 0)) return series;
        var keys = series.Where(s => s.Id == 0).Select(s => s.Key).ToList();
        await using var db = await _databases.CreateDbContextAsync(cancellation);
        var stored = await db.Set<MetricSeries>().AsNoTracking().Where(s => s.Node == _node.Name && keys.Contains(s.Key)).ToDictionaryAsync(s => s.Key, StringComparer.Ordinal, cancellation);
        return [.. series.Select(s => stored.GetValueOrDefault(s.Key, s))];
    }

    /// <summary>Samples of this node from this time on, Unix milliseconds, are not in the database.</summary>
    private async Task<long> StoredThroughAsync(CancellationToken cancellation)
    {
        await using var db = await _databases.CreateDbContextAsync(cancellation);
        if (_clock == 0) _clock = await ClockAsync(db, _node.Name, cancellation) ?? 0;
        if (_clock == 0) return long.MinValue;
        var newest = await db.Set<MetricChunk>().Where(c => c.SeriesId == _clock && c.Level == MetricLevel.Raw)
            .OrderByDescending(c => c.Start).Select(c => (DateTimeOffset?)c.Start).FirstOrDefaultAsync(cancellation);
        return newest is { } start ? start.ToUnixTimeMilliseconds() + MetricLevel.Raw.Span() : long.MinValue;
    }

    private async Task ScanStoredAsync(long from, long to, MetricLevel level, IReadOnlyList<MetricSeries> series, int first, MetricScan scan, CancellationToken cancellation)
    {
        var places = series.Select((s, i) => (s.Id, Place: first + i)).Where(s => s.Id != 0).ToDictionary(s => s.Id, s => s.Place);
        if (places.Count == 0) return;
        var (ids, start, end) = (places.Keys.ToList(), MetricLevels.At(MetricLevels.Floor(from, level.Span())), MetricLevels.At(to));
        await using var db = await _databases.CreateDbContextAsync(cancellation);
        var clocks = level == MetricLevel.Raw ? await ClocksAsync(db, series[0].Node, start, end, cancellation) : [];
        var chunks = db.Set<MetricChunk>().AsNoTracking().Where(c => ids.Contains(c.SeriesId) && c.Level == level && c.Start >= start && c.Start < end)
            .OrderBy(c => c.SeriesId).ThenBy(c => c.Start).Select(c => new { c.SeriesId, c.Start, c.Data });
        await foreach (var chunk in chunks.AsAsyncEnumerable().WithCancellation(cancellation))
        {
            var place = places[chunk.SeriesId];
            try
            {
                if (level != MetricLevel.Raw) Rollups(RollupChunk.Unpack(chunk.Data, chunk.Start.ToUnixTimeMilliseconds(), level.Step(), scan.NeedsSketches), from, to, place, scan);
                else if (clocks.TryGetValue(chunk.Start, out var times)) Samples(times, RawChunk.Unpack(chunk.Data), from, to, place, scan);
            }
            catch (InvalidDataException error)
            {
                _logger.ChunkDamaged(error, chunk.SeriesId, level, chunk.Start);
            }
        }
    }

    private static void Rollups(List<MetricRollup> rollups, long from, long to, int place, MetricScan scan)
    {
        foreach (var rollup in rollups)
            if (rollup.At >= from && rollup.At < to) scan.Rollup(place, rollup);
    }

    private static void Samples(long[] times, float[] values, long from, long to, int place, MetricScan scan)
    {
        for (var i = 0; i < Math.Min(times.Length, values.Length); i++)
            if (times[i] >= from && times[i] < to) scan.Sample(place, times[i], values[i]);
    }

    private async Task<Dictionary<DateTimeOffset, long[]>> ClocksAsync(AppDbContext db, string ofNode, DateTimeOffset start, DateTimeOffset end, CancellationToken cancellation)
    {
        if (await ClockAsync(db, ofNode, cancellation) is not { } clock) return [];
        var chunks = await db.Set<MetricChunk>().AsNoTracking().Where(c => c.SeriesId == clock && c.Level == MetricLevel.Raw && c.Start >= start && c.Start < end)
            .Select(c => new { c.Start, c.Data }).ToListAsync(cancellation);
        var clocks = new Dictionary<DateTimeOffset, long[]>();
        foreach (var chunk in chunks)
        {
            try
            {
                clocks[chunk.Start] = ClockChunk.Unpack(chunk.Data, chunk.Start.ToUnixTimeMilliseconds());
            }
            catch (InvalidDataException error)
            {
                _logger.ChunkDamaged(error, clock, MetricLevel.Raw, chunk.Start);
            }
        }
        return clocks;
    }

    private static Task<int?> ClockAsync(AppDbContext db, string ofNode, CancellationToken cancellation) =>
        db.Set<MetricSeries>().Where(s => s.Node == ofNode && s.Key == ClockChunk.Key).Select(s => (int?)s.Id).SingleOrDefaultAsync(cancellation);
}
