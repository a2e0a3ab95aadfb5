using BlazorAdmin.Features.Jobs.Schedules;
using BlazorAdmin.Data;
using BlazorAdmin.Features.Jobs;
using BlazorAdmin.Tests.Data;
using Microsoft.Extensions.DependencyInjection;

namespace BlazorAdmin.Tests.Features.Jobs;

public sealed class ScheduleTests(DatabaseFixture database) : IClassFixture<DatabaseFixture>
{
    private static readonly DateTimeOffset DueAt = new(2026, 3, 29, 1, 0, 0, TimeSpan.Zero);

    [Fact]
    public async Task Tick_OnEightNodesAtOnce_EnqueuesOnce()
    {
        await using var node = new TestNode(database.ConnectionString);
        var schedule = JobScheduleExtensions.Of("test.once", "0 0 1 * * ?", new TestJob("ticked"));

        var ids = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() => node.Get<ScheduleTicks>().TickAsync(schedule, DueAt, CancellationToken.None))));

        ids.Count(id => id is not null).ShouldBe(1);
        await using var db = await node.Databases.CreateDbContextAsync();
        (await db.Set<Job>().CountAsync(j => j.Subject == "test.once")).ShouldBe(1);
        (await db.Set<Job>().SingleAsync(j => j.Subject == "test.once")).IdempotencyKey.ShouldBe("test.once@2026-03-29T01:00:00Z");
        (await node.Get<ScheduleTicks>().TickAsync(schedule, DueAt.AddDays(1), CancellationToken.None)).ShouldNotBeNull();
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

        await Eventually.Holds(async () =>
        {
            await using var db = await one.Databases.CreateDbContextAsync();
            return await db.Set<JobTick>().CountAsync(t => t.Schedule == "test.seconds") >= 3;
        });
        foreach (var node in new[] { one, two }) await node.Get<ScheduleClock>().StopAsync(CancellationToken.None);

        await using var check = await one.Databases.CreateDbContextAsync();
        var ticks = await check.Set<JobTick>().CountAsync(t => t.Schedule == "test.seconds");
        (await check.Set<Job>().CountAsync(j => j.Subject == "test.seconds")).ShouldBe(ticks);

        TestNode Node(string name) => new(database.ConnectionString, name, more: services =>
        {
            services.AddSingleton(JobScheduleExtensions.Of("test.seconds", "* * * * * ?", new TestJob("every second")));
            services.AddSingleton<ScheduleClock>();
        });
    }
}
