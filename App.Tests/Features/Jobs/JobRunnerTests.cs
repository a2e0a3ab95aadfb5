using BlazorAdmin.Data;
using BlazorAdmin.Features.Jobs;
using BlazorAdmin.Live;
using BlazorAdmin.Security;
using BlazorAdmin.Tests.Data;
using Microsoft.Extensions.Logging;

namespace BlazorAdmin.Tests.Features.Jobs;

public sealed class JobRunnerTests(DatabaseFixture database) : IClassFixture<DatabaseFixture>, IAsyncLifetime
{
    private readonly TestNode _node = new(database.ConnectionString, name: Guid.NewGuid().ToString("N"));

    private TestWork Work => _node.Work;

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        await using (var db = await _node.Databases.CreateDbContextAsync()) await db.Set<Job>().Where(j => j.State == JobState.Queued).ExecuteDeleteAsync();
        await _node.DisposeAsync();
    }

    [Fact]
    public async Task Run_Success_EndsWithAttemptAndWithoutLease()
    {
        await _node.StartAsync();

        var id = await _node.EnqueueAsync(new TestJob("plain"));

        var job = await _node.Reaches(id, JobState.Succeeded);
        (job.Attempts, job.Token, job.LeaseUntil, job.Error).ShouldBe((1, null, null, null));
        job.FinishedAt!.Value.ShouldBeGreaterThanOrEqualTo(job.StartedAt!.Value);
        var attempt = (await _node.AttemptsAsync(id)).Single();
        (attempt.Number, attempt.Outcome, attempt.Node).ShouldBe((1, JobOutcome.Succeeded, job.Node));
    }

    [Fact]
    public async Task Enqueue_RolledBack_LeavesNoJob()
    {
        await _node.StartAsync();
        await using (var db = await _node.Databases.CreateDbContextAsync())
        {
            await using var transaction = await db.Database.BeginTransactionAsync();
            db.Enqueue(new TestJob("undone"), Caller.Portal, DateTimeOffset.UtcNow);
            await db.SaveChangesAsync();
            await transaction.RollbackAsync();
        }

        await _node.Reaches(await _node.EnqueueAsync(new TestJob("after")), JobState.Succeeded);

        Work.RunsOf("undone").ShouldBe(0);
    }

    [Fact]
    public async Task Run_HandlerThrows_TriesAgainUntilItSucceeds()
    {
        Work.On("flaky", job => { if (job.Attempt < 3) throw new InvalidOperationException($"no luck {job.Attempt}"); });
        await _node.StartAsync();

        var id = await _node.EnqueueAsync(new TestJob("flaky"));

        (await _node.Reaches(id, JobState.Succeeded)).Error.ShouldBeNull();
        (await _node.AttemptsAsync(id)).Select(a => (a.Number, a.Outcome, a.Error)).ShouldBe(
            [(1, JobOutcome.Failed, "InvalidOperationException: no luck 1"), (2, JobOutcome.Failed, "InvalidOperationException: no luck 2"), (3, JobOutcome.Succeeded, null)]);
    }

    [Fact]
    public async Task Run_HandlerAlwaysThrows_FailsAfterTheLastAttempt()
    {
        Work.On("hopeless", _ => throw new InvalidOperationException("never"));
        await _node.StartAsync();

        var id = await _node.EnqueueAsync(new TestJob("hopeless"));

        var job = await _node.Reaches(id, JobState.Failed);
        (job.Attempts, job.Error).ShouldBe((3, "InvalidOperationException: never"));
        Work.RunsOf("hopeless").ShouldBe(3);
    }

    [Fact]
    public async Task Run_JobFailedException_FailsAtOnce()
    {
        Work.On("final", _ => throw new JobFailedException("Encrypted: a password is needed."));
        await _node.StartAsync();

        var id = await _node.EnqueueAsync(new TestJob("final"));

        var job = await _node.Reaches(id, JobState.Failed);
        (job.Attempts, job.Error).ShouldBe((1, "Encrypted: a password is needed."));
    }

    [Fact]
    public async Task Run_UnreadableArguments_FailsAtOnceAndTheNodeGoesOn()
    {
        var id = await _node.EnqueueAsync(new TestJob("poison"));
        await using (var db = await _node.Databases.CreateDbContextAsync())
            await db.Set<Job>().Where(j => j.Id == id).ExecuteUpdateAsync(set => set.SetProperty(j => j.Arguments, "{ not json"));
        await _node.StartAsync();

        (await _node.Reaches(id, JobState.Failed)).Error!.ShouldContain("cannot be read");
        await _node.Reaches(await _node.EnqueueAsync(new TestJob("healthy")), JobState.Succeeded);
    }

    [Fact]
    public async Task Run_ErrorThatNoDatabaseAccepts_IsStoredReadable()
    {
        Work.On("dirty", job =>
        {
            job.Warn("a\0b\uD800c");
            throw new JobFailedException("NUL \0 and half \uDC00 of a pair");
        });
        await _node.StartAsync();

        var id = await _node.EnqueueAsync(new TestJob("dirty"));

        (await _node.Reaches(id, JobState.Failed)).Error.ShouldBe("NUL \uFFFD and half \uFFFD of a pair");
    }

    [Fact]
    public async Task Run_LongerThanItMay_TimesOut()
    {
        Work.Hold("slow");
        await _node.StartAsync();

        var id = await _node.EnqueueAsync(new ShortJob("slow"));

        (await _node.Reaches(id, JobState.Failed)).Error.ShouldBe("It ran longer than 1 seconds.");
        (await _node.AttemptsAsync(id)).Single().Outcome.ShouldBe(JobOutcome.TimedOut);
    }

    [Fact]
    public async Task Run_TypeWithMaxConcurrency_NeverExceedsIt()
    {
        var gate = Work.Hold("alone");
        await _node.StartAsync();
        var ids = new List<long>();
        for (var i = 0; i < 4; i++) ids.Add(await _node.EnqueueAsync(new SingleJob("alone")));
        var other = await _node.EnqueueAsync(new TestJob("beside"));

        await _node.Reaches(other, JobState.Succeeded);
        await Eventually.Holds(() => gate.Inside == 1);
        Work.RunsOf("alone").ShouldBe(1);
        gate.Open();
        foreach (var id in ids) await _node.Reaches(id, JobState.Succeeded);
    }

    [Fact]
    public async Task Run_ForAPerson_ActsAsPortalForTheirTenant()
    {
        var owner = Guid.NewGuid();
        await _node.StartAsync();

        await _node.Reaches(await _node.EnqueueAsync(new TestJob("owned"), caller: Caller.Portal with { UserId = owner }), JobState.Succeeded);

        var caller = Work.Callers.Single()!;
        (caller.UserId, caller.TenantId, caller.IsPortal).ShouldBe((owner, AppDbContext.DefaultTenant, true));
    }

    [Fact]
    public async Task Report_WhileRunning_IsSeenBeforeTheEnd()
    {
        var gate = new TestWork.Gate();
        Work.On("telling", async (job, cancellation) =>
        {
            job.Progress(40, "page 2 of 5");
            job.Info("first");
            job.Warn("second");
            await gate.PassAsync(cancellation);
            job.Info("last");
        });
        await _node.StartAsync();
        var id = await _node.EnqueueAsync(new TestJob("telling"));

        await Eventually.Holds(async () => await LinesAsync(id) is [_, _]);
        var running = await _node.ReadAsync(id);
        (running.State, running.Progress, running.ProgressMessage).ShouldBe((JobState.Running, 40, "page 2 of 5"));
        gate.Open();

        var done = await _node.Reaches(id, JobState.Succeeded);
        done.Progress.ShouldBe(100);
        done.Version.ShouldBeGreaterThan(running.Version);
        (await LinesAsync(id)).Select(l => (l.Level, l.Message, l.Attempt)).ShouldBe(
            [(LogLevel.Information, "first", 1), (LogLevel.Warning, "second", 1), (LogLevel.Information, "last", 1)]);
    }

    [Fact]
    public async Task Run_FiveTimesTheLease_RunsOnce()
    {
        var gate = Work.Hold("long");
        await using var node = new TestNode(database.ConnectionString, "long", Work, options: o => (o.LeaseSeconds, o.HeartbeatSeconds) = (5, 0.2));
        await using var rival = new TestNode(database.ConnectionString, "rival", Work, options: o => (o.LeaseSeconds, o.HeartbeatSeconds) = (5, 0.2));
        await node.StartAsync();
        await rival.StartAsync();
        var id = await node.EnqueueAsync(new TestJob("long"));
        await Eventually.Holds(() => gate.Inside == 1);
        var first = await node.ReadAsync(id);

        await Eventually.Holds(async () => (await node.ReadAsync(id)).LeaseUntil > first.LeaseUntil!.Value.AddSeconds(4 * 5));
        gate.Open();

        (await node.Reaches(id, JobState.Succeeded)).Attempts.ShouldBe(1);
        Work.RunsOf("long").ShouldBe(1);
    }

    [Fact]
    public async Task Stop_WhileRunning_HandsBackWithoutCountingTheAttempt()
    {
        Work.Hold("deployed");
        await _node.StartAsync();
        var id = await _node.EnqueueAsync(new TestJob("deployed"));
        await _node.Reaches(id, JobState.Running);

        await _node.StopAsync();

        var job = await _node.ReadAsync(id);
        (job.State, job.Attempts, job.Token).ShouldBe((JobState.Queued, 0, null));
        (await _node.AttemptsAsync(id)).Single().Outcome.ShouldBe(JobOutcome.Interrupted);
        await using var db = await _node.Databases.CreateDbContextAsync();
        (await db.Set<WorkerNode>().CountAsync(n => n.Name == job.Node)).ShouldBe(0);
    }

    [Fact]
    public async Task Stop_RunsThatEndInTime_AreFinished()
    {
        var gate = Work.Hold("quick");
        await using var node = new TestNode(database.ConnectionString, "patient", Work, options: o => o.ShutdownSeconds = 20);
        await node.StartAsync();
        var id = await node.EnqueueAsync(new TestJob("quick"));
        await Eventually.Holds(() => gate.Inside == 1);

        var stopping = node.StopAsync();
        gate.Open();
        await stopping;

        (await node.ReadAsync(id)).State.ShouldBe(JobState.Succeeded);
    }

    [Fact]
    public async Task Changes_OfOneJob_AreToldWithGrowingVersions()
    {
        var seen = new List<JobChanged>();
        await _node.StartAsync();
        using var subscription = _node.Get<Topic<JobChanged>>().Subscribe(change => { lock (seen) seen.Add(change); });

        var id = await _node.EnqueueAsync(new TestJob("watched"));

        await Eventually.Holds(() => { lock (seen) return seen.Any(c => c.Id == id && c.State == JobState.Succeeded); });
        lock (seen)
        {
            var mine = seen.Where(c => c.Id == id).OrderBy(c => c.Version).ToList();
            mine.Select(c => c.State).ShouldBe([JobState.Queued, JobState.Running, JobState.Succeeded]);
            mine.Select(c => c.Version).ShouldBeUnique();
        }
    }

    private async Task<List<JobLogLine>> LinesAsync(long id)
    {
        await using var db = await _node.Databases.CreateDbContextAsync();
        return await db.Set<JobLogLine>().AsNoTracking().Where(l => l.JobId == id).OrderBy(l => l.Id).ToListAsync();
    }
}
