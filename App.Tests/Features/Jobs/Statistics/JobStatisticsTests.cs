using System.Collections.Frozen;
using BlazorAdmin.Data;
using BlazorAdmin.Features.Jobs;
using BlazorAdmin.Features.Jobs.Statistics;
using BlazorAdmin.Security;
using BlazorAdmin.Tests.Data;
using Microsoft.Extensions.DependencyInjection;

namespace BlazorAdmin.Tests.Features.Jobs.Statistics;

public sealed class JobStatisticsTests : IClassFixture<DatabaseFixture>, IAsyncLifetime
{
    private static readonly Caller Reader = new(null, null, "Rita", AppDbContext.DefaultTenant, null, new[] { JobsPermissions.Read }.ToFrozenSet());

    private readonly TestNode _node;
    private readonly IServiceScope _scope;

    public JobStatisticsTests(DatabaseFixture database)
    {
        _node = new TestNode(database.ConnectionString, "stats", more: services => services.AddTab());
        _scope = _node.Scope();
        _scope.ServiceProvider.GetRequiredService<CurrentCaller>().Use(Reader);
    }

    public async Task InitializeAsync()
    {
        await using var db = await _node.Databases.CreateDbContextAsync();
        await db.Set<JobStat>().ExecuteDeleteAsync();
    }

    public async Task DisposeAsync()
    {
        _scope.Dispose();
        await _node.DisposeAsync();
    }

    [Fact]
    public async Task Read_Rows_AreMergedByTypeNodeAndTime()
    {
        var now = DateTimeOffset.UtcNow;
        await AddAsync(now.AddMinutes(-2), "a", "n1", succeeded: 3, failed: 1, runs: [1, 1, 1, 9]);
        await AddAsync(now.AddMinutes(-2), "a", "n2", succeeded: 1, failed: 0, runs: [1]);
        await AddAsync(now.AddMinutes(-30), "b", "n1", succeeded: 2, failed: 0, runs: [5, 5]);
        await AddAsync(now.AddHours(-3), "b", "n1", succeeded: 7, failed: 0, runs: []);

        var hour = await Statistics.ReadAsync("1h");
        hour.Types.Keys.ShouldBe(["a", "b"]);
        (hour.Types["a"].Succeeded, hour.Types["a"].FailureRate).ShouldBe((4, 0.2));
        hour.Types["a"].Run(0.5)!.Value.TotalSeconds.ShouldBe(1, 0.06);
        hour.Types["a"].Run(0.99)!.Value.TotalSeconds.ShouldBe(1, 0.06);
        hour.Nodes["n1"].Succeeded.ShouldBe(5);
        hour.Points.Sum(p => p.Sum.Succeeded).ShouldBe(6);
        hour.Points.Count.ShouldBe(61);

        (await Statistics.ReadAsync("6h")).Types["b"].Succeeded.ShouldBe(9);
        (await Statistics.ReadAsync("1h", "a", "n2")).Total.Succeeded.ShouldBe(1);
        (await Statistics.ReadAsync("nonsense")).Range.Key.ShouldBe("24h");
        _scope.ServiceProvider.GetRequiredService<CurrentCaller>().Use(Reader with { Permissions = FrozenSet<string>.Empty });
        await Should.ThrowAsync<ForbiddenException>(() => Statistics.ReadAsync("1h"));
    }

    [Fact]
    public async Task Compaction_OldMinutes_BecomeHoursWithTheSameSums()
    {
        var now = DateTimeOffset.UtcNow;
        var hour = new DateTimeOffset(now.AddDays(-3).UtcTicks / TimeSpan.TicksPerHour * TimeSpan.TicksPerHour, TimeSpan.Zero);
        for (var i = 0; i < 10; i++) await AddAsync(hour.AddMinutes(i * 5), "a", "n1", succeeded: 1, failed: 1, runs: [2]);
        await AddAsync(hour.AddHours(-5), "a", "n1", succeeded: 4, failed: 0, runs: [1]);
        await AddAsync(now.AddHours(-1), "a", "n1", succeeded: 1, failed: 0, runs: [1]);
        await AddAsync(now.AddDays(-401), "a", "n1", succeeded: 9, failed: 0, runs: [1]);

        (await _node.Get<StatisticsCompaction>().RunAsync(CancellationToken.None)).ShouldBe(10);
        (await _node.Get<StatisticsCompaction>().RunAsync(CancellationToken.None)).ShouldBe(0);

        await using var db = await _node.Databases.CreateDbContextAsync();
        var rows = await db.Set<JobStat>().OrderBy(s => s.At).ToListAsync();
        rows.Select(r => (r.Seconds, r.Succeeded, r.Failed)).ShouldBe([(3600, 4, 0), (3600, 10, 10), (60, 1, 0)]);
        rows[1].At.ShouldBe(hour);
        DurationSketch.FromBytes(rows[1].Runs).Count.ShouldBe(10);
    }

