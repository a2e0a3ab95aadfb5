using BlazorAdmin.Data;

namespace BlazorAdmin.Features.Monitor.Store;

/// <summary>
/// Puts a minute into the database: its raw samples, its seconds, and its place in the minutes of the hour and the hours of the day.
/// Everything is worked out from samples and replaced by place, so a minute may be sealed again, also with samples that came later.
/// One at a time. Holds one minute's samples: at 512 metrics every 50 ms about 10 MB.
/// </summary>
internal sealed class MetricSealer(IDbContextFactory<AppDbContext> databases, IDatabaseDialect dialect, NodeInfo node, ILogger<MetricSealer> logger)
{
    private static readonly SeriesName Clock = new(ClockChunk.Key, MetricFamily.Collector, MetricKind.Microseconds, null);

    private const int DeviceLength = 100;

    private readonly Dictionary<string, int> _ids = [];
    private readonly HashSet<string> _refused = [];
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
        var measured = Measured(minute).Where(s => _ids.ContainsKey(s.Name.Key)).Select(s => (Id: _ids[s.Name.Key], s.Values)).ToList();
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
    private List<MetricRollup> Insert(Dictionary<(int, MetricLevel), MetricChunk> chunks, int id, MetricLevel level, MetricRollup rollup)
    {
        if (!chunks.TryGetValue((id, level), out var chunk)) return [rollup];
        List<MetricRollup> all;
        try
        {
            all = RollupChunk.Unpack(chunk.Data, chunk.Start.ToUnixTimeMilliseconds(), level.Step(), sketches: true);
        }
        catch (InvalidDataException error)
        {
            // Begun anew: one damaged row must not keep everything that follows out.
            logger.ChunkDamaged(error, id, level, chunk.Start);
            return [rollup];
        }
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
        var samples = new List<(SeriesName, float[])>();
        long[] times = [];
        foreach (var row in rows)
        {
            try
            {
                if (row.Series.Id == clock) times = ClockChunk.Unpack(row.Data, minute);
                else samples.Add((SeriesName.Of(row.Series), RawChunk.Unpack(row.Data)));
            }
            catch (InvalidDataException error)
            {
                logger.ChunkDamaged(error, row.Series.Id, MetricLevel.Raw, start);
            }
        }
        // Numbers without their times say nothing.
        return new MinuteSamples(minute, times, [.. samples.Where(s => s.Item2.Length == times.Length)]);
    }

    private async Task EnsureSeriesAsync(AppDbContext db, IEnumerable<SeriesName> names, long minute, CancellationToken cancellation)
    {
        if (!names.Any(IsUnknown)) return;
        await LearnAsync(db, cancellation);
        var added = names.Where(IsUnknown).ToList();
        foreach (var name in added) await AddAsync(db, name, minute, cancellation);
        if (added.Count > 0) await LearnAsync(db, cancellation);
        // A server that does not tell these names apart, or does not know their letters, keeps another name: one metric must not
        // keep all others out.
        foreach (var name in added.Where(IsUnknown)) Refuse(name, null);
    }

    private bool IsUnknown(SeriesName name) => !_ids.ContainsKey(name.Key) && !_refused.Contains(name.Key);

    private async Task LearnAsync(AppDbContext db, CancellationToken cancellation)
    {
        foreach (var known in await db.Set<MetricSeries>().AsNoTracking().Where(s => s.Node == node.Name).Select(s => new { s.Id, s.Key }).ToListAsync(cancellation)) _ids[known.Key] = known.Id;
    }

    private async Task AddAsync(AppDbContext db, SeriesName name, long minute, CancellationToken cancellation)
    {
        try
        {
            db.Add(new MetricSeries { Node = node.Name, Key = name.Key, Family = name.Family, Kind = name.Kind, Device = Shortened(name.Device), FirstAt = MetricLevels.At(minute) });
            await db.SaveChangesAsync(cancellation);
        }
        catch (DbUpdateException error) when (!dialect.IsTransient(error))
        {
            db.ChangeTracker.Clear();
            Refuse(name, error);
        }
    }

    private void Refuse(SeriesName name, Exception? error)
    {
        _refused.Add(name.Key);
        logger.SeriesRefused(error, name.Key);
    }

    private static string? Shortened(string? device) => device is { Length: > DeviceLength } ? device[..DeviceLength] : device;
}
