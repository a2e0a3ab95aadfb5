using BlazorAdmin.Features.Jobs;
using BlazorAdmin.Features.Jobs.Following;
using BlazorAdmin.Features.Jobs.Schedules;
using BlazorAdmin.Live;
using BlazorAdmin.Tests.Data;

namespace BlazorAdmin.Tests.Features.Jobs.Schedules;

public sealed class ScheduleOverlapTests(DatabaseFixture database) : IClassFixture<DatabaseFixture>
{
    private static readonly DateTimeOffset Start = new(2026, 5, 1, 0, 0, 30, TimeSpan.Zero);

    [Fact]
    public async Task Allow_EarlierStillGoesOn_BothRun()
    {
        await using var node = await TwoTicksAsync(OverlapPolicy.Allow);
        (await node.JobsAsync("test.Allow")).Select(j => j.State).ShouldBe([JobState.Queued, JobState.Queued]);
    }

    [Fact]
    public async Task Skip_EarlierStillGoesOn_TheTickSaysSo()
    {
        await using var node = await TwoTicksAsync(OverlapPolicy.Skip);
        (await node.JobsAsync("test.Skip")).Count.ShouldBe(1);
        (await node.TicksAsync("test.Skip")).Select(t => t.Outcome).ShouldBe([TickOutcome.Enqueued, TickOutcome.Overlapped]);
    }

    [Fact]
    public async Task Wait_EarlierStillGoesOn_TheNewOneFollowsIt()
    {
        await using var node = await TwoTicksAsync(OverlapPolicy.Wait);
        var jobs = await node.JobsAsync("test.Wait");
        jobs.Select(j => (j.State, j.WaitsFor, j.HasFollowers)).ShouldBe([(JobState.Queued, 0, true), (JobState.Waiting, 1, false)]);
        await node.ChangeAsync(async db =>
        {
            var link = await db.Set<JobLink>().SingleAsync(l => l.ChildId == jobs[1].Id);
            (link.ParentId, link.ChildId, link.On).ShouldBe((jobs[0].Id, jobs[1].Id, FollowOn.AnyEnd));
        });
    }

    [Fact]
    public async Task Replace_EarlierStillWaits_ItIsCancelled()
    {
        await using var node = await TwoTicksAsync(OverlapPolicy.Replace);
        (await node.JobsAsync("test.Replace")).Select(j => (j.State, j.FinishedAt is not null)).ShouldBe([(JobState.Cancelled, true), (JobState.Queued, false)]);
    }

    [Fact]
    public async Task Replace_EarlierRuns_ItIsToldToStop()
    {
        var time = new FakeTime(Start);
        var told = new List<long>();
        await using var node = VirtualNode.Create(database.ConnectionString, time, schedules: Of(OverlapPolicy.Replace, "test.running"));
        using var listening = node.Get<Topic<JobCancelRequested>>().Subscribe(asked => told.AddRange(asked.Ids));
        await node.SweepAsync();
        await TickAsync(node, time);
        await node.ChangeAsync(db => db.Set<Job>().Where(j => j.Schedule == "test.running").ExecuteUpdateAsync(set => set.SetProperty(j => j.State, JobState.Running)));

        await TickAsync(node, time);

        var jobs = await node.JobsAsync("test.running");
        jobs.Select(j => (j.State, j.CancelRequested)).ShouldBe([(JobState.Running, true), (JobState.Queued, false)]);
        told.ShouldBe([jobs[0].Id]);
    }

    [Theory]
    [InlineData(OverlapPolicy.Skip)]
    [InlineData(OverlapPolicy.Wait)]
    [InlineData(OverlapPolicy.Replace)]
    public async Task Overlap_EarlierHasEnded_TheNewOneRuns(OverlapPolicy overlap)
    {
        var name = $"test.ended{overlap}";
        var time = new FakeTime(Start);
        await using var node = VirtualNode.Create(database.ConnectionString, time, schedules: Of(overlap, name));
        await node.SweepAsync();
        await TickAsync(node, time);
        await node.ChangeAsync(db => db.Set<Job>().Where(j => j.Schedule == name).ExecuteUpdateAsync(set => set.SetProperty(j => j.State, JobState.Failed)));

        await TickAsync(node, time);

        (await node.JobsAsync(name)).Select(j => j.State).ShouldBe([JobState.Failed, JobState.Queued]);
    }

    /// <summary>Caught up at once, the ticks treat each other as they would have one after the other.</summary>
    [Fact]
    public async Task Wait_SeveralMissedTicks_MakeAChain()
    {
        var time = new FakeTime(Start);
        await using var node = VirtualNode.Create(database.ConnectionString, time, schedules: Of(OverlapPolicy.Wait, "test.chain") with { Missed = MissedPolicy.All });
        await node.SweepAsync();
        time.Advance(TimeSpan.FromMinutes(3));
        await node.SweepAsync();

        var jobs = await node.JobsAsync("test.chain");
        jobs.Select(j => (j.State, j.HasFollowers)).ShouldBe([(JobState.Queued, true), (JobState.Waiting, true), (JobState.Waiting, false)]);
    }

    private async Task<TestNode> TwoTicksAsync(OverlapPolicy overlap)
    {
        var time = new FakeTime(Start);
        var node = VirtualNode.Create(database.ConnectionString, time, schedules: Of(overlap, $"test.{overlap}"));
        await node.SweepAsync();
        await TickAsync(node, time);
        await TickAsync(node, time);
        return node;
    }

    private static JobSchedule Of(OverlapPolicy overlap, string name) => JobScheduleExtensions.Of(name, "0 * * * * ?", new TestJob("x")) with { Overlap = overlap };

    private static async Task TickAsync(TestNode node, FakeTime time)
    {
        time.Advance(TimeSpan.FromMinutes(1));
        await node.SweepAsync();
    }
}
