using System.Collections.Concurrent;
using BlazorAdmin.Data;
using BlazorAdmin.Shell.Lists;

namespace BlazorAdmin.Features.Jobs;

/// <summary>Numbers of jobs by state; counting stops at 10,000 each.</summary>
public sealed record JobCounts(IReadOnlyDictionary<JobState, ListTotal> ByState)
{
    public ListTotal Of(JobState state) => ByState.GetValueOrDefault(state);

    public ListTotal All => new(ByState.Values.Sum(t => t.Count), ByState.Values.Any(t => t.More));
}

/// <summary>Jobs that ended in one minute.</summary>
public readonly record struct JobMinute(DateTimeOffset At, int Succeeded, int Failed);

/// <summary>Counts and rates that every open page shows: read once a second for all of them, however many look.</summary>
public sealed class JobFigures(IDbContextFactory<AppDbContext> databases, TimeProvider time)
{
    /// <summary>Minutes that <see cref="MinutesAsync"/> covers.</summary>
    public const int Minutes = 30;

    private const int MostCounted = 20_000;
    private static readonly TimeSpan CountsLifetime = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan MinutesLifetime = TimeSpan.FromSeconds(5);

    private readonly ConcurrentDictionary<Guid, Cached<JobCounts>> _counts = new();
    private readonly ConcurrentDictionary<Guid, Cached<IReadOnlyList<JobMinute>>> _minutes = new();

    public Task<JobCounts> CountsAsync(Guid tenant) => _counts.GetOrAdd(tenant, _ => new Cached<JobCounts>(CountsLifetime, time)).GetAsync(() => CountAsync(tenant));

    /// <summary>The last half hour, oldest first; at most the newest 20,000 jobs are looked at.</summary>
    public Task<IReadOnlyList<JobMinute>> MinutesAsync(Guid tenant) =>
        _minutes.GetOrAdd(tenant, _ => new Cached<IReadOnlyList<JobMinute>>(MinutesLifetime, time)).GetAsync(() => ReadMinutesAsync(tenant));

    private async Task<JobCounts> CountAsync(Guid tenant)
    {
        await using var db = await databases.CreateDbContextAsync();
        var byState = new Dictionary<JobState, ListTotal>();
        foreach (var state in Enum.GetValues<JobState>())
            byState[state] = await db.Set<Job>().Where(j => j.TenantId == tenant && j.State == state).CountUpTo();
        return new JobCounts(byState);
    }

    private async Task<IReadOnlyList<JobMinute>> ReadMinutesAsync(Guid tenant)
    {
        await using var db = await databases.CreateDbContextAsync();
        var now = time.GetUtcNow();
        var last = new DateTimeOffset(now.Year, now.Month, now.Day, now.Hour, now.Minute, 0, TimeSpan.Zero);
        var first = last.AddMinutes(1 - Minutes);
        var ended = new int[2, Minutes];
        foreach (var (place, state) in new[] { (0, JobState.Succeeded), (1, JobState.Failed) })
        {
            var times = await db.Set<Job>().Where(j => j.State == state && j.FinishedAt != null && j.FinishedAt >= first && j.TenantId == tenant)
                .OrderByDescending(j => j.FinishedAt).Take(MostCounted).Select(j => j.FinishedAt!.Value).ToListAsync();
            foreach (var at in times) ended[place, Math.Clamp((int)(at - first).TotalMinutes, 0, Minutes - 1)]++;
        }

        return [.. Enumerable.Range(0, Minutes).Select(i => new JobMinute(first.AddMinutes(i), ended[0, i], ended[1, i]))];
    }
}
