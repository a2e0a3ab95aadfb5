using System.Collections.Concurrent;
using BlazorAdmin.Data;
using BlazorAdmin.Features.Jobs.Statistics;
using BlazorAdmin.Shell.Lists;

namespace BlazorAdmin.Features.Jobs.Operations;

/// <summary>Jobs that ended in a period.</summary>
public readonly record struct EndedJobs(long Succeeded, long Failed)
{
    public long All => Succeeded + Failed;

    /// <summary>0 to 1; null where nothing ended.</summary>
    public double? FailureRate => All == 0 ? null : (double)Failed / All;

    public static EndedJobs operator +(EndedJobs one, EndedJobs other) => new(one.Succeeded + other.Succeeded, one.Failed + other.Failed);
}

/// <summary>What went through a type, a queue or a node lately.</summary>
public readonly record struct Throughput(EndedJobs FiveMinutes, EndedJobs Hour)
{
    public static Throughput operator +(Throughput one, Throughput other) => new(one.FiveMinutes + other.FiveMinutes, one.Hour + other.Hour);
}

/// <summary>What waits and runs of a type.</summary>
/// <param name="Waiting">With those for later; counting stops at 10,000.</param>
/// <param name="Due">Could start now.</param>
/// <param name="OldestDue">Since when the longest waiting one could have started.</param>
public sealed record TypeLoad(ListTotal Waiting, ListTotal Due, DateTimeOffset? OldestDue, int Running);

/// <param name="At">On the database's clock.</param>
public sealed record TrafficReading(
    DateTimeOffset At, IReadOnlyDictionary<string, TypeLoad> Types, IReadOnlyDictionary<string, Throughput> ByType, IReadOnlyDictionary<string, Throughput> ByNode);

/// <summary>
/// Load and throughput of the job engine, for the pages that steer it: read every two seconds for all of them, however many
/// look. What ended comes from the minutes that the engine sums up, never from counting jobs.
/// </summary>
public sealed class JobTraffic(IDbContextFactory<AppDbContext> databases, JobTypes types, TimeProvider time)
{
    private static readonly TimeSpan Lifetime = TimeSpan.FromSeconds(2);

    private readonly ConcurrentDictionary<Guid, Cached<TrafficReading>> _readings = new();

    public Task<TrafficReading> ReadAsync(Guid tenant) => _readings.GetOrAdd(tenant, _ => new Cached<TrafficReading>(Lifetime, time)).GetAsync(() => ReadNowAsync(tenant));

    private async Task<TrafficReading> ReadNowAsync(Guid tenant)
    {
        await using var db = await databases.CreateDbContextAsync();
        var now = await db.ServerNowAsync(CancellationToken.None);
        var running = await db.Set<Job>().Where(j => j.State == JobState.Running && j.TenantId == tenant).GroupBy(j => j.Type)
            .Select(group => new { Type = group.Key, Count = group.Count() }).ToDictionaryAsync(r => r.Type, r => r.Count);
        var loads = new Dictionary<string, TypeLoad>();
        foreach (var type in types.All.Select(t => t.Name)) loads[type] = await LoadAsync(db, tenant, type, now, running.GetValueOrDefault(type));
        var (five, hour) = (now.AddMinutes(-5), now.AddMinutes(-60));
        var rows = await db.Set<JobStat>().Where(s => s.TenantId == tenant && s.At > hour && s.Seconds == 60).GroupBy(s => new { s.Type, s.Node }).Select(group => new
        {
            group.Key.Type,
            group.Key.Node,
            Succeeded = group.Sum(s => (long)s.Succeeded),
            Failed = group.Sum(s => (long)s.Failed),
            SucceededNow = group.Sum(s => s.At > five ? (long)s.Succeeded : 0),
            FailedNow = group.Sum(s => s.At > five ? (long)s.Failed : 0),
        }).ToListAsync();
        var parts = rows.ConvertAll(r => (r.Type, r.Node, Throughput: new Throughput(new EndedJobs(r.SucceededNow, r.FailedNow), new EndedJobs(r.Succeeded, r.Failed))));
        return new TrafficReading(now, loads, SumBy(part => part.Type), SumBy(part => part.Node));

        Dictionary<string, Throughput> SumBy(Func<(string Type, string Node, Throughput Throughput), string> key) =>
            parts.GroupBy(key).ToDictionary(group => group.Key, group => group.Aggregate(default(Throughput), (sum, part) => sum + part.Throughput));
    }

    private static async Task<TypeLoad> LoadAsync(AppDbContext db, Guid tenant, string type, DateTimeOffset now, int running)
    {
        var waiting = await db.Set<Job>().Where(j => j.TenantId == tenant && j.Type == type && j.State == JobState.Queued).CountUpTo();
        if (waiting.Count == 0) return new TypeLoad(waiting, default, null, running);
        var due = await ReadyJobs.CountDueAsync(db, tenant, type, now, CancellationToken.None);
        return new TypeLoad(waiting, due, due.Count == 0 ? null : await ReadyJobs.OldestDueAsync(db, tenant, type, now, CancellationToken.None), running);
    }
}