    [PostgresFact]
    public async Task Flush_SeveralTimesInAMinute_IsOneRowAndNothingIsLostWhileItCannotBeWritten()
    {
        var writer = _node.Get<JobStatisticsWriter>();
        for (var i = 0; i < 6; i++)
        {
            End(JobState.Succeeded, i);
            if (i == 3) await AlterAsync("""ALTER TABLE "JobStats" RENAME TO "JobStatsAway" """);
            try
            {
                await writer.FlushAsync(CancellationToken.None);
                i.ShouldNotBe(3);
            }
            catch (DbUpdateException)
            {
                i.ShouldBe(3);
                End(JobState.Failed, 99);
                await AlterAsync("""ALTER TABLE "JobStatsAway" RENAME TO "JobStats" """);
            }
        }

        await using var db = await _node.Databases.CreateDbContextAsync();
        var rows = await db.Set<JobStat>().AsNoTracking().ToListAsync();
        // The minute may have changed meanwhile.
        rows.Count.ShouldBeLessThanOrEqualTo(2);
        (rows.Sum(r => r.Succeeded), rows.Sum(r => r.Failed), rows.Sum(r => DurationSketch.FromBytes(r.Runs).Count)).ShouldBe((6, 1, 7));
        var last = await db.Set<JobTypeState>().SingleAsync(s => s.Type == "counted");
        (last.LastJobId, last.LastState, last.FailuresInARow, last.LastError).ShouldBe((5, JobState.Succeeded, 0, "no connection"));

        // Rows that are gone are written anew.
        await db.Set<JobStat>().ExecuteDeleteAsync();
        End(JobState.Succeeded, 6);
        await Eventually.Holds(async () =>
        {
            await writer.FlushAsync(CancellationToken.None);
            return await db.Set<JobStat>().AnyAsync();
        });

        void End(JobState state, long id) => writer.Count(
            new ClaimedJob(id, Guid.NewGuid(), AppDbContext.DefaultTenant, null, "counted", "{}", "", 1, 1, 1, 5, null, 0.1, null),
            new RunEnd(id, Guid.NewGuid(), state, state == JobState.Failed ? JobOutcome.Failed : JobOutcome.Succeeded, state == JobState.Failed ? "no connection" : null), state);

        async Task AlterAsync(string sql)
        {
            await using var admin = await _node.Databases.CreateDbContextAsync();
            await admin.Database.ExecuteSqlRawAsync(sql);
        }
    }

    [Fact]
    public async Task Lost_JobKillsItsNodeForTheLastTime_CountsAsFailed()
    {
        var id = await _node.EnqueueAsync(new FragileJob("deadly"));
        (await _node.ClaimAsync("stats")).ShouldHaveSingleItem();

        // The node's earlier process had it.
        await _node.StartAsync();
        await _node.Reaches(id, JobState.Failed);
        await Eventually.Holds(async () =>
        {
            await _node.Get<JobStatisticsWriter>().FlushAsync(CancellationToken.None);
            return (await Statistics.ReadAsync("1h", "test.fragile")).Total.Failed == 1;
        });
        (await Statistics.ReadAsync("1h")).Last["test.fragile"].FailuresInARow.ShouldBe(1);
    }

    [Fact]
    public async Task Typical_WithFigures_IsTheMiddleRunTime()
    {
        await AddAsync(DateTimeOffset.UtcNow.AddMinutes(-5), "t", "n", succeeded: 5, failed: 0, runs: [4, 4, 4, 4, 60]);

        (await _node.Get<JobRunTimes>().TypicalAsync(AppDbContext.DefaultTenant, "t", CancellationToken.None))!.Value.TotalSeconds.ShouldBe(4, 0.3);
        (await _node.Get<JobRunTimes>().TypicalAsync(AppDbContext.DefaultTenant, "never", CancellationToken.None)).ShouldBeNull();
    }

    private StatisticsService Statistics => _scope.ServiceProvider.GetRequiredService<StatisticsService>();

    private async Task AddAsync(DateTimeOffset at, string type, string node, int succeeded, int failed, double[] runs)
    {
        var sketch = new DurationSketch();
        foreach (var run in runs) sketch.Add(run);
        await using var db = await _node.Databases.CreateDbContextAsync();
        db.Add(new JobStat { TenantId = AppDbContext.DefaultTenant, At = at, Seconds = 60, Type = type, Node = node, Succeeded = succeeded, Failed = failed, Waits = sketch.ToBytes(), Runs = sketch.ToBytes() });
        await db.SaveChangesAsync();
    }
}
