using BlazorAdmin.Data;
using BlazorAdmin.Features.Audit;
using BlazorAdmin.Features.Jobs;
using BlazorAdmin.Features.Jobs.Rules;
using BlazorAdmin.Features.Jobs.Statistics;
using BlazorAdmin.Live;
using BlazorAdmin.Security;
using BlazorAdmin.Tests.Data;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace BlazorAdmin.Tests.Features.Jobs;

/// <summary>Limits on all nodes, pauses, retry strategies, ageing, cursors, stuck runs, statistics.</summary>
public sealed class JobRulesTests(DatabaseFixture database) : IClassFixture<DatabaseFixture>, IAsyncLifetime
{
    private readonly TestBus _bus = new();
    private TestWork _work = null!;
    private TestNode _node = null!;

    public Task InitializeAsync()
    {
        _work = new TestWork();
        _node = NewNode();
        return Task.CompletedTask;
    }

    public async Task DisposeAsync()
    {
        await using (var db = await _node.Databases.CreateDbContextAsync())
        {
            await db.Set<Job>().Where(j => j.State == JobState.Queued).ExecuteDeleteAsync();
            await db.Set<JobTypeRule>().ExecuteDeleteAsync();
            await db.Set<JobPause>().ExecuteDeleteAsync();
        }

        await _node.DisposeAsync();
    }

    [Fact]
    public async Task Maintenance_OnlyUpkeepIsBegun_UntilItIsOver()
    {
        var maintenance = new SetOptions<MaintenanceOptions>(new MaintenanceOptions { ReadOnly = true });
        await using var node = new TestNode(database.ConnectionString, "maintained", _work, _bus, more: services => services.AddSingleton<IOptionsMonitor<MaintenanceOptions>>(maintenance));
        var work = await node.EnqueueAsync(new TestJob("later"));
        var upkeep = await node.EnqueueAsync(new CleanUpJobs());
        await node.StartAsync();

        await node.Reaches(upkeep, JobState.Succeeded);
        (await node.ReadAsync(work)).State.ShouldBe(JobState.Queued);
        maintenance.Set(new MaintenanceOptions());
        await node.Reaches(work, JobState.Succeeded);
    }

    [Fact]
    public async Task MaxRunning_TwoNodes_IsNeverExceeded()
    {
        await RuleAsync("test.job", rule => rule.MaxRunning = 2);
        var (inside, most) = (0, 0);
        _work.On("limited", async (_, cancellation) =>
        {
            var now = Interlocked.Increment(ref inside);
            InterlockedMax(ref most, now);
            await Task.Yield();
            Interlocked.Decrement(ref inside);
        });
        var ids = new List<long>();
        for (var i = 0; i < 40; i++) ids.Add(await _node.EnqueueAsync(new TestJob("limited")));
        await using var second = NewNode();
        await _node.StartAsync();
        await second.StartAsync();

        foreach (var id in ids) await _node.Reaches(id, JobState.Succeeded);
        most.ShouldBeLessThanOrEqualTo(2);
        _work.RunsOf("limited").ShouldBe(40);
    }

    [Fact]
    public async Task MaxRunningPerKey_OneKeyIsFull_LetsOthersPass()
    {
        await RuleAsync("test.job", rule => rule.MaxRunningPerKey = 1);
        var gate = _work.Hold("a");
        await _node.EnqueueAsync(new TestJob("a"), new() { LimitKey = "a" });
        var waiting = await _node.EnqueueAsync(new TestJob("a"), new() { LimitKey = "a" });
        var other = await _node.EnqueueAsync(new TestJob("b"), new() { LimitKey = "b" });
        await _node.StartAsync();

        await _node.Reaches(other, JobState.Succeeded);
        gate.Inside.ShouldBe(1);
        (await _node.ReadAsync(waiting)).State.ShouldBe(JobState.Queued);

        gate.Open();
        await _node.Reaches(waiting, JobState.Succeeded);
    }

