using BlazorAdmin.Data;

namespace BlazorAdmin.Features.Jobs.Statistics;

/// <summary>Adds the minutes of past hours up, an hour in each commit, and forgets what is very old. A run that stops half-way is gone on with by the next.</summary>
public sealed class StatisticsCompaction(IDbContextFactory<AppDbContext> databases, TimeProvider time)
{
    public static readonly TimeSpan MinutesFor = TimeSpan.FromDays(2);
    public static readonly TimeSpan HoursFor = TimeSpan.FromDays(400);
    private const int Minute = 60;
    private const int Hour = 3600;

    /// <returns>How many rows became fewer.</returns>
    public async Task<int> RunAsync(CancellationToken cancellation)
    {
        var saved = 0;
        var tenant = Guid.Empty;
        while (await NextTenantAsync(tenant, cancellation) is { } next)
        {
            tenant = next;
            saved += await MergeAsync(tenant, cancellation) + await ForgetAsync(tenant, cancellation);
        }

        return saved;
    }

    private async Task<Guid?> NextTenantAsync(Guid after, CancellationToken cancellation)
    {
        await using var db = await databases.CreateDbContextAsync(cancellation);
        return await db.Set<JobStat>().Where(s => s.TenantId > after).OrderBy(s => s.TenantId).Select(s => (Guid?)s.TenantId).FirstOrDefaultAsync(cancellation);
    }

    private async Task<int> MergeAsync(Guid tenant, CancellationToken cancellation)
    {
        var saved = 0;
        var before = HourOf(time.GetUtcNow() - MinutesFor);
        while (true)
        {
            await using var db = await databases.CreateDbContextAsync(cancellation);
            var newest = await db.Set<JobStat>().Where(s => s.TenantId == tenant && s.At < before && s.Seconds == Minute).OrderByDescending(s => s.At).Select(s => (DateTimeOffset?)s.At).FirstOrDefaultAsync(cancellation);
            if (newest is not { } at) return saved;
            before = HourOf(at);
            saved += await MergeHourAsync(db, tenant, before, cancellation);
        }
    }

    private static async Task<int> MergeHourAsync(AppDbContext db, Guid tenant, DateTimeOffset hour, CancellationToken cancellation)
    {
        var end = hour.AddHours(1);
        await using var transaction = await db.Database.BeginTransactionAsync(cancellation);
        var minutes = db.Set<JobStat>().Where(s => s.TenantId == tenant && s.At >= hour && s.At < end && s.Seconds == Minute);
        var rows = await minutes.AsNoTracking().ToListAsync(cancellation);
        var last = rows.Max(r => r.Id);
        // Somebody else merges the same hour: theirs counts.
        if (await minutes.Where(s => s.Id <= last).ExecuteDeleteAsync(cancellation) != rows.Count) return 0;
        var merged = rows.GroupBy(r => (r.Type, r.Node)).Select(g => Sum(tenant, hour, g.Key.Type, g.Key.Node, [.. g])).ToList();
        db.AddRange(merged);
        await db.SaveChangesAsync(cancellation);
        await transaction.CommitAsync(cancellation);
        return rows.Count - merged.Count;
    }

    private static JobStat Sum(Guid tenant, DateTimeOffset hour, string type, string node, IReadOnlyList<JobStat> rows)
    {
        var (waits, runs) = (new DurationSketch(), new DurationSketch());
        foreach (var row in rows)
        {
            waits.Merge(DurationSketch.FromBytes(row.Waits));
            runs.Merge(DurationSketch.FromBytes(row.Runs));
        }

        return new JobStat
        {
            TenantId = tenant, At = hour, Seconds = Hour, Type = type, Node = node,
            Succeeded = rows.Sum(r => r.Succeeded), Failed = rows.Sum(r => r.Failed), Retried = rows.Sum(r => r.Retried), Cancelled = rows.Sum(r => r.Cancelled),
            WaitSeconds = rows.Sum(r => r.WaitSeconds), RunSeconds = rows.Sum(r => r.RunSeconds), Waits = waits.ToBytes(), Runs = runs.ToBytes(),
        };
    }

    private async Task<int> ForgetAsync(Guid tenant, CancellationToken cancellation)
    {
        var (forgotten, limit) = (0, time.GetUtcNow() - HoursFor);
        while (true)
        {
            await using var db = await databases.CreateDbContextAsync(cancellation);
            var oldest = await db.Set<JobStat>().Where(s => s.TenantId == tenant && s.At < limit).OrderBy(s => s.At).Select(s => (DateTimeOffset?)s.At).FirstOrDefaultAsync(cancellation);
            if (oldest is not { } at) return forgotten;
            var end = at.AddDays(1) < limit ? at.AddDays(1) : limit;
            forgotten += await db.Set<JobStat>().Where(s => s.TenantId == tenant && s.At < end).ExecuteDeleteAsync(cancellation);
        }
    }

    private static DateTimeOffset HourOf(DateTimeOffset at) => new(at.UtcTicks / TimeSpan.TicksPerHour * TimeSpan.TicksPerHour, TimeSpan.Zero);
}
