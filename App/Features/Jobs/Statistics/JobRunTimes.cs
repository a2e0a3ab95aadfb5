using System.Collections.Concurrent;
using BlazorAdmin.Data;

namespace BlazorAdmin.Features.Jobs.Statistics;

/// <summary>How long jobs of a type usually run, kept for half a minute.</summary>
public sealed class JobRunTimes(IDbContextFactory<AppDbContext> databases, TimeProvider time)
{
    private const int MostRows = 200;
    private const int MostJobs = 21;
    private const int EnoughRuns = 5;
    private static readonly TimeSpan Lifetime = TimeSpan.FromSeconds(30);

    private readonly ConcurrentDictionary<(Guid Tenant, string Type), (long ReadAt, TimeSpan? Typical)> _known = new();

    /// <returns>The middle run time of the last day, or of the last successes where there are no figures yet; null if nothing has run.</returns>
    public async Task<TimeSpan?> TypicalAsync(Guid tenant, string type, CancellationToken cancellation)
    {
        if (_known.TryGetValue((tenant, type), out var known) && known.Typical is not null && time.GetElapsedTime(known.ReadAt) < Lifetime) return known.Typical;
        var typical = await ReadAsync(tenant, type, cancellation);
        _known[(tenant, type)] = (time.GetTimestamp(), typical);
        return typical;
    }

    private async Task<TimeSpan?> ReadAsync(Guid tenant, string type, CancellationToken cancellation)
    {
        await using var db = await databases.CreateDbContextAsync(cancellation);
        var since = time.GetUtcNow().AddDays(-1);
        var sketch = new DurationSketch();
        foreach (var runs in await db.Set<JobStat>().Where(s => s.TenantId == tenant && s.At >= since && s.Type == type).OrderByDescending(s => s.At).Take(MostRows).Select(s => s.Runs).ToListAsync(cancellation))
            sketch.Merge(DurationSketch.FromBytes(runs));
        if (sketch.Count >= EnoughRuns) return sketch.Quantile(0.5);
        var last = await db.Set<Job>().Where(j => j.TenantId == tenant && j.Type == type && j.State == JobState.Succeeded && j.StartedAt != null && j.FinishedAt != null)
            .OrderByDescending(j => j.Id).Take(MostJobs).Select(j => new { j.StartedAt, j.FinishedAt }).ToListAsync(cancellation);
        var times = last.Select(r => r.FinishedAt!.Value - r.StartedAt!.Value).Order().ToList();
        return times.Count == 0 ? null : times[times.Count / 2];
    }
}
