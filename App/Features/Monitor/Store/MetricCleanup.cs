using BlazorAdmin.Data;
using Microsoft.Extensions.Options;

namespace BlazorAdmin.Features.Monitor.Store;

/// <summary>Deletes what is older than its level is kept, a few chunks of each series at a time, and then series of which nothing is left.</summary>
internal sealed class MetricCleanup(IDbContextFactory<AppDbContext> databases, IOptionsMonitor<MonitorOptions> options, TimeProvider time)
{
    private const int ChunksAtOnce = 10;

    /// <returns>How many rows were deleted.</returns>
    public async Task<int> RunAsync(CancellationToken cancellation)
    {
        var (deleted, now, kept) = (0, time.GetUtcNow(), options.CurrentValue);
        foreach (var level in MetricLevels.FromFine)
        {
            // A chunk goes when all of it is old.
            var limit = now - level.Keep(kept) - TimeSpan.FromMilliseconds(level.Span());
            while (await DeleteSomeAsync(level, limit, cancellation) is > 0 and var some) deleted += some;
        }
        await using var db = await databases.CreateDbContextAsync(cancellation);
        var oldest = now - MetricLevel.Hour.Keep(kept);
        deleted += await db.Set<MetricMark>().Where(m => m.At < oldest).ExecuteDeleteAsync(cancellation);
        // Not those of today: their first chunk may be on its way.
        var yesterday = now.AddDays(-1);
        return deleted + await db.Set<MetricSeries>().Where(s => s.FirstAt < yesterday && !db.Set<MetricChunk>().Any(c => c.SeriesId == s.Id)).ExecuteDeleteAsync(cancellation);
    }

    private async Task<int> DeleteSomeAsync(MetricLevel level, DateTimeOffset limit, CancellationToken cancellation)
    {
        await using var db = await databases.CreateDbContextAsync(cancellation);
        var oldest = await db.Set<MetricChunk>().Where(c => c.Level == level && c.Start < limit).OrderBy(c => c.Start).Select(c => (DateTimeOffset?)c.Start).FirstOrDefaultAsync(cancellation);
        if (oldest is not { } from) return 0;
        var end = from.AddMilliseconds(ChunksAtOnce * level.Span());
        if (end > limit) end = limit;
        return await db.Set<MetricChunk>().Where(c => c.Level == level && c.Start < end).ExecuteDeleteAsync(cancellation);
    }
}
