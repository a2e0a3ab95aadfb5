using BlazorAdmin.Data;
using BlazorAdmin.Features.Jobs;
using BlazorAdmin.Features.Jobs.Following;
using BlazorAdmin.Features.Jobs.Signals;
using BlazorAdmin.Features.Settings;
using BlazorAdmin.Security;
using BlazorAdmin.Shell.Lists;
using BlazorAdmin.Tests.Data;
using BlazorAdmin.Tests.Features.Jobs.Operations;
using static BlazorAdmin.Tests.Features.Jobs.Operations.OperationsFixture;

namespace BlazorAdmin.Tests.Features.Jobs.Signals;

/// <summary>Jobs of a type that no running node knows: shown, told, and laid aside after a time (T10); never while a node may know it.</summary>
public sealed class UnknownTypeTests : IClassFixture<DatabaseFixture>, IAsyncLifetime
{
    private const string Strange = "strange.job";

    private readonly string _connectionString;
    private readonly OperationsFixture _fixture;

    public UnknownTypeTests(DatabaseFixture database)
    {
        _connectionString = database.ConnectionString;
        _fixture = new OperationsFixture(_connectionString, more: services => services.AddTab());
    }

    public async Task InitializeAsync()
    {
        await _fixture.ClearAsync();
        await _fixture.QueryAsync(db => db.Set<SystemValue>().Where(v => v.Key.StartsWith("Jobs.Types.")).ExecuteDeleteAsync());
        await _fixture.Node.Get<NodeTypes>().AnnounceAsync(CancellationToken.None);
    }

    public async Task DisposeAsync() => await _fixture.DisposeAsync();

    [Theory]
    [InlineData(null)]
    [InlineData("a")]
    public async Task UnknownType_NoNodeKnowsItForLong_IsToldShownAndLaidAsideWithItsFollowers(string? limit)
    {
        var id = await StrangeAsync(limit);
        var known = await _fixture.Node.EnqueueAsync(new TestJob("x"));
        var follower = await FollowAsync(id);

        await LookAsync();
        var signal = (await _fixture.As<SignalsService>(Auditor).ReadAsync()).Active.ShouldHaveSingleItem();
        (signal.Kind, signal.Subject).ShouldBe((SignalKind.UnknownType, Strange));
        (await _fixture.As<JobsService>(Auditor).ListAsync(new ListQuery())).Rows.Where(j => j.NoNode).Select(j => j.Id).ShouldBe([id]);
        var shown = (await _fixture.As<JobsService>(Auditor).GetAsync(id)).ShouldNotBeNull();
        (shown.Job.State, shown.Job.NoNode, shown.UnknownFor).ShouldBe((JobState.Queued, true, TimeSpan.FromHours(24)));

        // It has been known for long, and the job has waited as long.
        await AgeAsync(TimeSpan.FromHours(25));
        await LookAsync();
        var job = await _fixture.Node.ReadAsync(id);
        (job.State, job.Attempts).ShouldBe((JobState.Failed, 0));
        job.Error.ShouldBe("No running node has known the type strange.job for 24 hours. Start a node that knows it and run the job again, or discard it.");
        job.FinishedAt.ShouldNotBeNull();
        (await _fixture.Node.ReadAsync(follower)).State.ShouldBe(JobState.Cancelled);
        (await _fixture.Node.ReadAsync(known)).State.ShouldBe(JobState.Queued);

        // Run again it waits anew: the time begins again.
        (await _fixture.As<JobsService>(Operator).RetryAsync(id)).ShouldBe(JobCommandResult.Done);
        await LookAsync();
        (await _fixture.Node.ReadAsync(id)).State.ShouldBe(JobState.Queued);
    }

    [Fact]
    public async Task UnknownType_JobCameLate_WaitsItsOwnTime()
    {
        var early = await StrangeAsync();
        await LookAsync();
        await AgeAsync(TimeSpan.FromHours(25));
        var late = await StrangeAsync();

        await LookAsync();

        (await _fixture.Node.ReadAsync(early)).State.ShouldBe(JobState.Failed);
        (await _fixture.Node.ReadAsync(late)).State.ShouldBe(JobState.Queued);
    }