    [Fact]
    public async Task StartsPerMinute_BucketIsEmpty_HoldsTheRestBack()
    {
        await RuleAsync("test.job", rule => rule.StartsPerMinute = 1);
        await _node.EnqueueAsync(new TestJob("rated"));
        await _node.EnqueueAsync(new TestJob("rated"));
        var free = await _node.EnqueueAsync(new FragileJob("free"));
        await _node.StartAsync();
        await _node.Reaches(free, JobState.Succeeded);
        await Eventually.Holds(() => _work.RunsOf("rated") == 1, because: "the first has run");

        // A minute later by the bucket's account.
        await using var db = await _node.Databases.CreateDbContextAsync();
        (await db.Set<Job>().CountAsync(j => j.Type == "test.job" && j.State == JobState.Queued)).ShouldBe(1);
        var bucket = await db.Set<JobBucket>().SingleAsync();
        bucket.FilledAt = bucket.FilledAt.AddMinutes(-1);
        await db.SaveChangesAsync();
        await Eventually.Holds(() => _work.RunsOf("rated") == 2, because: "the second has run");
    }

    [Theory]
    [InlineData(PauseScope.Queue, "default")]
    [InlineData(PauseScope.Type, "test.job")]
    public async Task Pause_SetOnAnotherNode_HoldsUntilItEnds(PauseScope scope, string name)
    {
        await using var other = NewNode();
        await _node.StartAsync();
        await using var db = await other.Databases.CreateDbContextAsync();
        using (AuditScope.EngineOwn())
        {
            db.Add(new JobPause { Scope = scope, Name = name, Since = DateTimeOffset.UtcNow });
            await db.SaveChangesAsync();
        }

        other.Get<Topic<JobRulesChanged>>().Publish(new JobRulesChanged());
        await Eventually.Holds(() => _node.Get<JobRules>().PauseOf(_node.Get<JobTypes>().Find("test.job")!, DateTimeOffset.UtcNow) is not null);
        var id = await _node.EnqueueAsync(new TestJob("paused"));
        if (scope == PauseScope.Type) await _node.Reaches(await _node.EnqueueAsync(new FragileJob("runs")), JobState.Succeeded);
        (await _node.ReadAsync(id)).State.ShouldBe(JobState.Queued);

        await db.Set<JobPause>().ExecuteUpdateAsync(set => set.SetProperty(p => p.Until, DateTimeOffset.UtcNow.AddSeconds(-1)));
        other.Get<Topic<JobRulesChanged>>().Publish(new JobRulesChanged());

        await _node.Reaches(id, JobState.Succeeded);
    }

    [Fact]
    public async Task Ageing_LongWaitingJobOfLowPriority_StartsAmongUrgentOnes()
    {
        var old = await _node.EnqueueAsync(new TestJob("old"), new() { Priority = 1, DueAt = DateTimeOffset.UtcNow.AddHours(-1) });
        for (var i = 0; i < 50; i++) await _node.EnqueueAsync(new TestJob("urgent"), new() { Priority = 10 });
        await using var patient = NewNode(options => options.Slots = 1);
        await patient.StartAsync();

        await patient.Reaches(old, JobState.Succeeded);
        _work.Runs.ToList().IndexOf("old").ShouldBeLessThan(50);
    }

    [Fact]
    public async Task Snooze_Asked_ComesBackWithoutCountingTheAttempt()
    {
        var first = true;
        _work.On("snooze", _ =>
        {
            if (!first) return;
            first = false;
            throw new JobSnoozedException(TimeSpan.FromMilliseconds(50), "Busy, come back later.");
        });
        await _node.StartAsync();
        var id = await _node.EnqueueAsync(new FragileJob("snooze"));

        (await _node.Reaches(id, JobState.Succeeded)).Attempts.ShouldBe(1);
        (await _node.AttemptsAsync(id)).Select(a => a.Outcome).ShouldBe([JobOutcome.Snoozed, JobOutcome.Succeeded]);
    }

