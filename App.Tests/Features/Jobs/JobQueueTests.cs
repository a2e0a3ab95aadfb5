using BlazorAdmin.Data;
using BlazorAdmin.Features.Jobs;
using BlazorAdmin.Features.Jobs.Following;
using BlazorAdmin.Features.Jobs.Rules;
using BlazorAdmin.Security;
using BlazorAdmin.Tests.Data;

namespace BlazorAdmin.Tests.Features.Jobs;

/// <summary>Unique keys, followers, batches and bulk, with a node that runs.</summary>
public sealed class JobQueueTests(DatabaseFixture database) : IClassFixture<DatabaseFixture>, IAsyncLifetime
{
    private TestNode _node = null!;

    public Task InitializeAsync()
    {
        _node = new TestNode(database.ConnectionString);
        return Task.CompletedTask;
    }

    public async Task DisposeAsync() => await _node.DisposeAsync();

    private JobQueue Queue => _node.Get<JobQueue>();

    [Fact]
    public async Task Unique_SixtyFourAtOnce_EnqueuesOneAndTellsItToAll()
    {
        var results = await Task.WhenAll(Enumerable.Range(0, 64).Select(_ => UniqueAsync("t14")));

        results.Count(r => !r.Existed).ShouldBe(1);
        results.Select(r => r.Id).Distinct().Count().ShouldBe(1);
        await using var db = await _node.Databases.CreateDbContextAsync();
        (await db.Set<Job>().CountAsync(j => j.Subject == "t14")).ShouldBe(1);
    }

    [Theory]
    [InlineData(UniqueUntil.Started, false)]
    [InlineData(UniqueUntil.Finished, true)]
    public async Task Unique_WhileItRuns_KeepsOthersOutAsAsked(UniqueUntil until, bool keeps)
    {
        var gate = _node.Work.Hold($"held-{until}");
        var first = await UniqueAsync($"held-{until}", until);
        await _node.StartAsync();
        await Eventually.Holds(() => gate.Inside == 1, because: "the first runs");

        var second = await UniqueAsync($"held-{until}", until);

        second.Existed.ShouldBe(keeps);
        gate.Open();
        await _node.Reaches(first.Id, JobState.Succeeded);
        if (keeps) (await UniqueAsync($"held-{until}", until)).Existed.ShouldBeFalse();
    }

    [Fact]
    public async Task Unique_UntilStarted_TheOtherJobCannotBeginBeforeTheCallersCommit()
    {
        var first = await UniqueAsync("before-commit", UniqueUntil.Started);
        await using var db = await _node.Databases.CreateDbContextAsync();
        await using var transaction = await db.Database.BeginTransactionAsync();

        (await Queue.EnqueueUniqueAsync(db, new TestJob("before-commit"), Caller.Portal, "before-commit", UniqueUntil.Started)).ShouldBe(new UniqueJob(first.Id, true));

        await _node.StartAsync();
        await _node.Reaches(await _node.EnqueueAsync(new TestJob("later")), JobState.Succeeded);
        (await _node.ReadAsync(first.Id)).State.ShouldBe(JobState.Queued);
        await transaction.CommitAsync();
        await _node.Reaches(first.Id, JobState.Succeeded);
    }

    [Fact]
    public async Task Unique_ForAPeriod_OutlivesTheJob()
    {
        await _node.StartAsync();
        var first = await UniqueAsync("period", UniqueUntil.Expired, TimeSpan.FromHours(1));
        await _node.Reaches(first.Id, JobState.Succeeded);

        (await UniqueAsync("period", UniqueUntil.Expired, TimeSpan.FromHours(1))).ShouldBe(new UniqueJob(first.Id, true));
    }

    [Fact]
    public async Task Unique_CallerRollsBack_LeavesTheKeyFree()
    {
        await using (var db = await _node.Databases.CreateDbContextAsync())
        {
            await using var transaction = await db.Database.BeginTransactionAsync();
            (await Queue.EnqueueUniqueAsync(db, new TestJob("rolled"), Caller.Portal, "rolled")).Existed.ShouldBeFalse();
        }

        (await UniqueAsync("rolled")).Existed.ShouldBeFalse();
    }

