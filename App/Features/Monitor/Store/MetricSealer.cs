using BlazorAdmin.Data;

namespace BlazorAdmin.Features.Monitor.Store;

/// <summary>
/// Puts a minute into the database: its raw samples, its seconds, and its place in the minutes of the hour and the hours of the day.
/// Everything is worked out from samples and replaced by place, so a minute may be sealed again, also with samples that came later.
/// One at a time. Holds one minute's samples: at 512 metrics every 50 ms about 10 MB.
/// </summary>
internal sealed class MetricSealer(IDbContextFactory<AppDbContext> databases, NodeInfo node)
{
    private static readonly SeriesName Clock = new(ClockChunk.Key, MetricFamily.Collector, MetricKind.Microseconds, null);

    private readonly Dictionary<string, int> _ids = [];
    private readonly MetricSketchSum _sum = new();

    /// <returns>True if the minute was in the database already and the samples were added to it.</returns>
    public async Task<bool> SealAsync(MinuteSamples minute, CancellationToken cancellation)
    {
        if (minute.Times.Length == 0) return false;
        try
        {
            await using var db = await databases.CreateDbContextAsync(cancellation);
            await EnsureSeriesAsync(db, [Clock, .. Measured(minute).Select(s => s.Name)], minute.Start, cancellation);
            var earlier = await ReadAsync(db, minute.Start, cancellation);
            if (earlier is not null)
            {
                minute = earlier.With(minute);
                await EnsureSeriesAsync(db, Measured(minute).Select(s => s.Name), minute.Start, cancellation);
            }
            await WriteAsync(db, minute, earlier is not null, cancellation);
            // One transaction for all of it.
            await db.SaveChangesAsync(cancellation);
            return earlier is not null;
        }
        catch
        {
            // Perhaps somebody deleted a series.
            _ids.Clear();
            throw;
        }
    }

    private static IEnumerable<(SeriesName Name, float[] Values)> Measured(MinuteSamples minute) => minute.Series.Where(s => Array.Exists(s.Values, v => !float.IsNaN(v)));

    private async Task WriteAsync(AppDbContext db, MinuteSamples minute, bool again, CancellationToken cancellation)
    {
        var measured = Measured(minute).Select(s => (Id: _ids[s.Name.Key], s.Values)).ToList();
        var ids = measured.Select(s => s.Id).ToList();
        var chunks = new Dictionary<(int, MetricLevel), MetricChunk>();
        await LoadAsync(db, ids, MetricLevel.Minute, minute.Start, chunks, cancellation);
        await LoadAsync(db, ids, MetricLevel.Hour, minute.Start, chunks, cancellation);
        if (again)
        {
            await LoadAsync(db, [.. ids, _ids[Clock.Key]], MetricLevel.Raw, minute.Start, chunks, cancellation);
            await LoadAsync(db, ids, MetricLevel.Second, minute.Start, chunks, cancellation);
        }

        Put(db, chunks, _ids[Clock.Key], MetricLevel.Raw, minute.Start, minute.Times.Length, ClockChunk.Pack(minute.Times, minute.Start));
        foreach (var (id, values) in measured)
        {
            Put(db, chunks, id, MetricLevel.Raw, minute.Start, values.Length, RawChunk.Pack(values));
            var seconds = MetricRollup.Of(minute.Times, values, MetricLevel.Second.Step());
            if (seconds.Count == 0) continue;
            Put(db, chunks, id, MetricLevel.Second, seconds);
            var minutes = Insert(chunks, id, MetricLevel.Minute, MetricRollup.Merge(minute.Start, seconds, _sum)!);
            Put(db, chunks, id, MetricLevel.Minute, minutes);
            // The minutes of a chunk are those of one hour.
            var hour = MetricRollup.Merge(MetricLevels.Floor(minute.Start, MetricLevel.Hour.Step()), minutes, _sum)!;
            Put(db, chunks, id, MetricLevel.Hour, Insert(chunks, id, MetricLevel.Hour, hour));
        }
    }

