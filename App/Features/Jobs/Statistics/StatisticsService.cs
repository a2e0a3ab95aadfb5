using BlazorAdmin.Data;
using BlazorAdmin.Security;

namespace BlazorAdmin.Features.Jobs.Statistics;

/// <summary>A period up to now and the length of one point on its charts.</summary>
public sealed record StatisticsRange(string Key, TimeSpan Length, TimeSpan Step)
{
    public static readonly IReadOnlyList<StatisticsRange> All =
    [
        new("1h", TimeSpan.FromHours(1), TimeSpan.FromMinutes(1)), new("6h", TimeSpan.FromHours(6), TimeSpan.FromMinutes(5)), new("24h", TimeSpan.FromDays(1), TimeSpan.FromMinutes(15)),
        new("7d", TimeSpan.FromDays(7), TimeSpan.FromHours(2)), new("30d", TimeSpan.FromDays(30), TimeSpan.FromHours(6)),
    ];

    /// <summary>24 hours for what is no range.</summary>
    public static StatisticsRange Of(string? key) => All.FirstOrDefault(r => r.Key == key) ?? All[2];
}

/// <param name="Points">From the beginning of the period to now, each one step long; those without jobs too.</param>
/// <param name="Types">Sums by type, of every node asked for.</param>
/// <param name="Nodes">Sums by node, of every type asked for.</param>
/// <param name="Last">How the types went last.</param>
public sealed record JobStatistics(
    StatisticsRange Range, IReadOnlyList<(DateTimeOffset At, JobFigureSum Sum)> Points, IReadOnlyDictionary<string, JobFigureSum> Types, IReadOnlyDictionary<string, JobFigureSum> Nodes,
    IReadOnlyDictionary<string, JobTypeState> Last, JobFigureSum Total);

/// <summary>Figures of the jobs over a period, from the rows that the workers write; the jobs themselves are not read.</summary>
public sealed class StatisticsService(Guard guard, IDbContextFactory<AppDbContext> databases, TimeProvider time)
{
    /// <param name="type">Null for all.</param>
    /// <param name="node">Null for all.</param>
    public async Task<JobStatistics> ReadAsync(string? range, string? type = null, string? node = null, CancellationToken cancellation = default)
    {
        var caller = await guard.Require(JobsPermissions.Read, cancellation);
        var asked = StatisticsRange.Of(range);
        var step = asked.Step.Ticks;
        var first = new DateTimeOffset((time.GetUtcNow() - asked.Length).UtcTicks / step * step, TimeSpan.Zero);
        var points = Enumerable.Range(0, (int)(asked.Length.Ticks / step) + 1).Select(i => (At: first.AddTicks(i * step), Sum: new JobFigureSum())).ToList();
        var (types, nodes, total) = (new SortedDictionary<string, JobFigureSum>(StringComparer.Ordinal), new SortedDictionary<string, JobFigureSum>(StringComparer.Ordinal), new JobFigureSum());
        await using var db = await databases.CreateDbContextAsync(cancellation);
        var rows = db.Set<JobStat>().AsNoTracking().Where(s => s.TenantId == caller.TenantId && s.At >= first);
        if (type is not null) rows = rows.Where(s => s.Type == type);
        if (node is not null) rows = rows.Where(s => s.Node == node);
        await foreach (var row in rows.AsAsyncEnumerable().WithCancellation(cancellation))
        {
            points[(int)Math.Clamp((row.At - first).Ticks / step, 0, points.Count - 1)].Sum.Add(row);
            Of(types, row.Type).Add(row);
            Of(nodes, row.Node).Add(row);
            total.Add(row);
        }

        var last = await db.Set<JobTypeState>().AsNoTracking().Where(s => s.TenantId == caller.TenantId).ToDictionaryAsync(s => s.Type, cancellation);
        return new JobStatistics(asked, points, types, nodes, last, total);
    }

    private static JobFigureSum Of(SortedDictionary<string, JobFigureSum> sums, string key) => sums.TryGetValue(key, out var sum) ? sum : sums[key] = new JobFigureSum();
}
