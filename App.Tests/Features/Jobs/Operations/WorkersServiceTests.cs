using BlazorAdmin.Features.Audit;
using BlazorAdmin.Features.Jobs;
using BlazorAdmin.Features.Jobs.Operations;
using BlazorAdmin.Security;
using BlazorAdmin.Tests.Data;
using static BlazorAdmin.Tests.Features.Jobs.Operations.OperationsFixture;

namespace BlazorAdmin.Tests.Features.Jobs.Operations;

public sealed class WorkersServiceTests(DatabaseFixture database) : IClassFixture<DatabaseFixture>, IAsyncLifetime
{
    // The test node's lease is 2 s.
    private static readonly TimeSpan LongSilence = TimeSpan.FromMinutes(1);

    private readonly OperationsFixture _fixture = new(database.ConnectionString);

    public Task InitializeAsync() => _fixture.ClearAsync();

    public async Task DisposeAsync() => await _fixture.DisposeAsync();

    [Fact]
    public async Task List_Nodes_ShowsLoadThroughputAndWhatTheyRun()
    {
        await _fixture.AddAsync(Worker("here", -TimeSpan.FromMinutes(1)), Worker("gone", LongSilence), Stat("test.job", "gone", 3, 3, 1), Stat("test.single", "gone", 20, 4, 0));
        var id = await _fixture.Node.EnqueueAsync(new TestJob("x"), new() { Subject = "letter.pdf" });
        await _fixture.Node.ClaimAsync("gone");

        var workers = await _fixture.As<WorkersService>(Auditor).ListAsync();

        workers.Select(w => (w.Name, w.IsDead, w.IsHere)).ShouldBe([("gone", true, false), ("here", false, true)]);
        var gone = workers[0];
        gone.Throughput.ShouldBe(new Throughput(new EndedJobs(3, 1), new EndedJobs(7, 1)));
        gone.Runs.Single().Id.ShouldBe(id);
        gone.Runs.Single().Subject.ShouldBe("letter.pdf");
        (gone.Slots, gone.Running, gone.Buffered, gone.Load).ShouldBe((4, 1, 2, 0.25));
        workers[1].Silence.ShouldBe(TimeSpan.Zero);
        workers[1].Runs.ShouldBeEmpty();
    }

    [Fact]
    public async Task Commands_WithoutPermission_AreRefused()
    {
        await _fixture.AddAsync(Worker("one"), Worker("dead", LongSilence));

        await Should.ThrowAsync<ForbiddenException>(() => _fixture.As<WorkersService>(Member).ListAsync());
        await Should.ThrowAsync<ForbiddenException>(() => _fixture.As<WorkersService>(Auditor).DrainAsync("one", true));
        await Should.ThrowAsync<ForbiddenException>(() => _fixture.As<WorkersService>(Auditor).RemoveAsync("dead"));

        (await _fixture.QueryAsync(db => db.Set<WorkerNode>().CountAsync(n => !n.Draining))).ShouldBe(2);
        _fixture.Workers.ShouldBeEmpty();
    }

    [Fact]
    public async Task Drain_AndTakeUp_ChangeTheNodeAndAreAudited()
    {
        await _fixture.AddAsync(Worker("one", -TimeSpan.FromMinutes(1)), Worker("two", -TimeSpan.FromMinutes(1)));
        var service = _fixture.As<WorkersService>(Operator);

        (await service.DrainAsync("one", true)).ShouldBe(WorkerOutcome.Done);
        (await service.ListAsync()).Select(w => (w.Name, w.Draining)).ShouldBe([("one", true), ("two", false)]);
        (await service.DrainAsync("one", false)).ShouldBe(WorkerOutcome.Done);
        (await service.ListAsync()).ShouldAllBe(w => !w.Draining);
        (await service.DrainAsync("nobody", true)).ShouldBe(WorkerOutcome.NotFound);

        var audit = await _fixture.AuditAsync();
        audit.Select(a => (a.Action, a.SubjectType, a.SubjectId)).ShouldBe([("jobs.drain", "worker", "one"), ("jobs.take_up", "worker", "one")]);
        _fixture.Workers.ShouldBe(["one", "one"]);
    }

    [Fact]
    public async Task Remove_OnlyTheDead_AreRemoved()
    {
        await _fixture.AddAsync(Worker("alive", -TimeSpan.FromMinutes(1)), Worker("dead", LongSilence));
        var service = _fixture.As<WorkersService>(Operator);

        (await service.RemoveAsync("alive")).ShouldBe(WorkerOutcome.Alive);
        (await service.RemoveAsync("nobody")).ShouldBe(WorkerOutcome.NotFound);
        (await service.RemoveAsync("dead")).ShouldBe(WorkerOutcome.Done);

        (await service.ListAsync()).Select(w => w.Name).ShouldBe(["alive"]);
        (await _fixture.AuditAsync()).Select(a => (a.Action, a.SubjectId)).ShouldBe([("jobs.worker_remove", "dead")]);
    }
}