    [Theory]
    [InlineData(FollowOn.Success, true, JobState.Succeeded)]
    [InlineData(FollowOn.Success, false, JobState.Cancelled)]
    [InlineData(FollowOn.Failure, true, JobState.Cancelled)]
    [InlineData(FollowOn.Failure, false, JobState.Succeeded)]
    [InlineData(FollowOn.AnyEnd, false, JobState.Succeeded)]
    public async Task Follower_ParentEnds_StartsOrIsCancelled(FollowOn on, bool succeeds, JobState expected)
    {
        var name = $"parent-{on}-{succeeds}";
        if (!succeeds) _node.Work.On(name, _ => throw new JobFailedException("no"));
        var parent = await _node.EnqueueAsync(new TestJob(name));
        var child = await AfterAsync(name + "-child", on, parent);
        var grandchild = await AfterAsync(name + "-grandchild", FollowOn.Success, child);
        (await _node.ReadAsync(child)).State.ShouldBe(JobState.Waiting);
        await _node.StartAsync();

        await _node.Reaches(child, expected);
        await _node.Reaches(grandchild, expected);
        _node.Work.RunsOf(name + "-child").ShouldBe(expected == JobState.Succeeded ? 1 : 0);
    }

    [Fact]
    public async Task Follower_OfSeveral_StartsAfterTheLast()
    {
        var gate = _node.Work.Hold("slow");
        long[] parents = [await _node.EnqueueAsync(new TestJob("quick")), await _node.EnqueueAsync(new TestJob("slow"))];
        var child = await AfterAsync("both", FollowOn.Success, parents);
        await _node.StartAsync();
        await _node.Reaches(parents[0], JobState.Succeeded);
        await Eventually.Holds(() => gate.Inside == 1, because: "the other runs");
        (await _node.ReadAsync(child)).State.ShouldBe(JobState.Waiting);

        gate.Open();

        await _node.Reaches(child, JobState.Succeeded);
    }

    [Fact]
    public async Task Follower_ParentHasEnded_StartsAtOnce()
    {
        await _node.StartAsync();
        var parent = await _node.EnqueueAsync(new TestJob("over"));
        await _node.Reaches(parent, JobState.Succeeded);

        await _node.Reaches(await AfterAsync("late", FollowOn.Success, parent), JobState.Succeeded);
        (await _node.ReadAsync(await AfterAsync("never", FollowOn.Failure, parent))).State.ShouldBe(JobState.Cancelled);
    }

    [Fact]
    public async Task Batch_MembersEnd_EndsWithThemAndIsFollowed()
    {
        _node.Work.On("member-7", _ => throw new JobFailedException("no"));
        await using var db = await _node.Databases.CreateDbContextAsync();
        var good = await Queue.EnqueueBatchAsync(db, "good", [.. Enumerable.Range(0, 5).Select(i => new TestJob($"good-{i}"))], Caller.Portal);
        var bad = await Queue.EnqueueBatchAsync(db, "bad", [.. Enumerable.Range(5, 5).Select(i => new TestJob($"member-{i}"))], Caller.Portal);
        var after = await AfterAsync("after-batch", FollowOn.Success, good.Id);
        await _node.StartAsync();

        await _node.Reaches(good.Id, JobState.Succeeded);
        await _node.Reaches(bad.Id, JobState.Failed);
        await _node.Reaches(after, JobState.Succeeded);
        (await _node.ReadAsync(bad.Id)).Error.ShouldBe("1 of 5 jobs did not succeed.");
    }

    [Fact]
    public async Task Many_Enqueued_AllRunOnceInTheCallersTransaction()
    {
        await using var db = await _node.Databases.CreateDbContextAsync();
        await using (var transaction = await db.Database.BeginTransactionAsync())
            await Queue.EnqueueManyAsync(db, [new TestJob("rolled-back")], Caller.Portal);
        var ids = await Queue.EnqueueManyAsync(db, [.. Enumerable.Range(0, 1000).Select(i => new TestJob("many"))], Caller.Portal, new EnqueueOptions { Priority = 7 });
        ids.Count.ShouldBe(1000);
        (await _node.ReadAsync(ids[999])).Priority.ShouldBe(7);
        await _node.StartAsync();

        await Eventually.Holds(async () => await db.Set<Job>().CountAsync(j => j.Priority == 7 && j.State == JobState.Succeeded) == 1000, because: "all are done");
        _node.Work.RunsOf("many").ShouldBe(1000);
        _node.Work.RunsOf("rolled-back").ShouldBe(0);
    }

    private async Task<UniqueJob> UniqueAsync(string key, UniqueUntil until = UniqueUntil.Finished, TimeSpan? period = null)
    {
        await using var db = await _node.Databases.CreateDbContextAsync();
        return await Queue.EnqueueUniqueAsync(db, new TestJob(key), Caller.Portal, key, until, period, new EnqueueOptions { Subject = key });
    }

    private async Task<long> AfterAsync(string name, FollowOn on, params long[] parents)
    {
        await using var db = await _node.Databases.CreateDbContextAsync();
        return (await Queue.EnqueueAfterAsync(db, new TestJob(name), Caller.Portal, parents, on)).Id;
    }
}
