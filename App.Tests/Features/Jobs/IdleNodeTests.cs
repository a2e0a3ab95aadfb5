using BlazorAdmin.Features.Jobs;
using BlazorAdmin.Features.Jobs.Operations;
using BlazorAdmin.Tests.Data;

namespace BlazorAdmin.Tests.Features.Jobs;

/// <summary>What a node without work asks the database: one small statement a look, however many types and limits there are.</summary>
public sealed class IdleNodeTests(DatabaseFixture database) : IClassFixture<DatabaseFixture>
{
    private const string Look = "SELECT EXISTS (SELECT 1 FROM heads", Claim = "WITH RECURSIVE heads", TakeBack = "WITH lost AS", Beat = "INSERT INTO \"WorkerNodes\"";

    [PostgresFact]
    public async Task Idle_NothingIsDue_LooksWithOneStatementAndClaimsWhatComes()
    {
        using var statements = new SentStatements();
        await using var node = new TestNode(database.ConnectionString, "idle", options: o => (o.PollMilliseconds, o.HeartbeatSeconds) = (50, 0.1));
        // Neither announced nor due when it is enqueued.
        var later = await node.EnqueueAsync(new TestJob("later"), new() { DueAt = DateTimeOffset.UtcNow.AddDays(1) });
        await node.StartAsync();
        await Eventually.Holds(() => statements.Count(Look) >= 20 && statements.Count(Beat) >= 10);

        // The first look comes from the start itself; the earlier process of the node is asked for then as well.
        (statements.Count(Claim) - statements.Count(Look)).ShouldBeLessThanOrEqualTo(1);
        statements.Count(TakeBack).ShouldBe(1);

        await using (var db = await node.Databases.CreateDbContextAsync())
            await db.Set<Job>().Where(j => j.Id == later).ExecuteUpdateAsync(set => set.SetProperty(j => j.DueAt, DateTimeOffset.UtcNow.AddMinutes(-1)));
        await node.Reaches(later, JobState.Succeeded);
    }

    [PostgresFact]
    public async Task Types_ThatWait_AreFoundWithOneStatementEach()
    {
        await using var node = new TestNode(database.ConnectionString, "types");
        await node.EnqueueAsync(new TestJob("a"));
        await node.EnqueueAsync(new TestJob("b"), new() { LimitKey = "key" });
        await node.EnqueueAsync(new SingleJob("c"), new() { LimitKey = "key" });
        await node.EnqueueAsync(new ShortJob("d"));
        await using var db = await node.Databases.CreateDbContextAsync();
        using var statements = new SentStatements();

        (await ReadyJobs.TypesAsync(db, default)).Where(t => t != "jobs.cleanup").ShouldBe(["test.job", "test.short", "test.single"]);
        statements.Count("").ShouldBeLessThanOrEqualTo(4);
    }
}