    [Fact]
    public async Task Retry_OperatorsTable_DecidesTheWait()
    {
        await RuleAsync("test.job", rule => rule.Retry = "table 1h 2h");
        _work.On("tabled", _ => throw new InvalidOperationException("again"));
        await _node.StartAsync();
        var id = await _node.EnqueueAsync(new TestJob("tabled"));

        await Eventually.Holds(async () => (await _node.AttemptsAsync(id)).Count == 1);
        var job = await _node.ReadAsync(id);
        (job.DueAt - job.StartedAt!.Value).TotalMinutes.ShouldBe(60, 1);
    }

    [Fact]
    public async Task Cursor_SavedBeforeAFailure_IsThereInTheNextRun()
    {
        var seen = new List<int>();
        _work.On("cursor", async (job, cancellation) =>
        {
            seen.Add(job.Cursor<int>());
            if (job.Attempt == 2) return;
            await job.SaveCursorAsync(41, cancellation);
            await job.SaveCursorAsync(42, cancellation);
            throw new InvalidOperationException("interrupted");
        });
        await _node.StartAsync();

        (await _node.Reaches(await _node.EnqueueAsync(new TestJob("cursor")), JobState.Succeeded)).Cursor.ShouldBeNull();
        seen.ShouldBe([0, 42]);
    }

    [Fact]
    public async Task Stuck_HandlerIgnoresItsCancellation_IsMarkedAndLosesItsSlot()
    {
        var gate = new TaskCompletionSource();
        _work.On("stuck", async (_, _) => await gate.Task);
        await using var node = NewNode(options => options.Slots = 1);
        await node.StartAsync();
        var id = await node.EnqueueAsync(new ShortJob("stuck"));
        await Eventually.Holds(() => _work.RunsOf("stuck") == 1);

        var next = await node.EnqueueAsync(new TestJob("next"));

        await node.Reaches(next, JobState.Succeeded);
        var job = await node.ReadAsync(id);
        (job.State, job.StopRequestedAt is not null, job.StuckAt is not null).ShouldBe((JobState.Running, true, true));
        gate.SetResult();
        (await node.Reaches(id, JobState.Succeeded)).StuckAt.ShouldBeNull();
    }

    [Fact]
    public async Task Statistics_AfterRuns_CountThemAndRememberTheLast()
    {
        _work.On("bad", _ => throw new JobFailedException("broken"));
        await _node.StartAsync();
        await _node.Reaches(await _node.EnqueueAsync(new SingleJob("good")), JobState.Succeeded);
        await _node.Reaches(await _node.EnqueueAsync(new SingleJob("bad")), JobState.Failed);
        await _node.Reaches(await _node.EnqueueAsync(new SingleJob("bad")), JobState.Failed);

        var writer = _node.Get<JobStatisticsWriter>();
        await using var db = await _node.Databases.CreateDbContextAsync();
        await Eventually.Holds(async () =>
        {
            await writer.FlushAsync(default);
            var rows = await db.Set<JobStat>().AsNoTracking().Where(s => s.Type == "test.single").ToListAsync();
            return (rows.Sum(r => r.Succeeded), rows.Sum(r => r.Failed)) == (1, 2) && rows.Sum(r => DurationSketch.FromBytes(r.Runs).Count) == 3;
        });
        var state = await db.Set<JobTypeState>().AsNoTracking().SingleAsync(s => s.Type == "test.single");
        (state.LastState, state.FailuresInARow, state.LastError, state.LastSuccessAt is not null).ShouldBe((JobState.Failed, 2, "broken", true));
    }

    private TestNode NewNode(Action<JobsOptions>? options = null) => new(database.ConnectionString, Guid.NewGuid().ToString("N"), _work, _bus, options);

    private async Task RuleAsync(string type, Action<JobTypeRule> set)
    {
        var rule = new JobTypeRule { Type = type };
        set(rule);
        await using var db = await _node.Databases.CreateDbContextAsync();
        using (AuditScope.EngineOwn())
        {
            db.Add(rule);
            await db.SaveChangesAsync();
        }
    }

    private static void InterlockedMax(ref int target, int value)
    {
        for (var known = Volatile.Read(ref target); value > known; known = Volatile.Read(ref target))
            if (Interlocked.CompareExchange(ref target, value, known) == known) return;
    }
}