    private static async Task LoadAsync(AppDbContext db, List<int> ids, MetricLevel level, long minute, Dictionary<(int, MetricLevel), MetricChunk> chunks, CancellationToken cancellation)
    {
        var start = MetricLevels.At(MetricLevels.Floor(minute, level.Span()));
        foreach (var chunk in await db.Set<MetricChunk>().Where(c => ids.Contains(c.SeriesId) && c.Level == level && c.Start == start).ToListAsync(cancellation)) chunks[(chunk.SeriesId, level)] = chunk;
    }

    /// <summary>The chunk's rollups with this one in its place.</summary>
    private static List<MetricRollup> Insert(Dictionary<(int, MetricLevel), MetricChunk> chunks, int id, MetricLevel level, MetricRollup rollup)
    {
        if (!chunks.TryGetValue((id, level), out var chunk)) return [rollup];
        var all = RollupChunk.Unpack(chunk.Data, chunk.Start.ToUnixTimeMilliseconds(), level.Step(), sketches: true);
        all.RemoveAll(r => r.At == rollup.At);
        var place = all.FindIndex(r => r.At > rollup.At);
        all.Insert(place < 0 ? all.Count : place, rollup);
        return all;
    }

    private static void Put(AppDbContext db, Dictionary<(int, MetricLevel), MetricChunk> chunks, int id, MetricLevel level, List<MetricRollup> rollups)
    {
        var start = MetricLevels.Floor(rollups[0].At, level.Span());
        Put(db, chunks, id, level, start, rollups.Count, RollupChunk.Pack(rollups, start, level.Step()));
    }

    private static void Put(AppDbContext db, Dictionary<(int, MetricLevel), MetricChunk> chunks, int id, MetricLevel level, long start, int count, byte[] data)
    {
        if (chunks.TryGetValue((id, level), out var chunk)) (chunk.Count, chunk.Data) = (count, data);
        else db.Add(new MetricChunk { SeriesId = id, Level = level, Start = MetricLevels.At(start), Count = count, Data = data });
    }

    /// <summary>What the database has of the minute; null for nothing.</summary>
    private async Task<MinuteSamples?> ReadAsync(AppDbContext db, long minute, CancellationToken cancellation)
    {
        var (start, clock) = (MetricLevels.At(minute), _ids[Clock.Key]);
        if (!await db.Set<MetricChunk>().AnyAsync(c => c.SeriesId == clock && c.Level == MetricLevel.Raw && c.Start == start, cancellation)) return null;
        var rows = await (from chunk in db.Set<MetricChunk>()
                          join series in db.Set<MetricSeries>() on chunk.SeriesId equals series.Id
                          where series.Node == node.Name && chunk.Level == MetricLevel.Raw && chunk.Start == start
                          select new { Series = series, chunk.Data }).AsNoTracking().ToListAsync(cancellation);
        var times = ClockChunk.Unpack(rows.Single(r => r.Series.Id == clock).Data, minute);
        return new MinuteSamples(minute, times, [.. rows.Where(r => r.Series.Id != clock).Select(r => (SeriesName.Of(r.Series), RawChunk.Unpack(r.Data)))]);
    }

    private async Task EnsureSeriesAsync(AppDbContext db, IEnumerable<SeriesName> names, long minute, CancellationToken cancellation)
    {
        var missing = names.Where(n => !_ids.ContainsKey(n.Key)).ToList();
        if (missing.Count == 0) return;
        foreach (var known in await db.Set<MetricSeries>().AsNoTracking().Where(s => s.Node == node.Name).Select(s => new { s.Id, s.Key }).ToListAsync(cancellation)) _ids[known.Key] = known.Id;
        var added = missing.Where(n => !_ids.ContainsKey(n.Key))
            .Select(n => new MetricSeries { Node = node.Name, Key = n.Key, Family = n.Family, Kind = n.Kind, Device = n.Device, FirstAt = MetricLevels.At(minute) }).ToList();
        if (added.Count == 0) return;
        db.AddRange(added);
        await db.SaveChangesAsync(cancellation);
        foreach (var series in added) _ids[series.Key] = series.Id;
    }
}
