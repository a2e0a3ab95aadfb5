using BlazorAdmin.Features.Jobs;
using BlazorAdmin.Live;
using BlazorAdmin.Security;
using BlazorAdmin.Tests.Data;

namespace BlazorAdmin.Tests.Features.Jobs;

public sealed class JobWakeUpTests : IClassFixture<DatabaseFixture>, IAsyncLifetime
{
    private readonly TestNode _node;
    private readonly List<string> _told = [];
    private readonly List<JobChanged> _changes = [];

    public JobWakeUpTests(DatabaseFixture database)
    {
        _node = new TestNode(database.ConnectionString);
        _node.Get<Topic<JobsReady>>().Subscribe(ready => _told.Add(ready.Queue));
        _node.Get<Topic<JobChanged>>().Subscribe(_changes.Add);
    }

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync() => await _node.DisposeAsync();

    [Fact]
    public async Task SaveChanges_WithAJob_TellsOnceItIsCommitted()
    {
        await using var db = await _node.Databases.CreateDbContextAsync();
        var job = db.Enqueue(new TestJob("a"), Caller.Portal, DateTimeOffset.UtcNow);
        _told.ShouldBeEmpty();

        await db.SaveChangesAsync();

        _told.ShouldBe(["default"]);
        _changes.Single().ShouldBe(new JobChanged(job.Id, 0, JobState.Queued));
    }

    [Fact]
    public async Task Transaction_SeveralSaves_TellsAtTheCommit()
    {
        await using var db = await _node.Databases.CreateDbContextAsync();
        await using var transaction = await db.Database.BeginTransactionAsync();
        db.Enqueue(new TestJob("a"), Caller.Portal, DateTimeOffset.UtcNow);
        await db.SaveChangesAsync();
        db.Enqueue(new TestJob("b"), Caller.Portal, DateTimeOffset.UtcNow);
        await db.SaveChangesAsync();
        _told.ShouldBeEmpty();

        await transaction.CommitAsync();

        _changes.Count.ShouldBe(2);
    }

    [Fact]
    public async Task Transaction_RolledBack_TellsNobody()
    {
        await using var db = await _node.Databases.CreateDbContextAsync();
        await using (var transaction = await db.Database.BeginTransactionAsync())
        {
            db.Enqueue(new TestJob("a"), Caller.Portal, DateTimeOffset.UtcNow);
            await db.SaveChangesAsync();
            await transaction.RollbackAsync();
        }

        _told.ShouldBeEmpty();
        _changes.ShouldBeEmpty();
    }

    [Fact]
    public async Task SaveChanges_ManyJobs_IsOneMessage()
    {
        await using var db = await _node.Databases.CreateDbContextAsync();
        for (var i = 0; i < 200; i++) db.Enqueue(new TestJob($"{i}"), Caller.Portal, DateTimeOffset.UtcNow);

        await db.SaveChangesAsync();

        _changes.ShouldBe([JobChanged.Many(JobState.Queued)]);
    }
}