    [Fact]
    public async Task UnknownType_NewerNodeAnnouncesIt_IsLeftToIt()
    {
        var id = await StrangeAsync();
        await LookAsync();
        await AgeAsync(TimeSpan.FromHours(25));
        await using var newer = new TestNode(_connectionString, "newer", more: services => services.Add(Microsoft.Extensions.DependencyInjection.ServiceDescriptor.Singleton(JobType.Of<StrangeJob, StrangeHandler>())));
        await newer.Get<NodeTypes>().AnnounceAsync(CancellationToken.None);
        await BeatAsync(newer);

        await LookAsync();

        (await _fixture.As<SignalsService>(Auditor).ReadAsync()).Active.ShouldBeEmpty();
        (await _fixture.Node.ReadAsync(id)).State.ShouldBe(JobState.Queued);
        (await _fixture.As<JobsService>(Auditor).GetAsync(id)).ShouldNotBeNull().Job.NoNode.ShouldBeFalse();
    }

    [Fact]
    public async Task UnknownType_NodeThatSaysNothingLives_IsNotTouched()
    {
        var id = await StrangeAsync();
        await LookAsync();
        await AgeAsync(TimeSpan.FromHours(25));
        await _fixture.AddAsync(Worker("of an older build", -TimeSpan.FromMinutes(1)));

        await LookAsync();

        (await _fixture.Node.ReadAsync(id)).State.ShouldBe(JobState.Queued, "the other node may know it");
        (await _fixture.As<SignalsService>(Auditor).ReadAsync()).Active.ShouldHaveSingleItem();
    }

    [Fact]
    public async Task Announce_NodeStarts_SaysItOnceAndIsForgottenWhenItIsGone()
    {
        await using (var node = await new TestNode(_connectionString, "passing").StartAsync())
        {
            await Eventually.Holds(async () => await AnnouncementsAsync() == 2);
            await node.Get<NodeTypes>().AnnounceAsync(CancellationToken.None);
            (await AnnouncementsAsync()).ShouldBe(2);
        }

        await BeatAsync(_fixture.Node);
        await _fixture.QueryAsync(db => db.Set<SystemValue>().Where(v => v.Key.StartsWith("Jobs.Types.")).ExecuteUpdateAsync(set => set.SetProperty(v => v.ChangedAt, DateTimeOffset.UtcNow.AddHours(-2))));
        await _fixture.Node.Get<NodeTypes>().ForgetAsync(CancellationToken.None);
        (await AnnouncementsAsync()).ShouldBe(1, "the node that lives is not forgotten");
    }

    private Task<int> AnnouncementsAsync() => _fixture.QueryAsync(db => db.Set<SystemValue>().CountAsync(v => v.Key.StartsWith("Jobs.Types.")));

    private async Task<long> StrangeAsync(string? limit = null)
    {
        var id = await _fixture.Node.EnqueueAsync(new TestJob("s"), new() { LimitKey = limit });
        await _fixture.QueryAsync(db => db.Set<Job>().Where(j => j.Id == id).ExecuteUpdateAsync(set => set.SetProperty(j => j.Type, Strange)));
        return id;
    }

    private async Task<long> FollowAsync(long parent)
    {
        await using var db = await _fixture.Node.Databases.CreateDbContextAsync();
        return (await _fixture.Node.Get<JobQueue>().EnqueueAfterAsync(db, new TestJob("after"), Caller.Portal, [parent], FollowOn.Success)).Id;
    }

    private async Task AgeAsync(TimeSpan by)
    {
        await _fixture.QueryAsync(db => db.Set<JobSignal>().ExecuteUpdateAsync(set => set.SetProperty(s => s.RaisedAt, s => s.RaisedAt - by)));
        await _fixture.QueryAsync(db => db.Set<Job>().Where(j => j.Type == Strange).ExecuteUpdateAsync(set => set.SetProperty(j => j.DueAt, j => j.DueAt - by)));
    }

    /// <summary>The node lives, as its heartbeat would say.</summary>
    private Task BeatAsync(TestNode node)
    {
        var me = node.Get<NodeInfo>();
        var row = Worker(me.Name, -TimeSpan.FromMinutes(1));
        row.Instance = me.Instance;
        return _fixture.AddAsync(row);
    }

    private async Task LookAsync()
    {
        await _fixture.QueryAsync(db => db.Set<SystemValue>().Where(v => v.Key == SignalWatch.LastLook).ExecuteUpdateAsync(set => set.SetProperty(v => v.ChangedAt, DateTimeOffset.UtcNow.AddSeconds(-31))));
        (await _fixture.Node.Get<SignalWatch>().LookAsync(CancellationToken.None)).ShouldBeTrue();
    }

    [JobType(Strange)]
    private sealed record StrangeJob;

    private sealed class StrangeHandler : IJobHandler<StrangeJob>
    {
        public Task RunAsync(StrangeJob arguments, JobContext job, CancellationToken cancellation) => Task.CompletedTask;
    }
}
