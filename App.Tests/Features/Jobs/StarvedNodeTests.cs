using BlazorAdmin.Features.Jobs;
using BlazorAdmin.Tests.Data;

namespace BlazorAdmin.Tests.Features.Jobs;

/// <summary>A node whose threads are all taken. They are the test process's threads, so nothing else may run meanwhile.</summary>
[Collection(Alone.Name)]
public sealed class StarvedNodeTests(DatabaseFixture database) : IClassFixture<DatabaseFixture>
{
    private readonly TestWork _work = new();

    [Fact]
    public async Task Heartbeat_ThreadPoolStarved_KeepsTheLease()
    {
        await using var node = new TestNode(database.ConnectionString, "starved", _work, new TestBus(), o => (o.LeaseSeconds, o.HeartbeatSeconds, o.Slots) = (3, 0.2, 2));
        await node.StartAsync();
        using var release = new ManualResetEventSlim();
        _work.On("blocking", _ => release.Wait(TimeSpan.FromSeconds(60)));
        var id = await node.EnqueueAsync(new TestJob("blocking"));
        await node.Reaches(id, JobState.Running);
        var first = (await node.ReadAsync(id)).LeaseUntil!.Value;
        ThreadPool.GetMinThreads(out var workers, out _);
        var hogs = Enumerable.Range(0, workers + 4).Select(_ => Task.Run(() => release.Wait(TimeSpan.FromSeconds(60)))).ToList();

        // This thread is no thread of the pool's while it reads synchronously.
        var renewed = false;
        for (var waited = System.Diagnostics.Stopwatch.StartNew(); waited.Elapsed < TimeSpan.FromSeconds(45) && !renewed;)
        {
            using var db = node.Databases.CreateDbContext();
            renewed = db.Set<Job>().AsNoTracking().Single(j => j.Id == id).LeaseUntil > first.AddSeconds(9);
        }

        release.Set();
        await Task.WhenAll(hogs);
        renewed.ShouldBeTrue();
        (await node.Reaches(id, JobState.Succeeded)).Attempts.ShouldBe(1);
    }
}
