using BlazorAdmin.Data;
using BlazorAdmin.Features.Audit;
using BlazorAdmin.Features.Jobs;
using BlazorAdmin.Features.Jobs.Schedules;
using BlazorAdmin.Security;
using BlazorAdmin.Tests.Data;
using Microsoft.Extensions.DependencyInjection;

namespace BlazorAdmin.Tests.Features.Jobs.Schedules;

public sealed class ScheduleTests(DatabaseFixture database) : IClassFixture<DatabaseFixture>
{
    private static readonly DateTimeOffset Start = new(2026, 3, 29, 0, 30, 0, TimeSpan.Zero);

    [Fact]
    public async Task Tick_OnEightNodesAtOnce_EnqueuesOnce()
    {
        var time = new FakeTime(Start);
        await using var node = VirtualNode.Create(database.ConnectionString, time, schedules: JobScheduleExtensions.Of("test.once", "0 0 1 * * ?", new TestJob("ticked")));
        await node.SweepAsync();
        time.Advance(TimeSpan.FromMinutes(30));

        var next = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() => node.Get<ScheduleTicks>().HandleAsync("test.once", CancellationToken.None))));

        next.Distinct().ShouldBe([Start.AddMinutes(30).AddDays(1)]);
        var job = (await node.JobsAsync("test.once")).ShouldHaveSingleItem();
        (job.IdempotencyKey, job.Subject, job.State).ShouldBe(("test.once@2026-03-29T01:00:00Z", "test.once", JobState.Queued));
        var tick = (await node.TicksAsync("test.once")).ShouldHaveSingleItem();
        (tick.DueAt, tick.Outcome, tick.JobId, tick.Manual).ShouldBe((Start.AddMinutes(30), TickOutcome.Enqueued, job.Id, false));
    }

    [Fact]
    public async Task Clock_TwoProcesses_FiresEachTickOnce()
    {
        await using var one = Node("one");
        await using var two = Node("two");
        foreach (var node in new[] { one, two })
        {
            node.Get<DatabaseState>().SetReady();
            await node.Get<ScheduleClock>().StartAsync(CancellationToken.None);
        }

        await Eventually.Holds(async () => (await one.TicksAsync("test.seconds")).Count >= 4);
        foreach (var node in new[] { one, two }) await node.Get<ScheduleClock>().StopAsync(CancellationToken.None);

        var ticks = await one.TicksAsync("test.seconds");
        (await one.JobsAsync("test.seconds")).Select(j => (long?)j.Id).ShouldBe(ticks.Select(t => t.JobId), ignoreOrder: true);
        ticks.Zip(ticks.Skip(1), (a, b) => b.DueAt - a.DueAt).Distinct().ShouldBe([TimeSpan.FromSeconds(1)]);

        TestNode Node(string name) => new(database.ConnectionString, name, more: services =>
            services.AddSingleton(JobScheduleExtensions.Of("test.seconds", "* * * * * ?", new TestJob("every second"))));
    }

    /// <summary>One hour of every minute on two nodes, whose own clocks somebody sets ten minutes ahead and back meanwhile.</summary>
    [Fact]
    public async Task Sweep_TwoNodesForAnHourWithSteppedClocks_EachMinuteOnce()
    {
        var time = new FakeTime(Start);
        var clocks = new[] { new SteppedTime(time), new SteppedTime(time) };
        var schedule = JobScheduleExtensions.Of("test.minutes", "0 * * * * ?", new TestJob("minute"), "Europe/Berlin");
        await using var one = VirtualNode.Create(database.ConnectionString, time, "one", ownClock: clocks[0], schedules: schedule);
        await using var two = VirtualNode.Create(database.ConnectionString, time, "two", ownClock: clocks[1], schedules: schedule);
        await one.SweepAsync();

        for (var minute = 1; minute <= 60; minute++)
        {
            time.Advance(TimeSpan.FromMinutes(1));
            if (minute is 10) clocks[0].Step = TimeSpan.FromMinutes(10);
            if (minute is 25) clocks[1].Step = TimeSpan.FromMinutes(-10);
            if (minute is 40) (clocks[0].Step, clocks[1].Step) = (TimeSpan.FromMinutes(-10), TimeSpan.FromMinutes(10));
            await Task.WhenAll(one.SweepAsync(), two.SweepAsync());
        }

        var ticks = await one.TicksAsync("test.minutes");
        ticks.Select(t => t.DueAt).ShouldBe(Enumerable.Range(1, 60).Select(minute => Start.AddMinutes(minute)));
        ticks.Select(t => t.Outcome).Distinct().ShouldBe([TickOutcome.Enqueued]);
        (await one.JobsAsync("test.minutes")).Count.ShouldBe(60);
        one.Get<DatabaseClock>().GetUtcNow().ShouldBe(time.GetUtcNow());
        two.Get<DatabaseClock>().GetUtcNow().ShouldBe(time.GetUtcNow());
    }

    [Theory]
    [InlineData(MissedPolicy.Skip, 0)]
    [InlineData(MissedPolicy.Once, 1)]
    [InlineData(MissedPolicy.All, 3)]
    public async Task Start_DownOverThreeTicks_RunsAsThePolicySays(MissedPolicy missed, int runs)
    {
        var name = $"test.missed{missed}";
        var time = new FakeTime(Start);
        var schedule = JobScheduleExtensions.Of(name, "0 0 * * * ?", new TestJob("hourly")) with { Missed = missed };
        await using (var before = VirtualNode.Create(database.ConnectionString, time, schedules: schedule)) await before.SweepAsync();

        time.Advance(TimeSpan.FromHours(3));
        await using var after = VirtualNode.Create(database.ConnectionString, time, "after", schedules: schedule);
        await after.SweepAsync();
        await after.SweepAsync();

        (await after.JobsAsync(name)).Count.ShouldBe(runs);
        var ticks = await after.TicksAsync(name);
        ticks.Select(t => t.DueAt).ShouldBe([Start.AddMinutes(30), Start.AddMinutes(90), Start.AddMinutes(150)]);
        // What runs is the last of them.
        ticks.Select(t => t.Outcome == TickOutcome.Enqueued).ShouldBe(Enumerable.Range(1, 3).Select(n => n > 3 - runs));
        ticks.Where(t => t.JobId is null).ShouldAllBe(t => t.Outcome == TickOutcome.Missed);
    }

    [Fact]
    public async Task Start_LastTickIsFresh_ItMakesUpForTheOthers()
    {
        var time = new FakeTime(Start);
        await using var node = VirtualNode.Create(database.ConnectionString, time, schedules: JobScheduleExtensions.Of("test.fresh", "0 0 * * * ?", new TestJob("hourly")));
        await node.SweepAsync();
        time.Advance(TimeSpan.FromMinutes(150) + TimeSpan.FromSeconds(40));

        await node.SweepAsync();

        (await node.TicksAsync("test.fresh")).Select(t => t.Outcome).ShouldBe([TickOutcome.Missed, TickOutcome.Missed, TickOutcome.Enqueued]);
    }

    [Fact]
    public async Task Start_DownForADayOfEverySecond_IsBounded()
    {
        var time = new FakeTime(Start);
        await using var node = VirtualNode.Create(database.ConnectionString, time, schedules: JobScheduleExtensions.Of("test.many", "* * * * * ?", new TestJob("s")) with { Missed = MissedPolicy.All });
        await node.SweepAsync();
        time.Advance(TimeSpan.FromDays(1));

        await node.SweepAsync();

        (await node.JobsAsync("test.many")).Count.ShouldBe(Occurrences.Most);
        (await node.TicksAsync("test.many"))[^1].DueAt.ShouldBe(Start.AddDays(1));
    }

    [Fact]
    public async Task Sweep_PausedAndHolidays_WriteTheTickAndNoJob()
    {
        var time = new FakeTime(Start);
        await using var node = VirtualNode.Create(database.ConnectionString, time, schedules: JobScheduleExtensions.Of("test.quiet", "0 0 * * * ?", new TestJob("q"), "Europe/Berlin") with { Missed = MissedPolicy.All, Calendar = "test.days" });
        await node.SweepAsync();
        await node.ChangeAsync(async db =>
        {
            db.Audit(Caller.Portal, "test.change");
            db.Add(new HolidayCalendar { Name = "test.days", TenantId = AppDbContext.DefaultTenant, Days = "2026-03-30 Monday off" });
            db.Add(new ScheduleEntry { Name = "test.quiet", TenantId = AppDbContext.DefaultTenant, PausedAt = Start, PausedUntil = Start.AddHours(2), PauseReason = "r", ChangedAt = Start });
            await db.SaveChangesAsync();
        });

        time.Advance(TimeSpan.FromHours(23));
        await node.SweepAsync();

        var ticks = await node.TicksAsync("test.quiet");
        ticks.Take(2).ShouldAllBe(t => t.Outcome == TickOutcome.Paused && t.JobId == null);
        var zone = TimeZoneInfo.FindSystemTimeZoneById("Europe/Berlin");
        ticks.Skip(2).ShouldAllBe(t => t.Outcome == (TimeZoneInfo.ConvertTime(t.DueAt, zone).Day == 30 ? TickOutcome.Holiday : TickOutcome.Enqueued));
        ticks.Select(t => t.Outcome).Distinct().Count().ShouldBe(3);
    }

    [Fact]
    public async Task Handle_TickOfAnOlderBuildStandsThere_TheOthersStillCome()
    {
        var time = new FakeTime(Start);
        await using var node = VirtualNode.Create(database.ConnectionString, time, schedules: JobScheduleExtensions.Of("test.older", "0 0 * * * ?", new TestJob("o")) with { Missed = MissedPolicy.All });
        await node.SweepAsync();
        await node.ChangeAsync(async db =>
        {
            db.Add(new JobTick { Schedule = "test.older", DueAt = Start.AddMinutes(30), CreatedAt = Start, JobId = 1 });
            await db.SaveChangesAsync();
        });
        time.Advance(TimeSpan.FromMinutes(100));

        await node.SweepAsync();

        (await node.TicksAsync("test.older")).Select(t => t.JobId == 1).ShouldBe([true, false]);
        (await node.JobsAsync("test.older")).ShouldHaveSingleItem();
    }

    [Fact]
    public async Task Handle_RulesChangedElsewhereUnheard_FollowsTheNewOnes()
    {
        var time = new FakeTime(Start);
        await using var node = VirtualNode.Create(database.ConnectionString, time, schedules: JobScheduleExtensions.Of("test.unheard", "0 0 * * * ?", new TestJob("u")));
        await node.SweepAsync();
        await node.ChangeAsync(async db =>
        {
            db.Audit(Caller.Portal, "test.change");
            db.Add(new ScheduleEntry { Name = "test.unheard", TenantId = AppDbContext.DefaultTenant, PausedAt = Start, PauseReason = "r", ChangedAt = Start });
            await db.SaveChangesAsync();
        });
        time.Advance(TimeSpan.FromMinutes(30));

        await node.Get<ScheduleTicks>().HandleAsync("test.unheard", CancellationToken.None);

        (await node.TicksAsync("test.unheard")).ShouldHaveSingleItem().Outcome.ShouldBe(TickOutcome.Paused);
    }

    [Fact]
    public void Observe_ReadingsOfTheDatabase_CorrectOnlyWhatTheyProveWrong()
    {
        var time = new FakeTime(Start);
        var own = new SteppedTime(time) { Step = TimeSpan.FromMinutes(10) };
        var clock = new DatabaseClock(own);
        clock.GetUtcNow().ShouldBe(Start.AddMinutes(10));

        clock.Observe(Start, own.GetTimestamp());
        clock.GetUtcNow().ShouldBe(Start);
        own.Step = TimeSpan.FromMinutes(-10);
        time.Advance(TimeSpan.FromSeconds(5));
        clock.GetUtcNow().ShouldBe(Start.AddSeconds(5));

        // An answer that took long proves little.
        var sent = own.GetTimestamp();
        time.Advance(TimeSpan.FromSeconds(2));
        clock.Observe(Start.AddSeconds(6), sent);
        clock.GetUtcNow().ShouldBe(Start.AddSeconds(7));
    }
}
