using BlazorAdmin.Features.Jobs;
using BlazorAdmin.Tests.Data;

namespace BlazorAdmin.Tests.Features.Jobs;

/// <summary>Nodes that die, freeze, come back, and share the work.</summary>
public sealed class JobLifecycleTests(DatabaseFixture database) : IClassFixture<DatabaseFixture>, IAsyncLifetime
{
    private readonly TestBus _bus = new();
    private readonly TestWork _work = new();
    private readonly List<TestNode> _nodes = [];

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        await using (var db = await Node("cleaner").Databases.CreateDbContextAsync()) await db.Set<Job>().ExecuteDeleteAsync();
        foreach (var node in _nodes) await node.DisposeAsync();
    }

    [Fact]
    public async Task Start_AfterTheProcessDied_FreesItsJobsAtOnce()
    {
        var id = await Node("writer").EnqueueAsync(new TestJob("resumed"));
        await Node("writer").ClaimAsync("phoenix", leaseSeconds: 3600);

        await Node("phoenix").StartAsync();

        await Node("writer").Reaches(id, JobState.Succeeded);
        (await Node("writer").AttemptsAsync(id)).Select(a => (a.Number, a.Outcome, a.Error)).ShouldBe(
            [(1, JobOutcome.NodeLost, "The node was started anew while the job ran."), (2, JobOutcome.Succeeded, null)]);
    }

    [Fact]
    public async Task Lease_OfASilentNodeEnds_AnotherTakesTheJob()
    {
        var survivor = await Node("survivor", ShortLease).StartAsync();
        var id = await survivor.EnqueueAsync(new TestJob("orphan"), new() { DueAt = DateTimeOffset.UtcNow.AddHours(1) });
        await using (var db = await survivor.Databases.CreateDbContextAsync())
        {
            await db.Set<Job>().Where(j => j.Id == id).ExecuteUpdateAsync(set => set
                .SetProperty(j => j.State, JobState.Running).SetProperty(j => j.Node, "silent").SetProperty(j => j.Token, Guid.NewGuid()).SetProperty(j => j.Attempts, 1)
                .SetProperty(j => j.StartedAt, DateTimeOffset.UtcNow).SetProperty(j => j.DueAt, DateTimeOffset.UtcNow).SetProperty(j => j.LeaseUntil, DateTimeOffset.UtcNow.AddSeconds(1)));
        }

        await survivor.Reaches(id, JobState.Succeeded);

        (await survivor.AttemptsAsync(id)).Select(a => (a.Number, a.Node, a.Outcome)).ShouldBe([(1, "silent", JobOutcome.NodeLost), (2, "survivor", JobOutcome.Succeeded)]);
    }

    [Fact]
    public async Task Lease_LostWhileTheJobRuns_StopsTheRunAndRefusesItsEnd()
    {
        var node = await Node("robbed").StartAsync();
        var stopped = 0;
        _work.On("contested", async (job, cancellation) =>
        {
            if (job.Attempt > 1) return;
            try
            {
                await Task.Delay(Timeout.Infinite, cancellation);
            }
            finally
            {
                Interlocked.Increment(ref stopped);
            }
        });
        var id = await node.EnqueueAsync(new TestJob("contested"));
        await node.Reaches(id, JobState.Running);

        await using (var db = await node.Databases.CreateDbContextAsync())
            await db.Set<Job>().Where(j => j.Id == id).ExecuteUpdateAsync(set => set.SetProperty(j => j.State, JobState.Queued).SetProperty(j => j.Token, (Guid?)null));

        await node.Reaches(id, JobState.Succeeded);
        await Eventually.Holds(() => Volatile.Read(ref stopped) == 1);
        (await node.AttemptsAsync(id)).Select(a => (a.Number, a.Outcome)).ShouldBe([(2, JobOutcome.Succeeded)]);
    }

    [Fact]
    public async Task TwoNodes_ManyJobs_EachRunsOnce()
    {
        var one = await Node("one").StartAsync();
        var two = await Node("two").StartAsync();
        const int count = 300;
        await using (var db = await one.Databases.CreateDbContextAsync())
        {
            for (var i = 0; i < count; i++) db.Enqueue(new TestJob($"shared{i}"), BlazorAdmin.Security.Caller.Portal, DateTimeOffset.UtcNow);
            await db.SaveChangesAsync();
        }

        await Eventually.Holds(() => _work.Runs.Count(r => r.StartsWith("shared", StringComparison.Ordinal)) >= count);
        await Eventually.Holds(async () =>
        {
            await using var db = await two.Databases.CreateDbContextAsync();
            return await db.Set<Job>().CountAsync(j => j.State == JobState.Succeeded) == count;
        });

        _work.Runs.Where(r => r.StartsWith("shared", StringComparison.Ordinal)).ShouldBeUnique();
        await using var check = await two.Databases.CreateDbContextAsync();
        (await check.Set<JobAttempt>().Select(a => a.Node).Distinct().CountAsync()).ShouldBeGreaterThan(1);
    }

    [Fact]
    public async Task Process_KilledWhileItRuns_TheJobFinishesElsewhere()
    {
        var writer = Node("writer");
        var id = await writer.EnqueueAsync(new TestJob("sleep"));
        using (var victim = await JobWorkerProcess.StartAsync(database.ConnectionString, "victim"))
        {
            await writer.Reaches(id, JobState.Running);
            await victim.KillAsync();
        }

        (await writer.ReadAsync(id)).Node.ShouldBe("victim");
        await Node("heir", ShortLease).StartAsync();

        (await writer.Reaches(id, JobState.Succeeded)).Attempts.ShouldBe(2);
        (await writer.AttemptsAsync(id)).Select(a => (a.Number, a.Node, a.Outcome)).ShouldBe([(1, "victim", JobOutcome.NodeLost), (2, "heir", JobOutcome.Succeeded)]);
    }

    [Fact]
    public async Task Process_KeepsKillingItself_FailsAfterTheLastAttempt()
    {
        var writer = Node("writer");
        long id;
        using (var victim = await JobWorkerProcess.StartAsync(database.ConnectionString, "suicide"))
        {
            id = await writer.EnqueueAsync(new FragileJob("exit"));
            await victim.WaitForExitAsync();
        }

        await Node("suicide").StartAsync();

        var job = await writer.Reaches(id, JobState.Failed);
        (job.Attempts, job.Error).ShouldBe((1, "The node was started anew while the job ran."));
    }

    // A node takes nothing from others before it has been there for one lease of its own.
    private static void ShortLease(JobsOptions options) => options.LeaseSeconds = 5;

    private TestNode Node(string name, Action<JobsOptions>? options = null)
    {
        var node = _nodes.Find(n => n.Get<BlazorAdmin.Data.NodeInfo>().Name == name);
        if (node is null) _nodes.Add(node = new TestNode(database.ConnectionString, name, _work, _bus, options));
        return node;
    }
}
