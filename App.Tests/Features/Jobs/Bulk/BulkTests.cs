using System.Collections.Frozen;
using System.Collections.Immutable;
using BlazorAdmin.Data;
using BlazorAdmin.Features.Audit;
using BlazorAdmin.Features.Jobs;
using BlazorAdmin.Features.Jobs.Bulk;
using BlazorAdmin.Security;
using BlazorAdmin.Shell.Lists;
using BlazorAdmin.Tests.Data;
using Microsoft.Extensions.DependencyInjection;

namespace BlazorAdmin.Tests.Features.Jobs.Bulk;

public sealed class BulkTests : IClassFixture<DatabaseFixture>, IAsyncLifetime
{
    private static readonly Caller Operator = new(null, null, "Olga", AppDbContext.DefaultTenant, null, new[] { JobsPermissions.Read, JobsPermissions.Manage }.ToFrozenSet());

    private readonly TestNode _node;
    private readonly List<IServiceScope> _scopes = [];

    public BulkTests(DatabaseFixture database) => _node = new TestNode(database.ConnectionString, "bulk", more: services => services.AddTab());

    public async Task InitializeAsync()
    {
        await using var db = await _node.Databases.CreateDbContextAsync();
        await db.Set<Job>().ExecuteDeleteAsync();
        await db.Set<JobBulkChange>().ExecuteDeleteAsync();
        await db.Set<AuditEntry>().ExecuteDeleteAsync();
    }

    public async Task DisposeAsync()
    {
        foreach (var scope in _scopes) scope.Dispose();
        await _node.DisposeAsync();
    }

    [Fact]
    public async Task Few_AllThatMatch_AreChangedAtOnceWithOneAuditRowAndCanBeUndone()
    {
        var failed = await AddAsync(5, JobState.Failed);
        var other = await _node.EnqueueAsync(new SingleJob("other"));

        var result = await As(Operator).DoAsync(JobAction.Discard, Matching("type=test.job"));

        (result.BulkId, result.Changed.Count).ShouldBe((null, 5));
        (await StatesAsync()).ShouldBe([(JobState.Queued, 1), (JobState.Discarded, 5)], ignoreOrder: true);
        (await As(Operator).UndoAsync(result)).ShouldBe(5);
        (await StatesAsync()).ShouldBe([(JobState.Queued, 1), (JobState.Failed, 5)], ignoreOrder: true);
        var audit = await AuditAsync();
        audit.Select(a => (a.Action, a.Count)).ShouldBe([("jobs.discard", 5), ("jobs.undo", 5)]);
        audit[0].Detail.ShouldBe("""{"filter":"type=test.job"}""");
        (await As(Operator).DoAsync(JobAction.Retry, Picked(failed[0], other))).Changed.Select(c => c.Id).ShouldBe([failed[0]]);
    }

    [Fact]
    public async Task Undo_RetriedJobThatRanAgain_StaysAsItIs()
    {
        var ids = await AddAsync(2, JobState.Failed);
        var result = await As(Operator).DoAsync(JobAction.Retry, Picked([.. ids]));
        await using (var db = await _node.Databases.CreateDbContextAsync())
            await db.Set<Job>().Where(j => j.Id == ids[0]).ExecuteUpdateAsync(set => set.SetProperty(j => j.Attempts, j => j.Attempts + 1));

        (await As(Operator).UndoAsync(result)).ShouldBe(1);

        (await _node.ReadAsync(ids[0])).State.ShouldBe(JobState.Queued);
        var undone = await _node.ReadAsync(ids[1]);
        (undone.State, undone.FinishedAt is null).ShouldBe((JobState.Failed, false));
    }

    [Fact]
    public async Task Many_AllThatMatch_AreChangedByAJobAndTakenBackByAnother()
    {
        await AddAsync(2500, JobState.Failed);
        await _node.StartAsync();
        var bulk = (await As(Operator).DoAsync(JobAction.Discard, Matching("state=failed"))).BulkId!.Value;
        var late = (await AddAsync(1, JobState.Failed)).Single();

        var done = await _node.Reaches(bulk, JobState.Succeeded);

        done.ProgressMessage.ShouldBe("2,500 of 2,500");
        (await CountAsync(JobState.Discarded)).ShouldBe(2500);
        (await _node.ReadAsync(late)).State.ShouldBe(JobState.Failed);
        (await As(Operator).CanUndoAsync(bulk)).ShouldBeTrue();
        var undo = (await As(Operator).UndoAsync(bulk))!.Value;
        (await _node.Reaches(undo, JobState.Succeeded)).ProgressMessage.ShouldBe("2,500 of 2,500 taken back");
        (await CountAsync(JobState.Failed)).ShouldBe(2501);
        (await As(Operator).UndoAsync(bulk)).ShouldBeNull();
        (await AuditAsync()).Select(a => (a.Action, a.Count, a.SubjectId)).ShouldBe([("jobs.discard", 2500, $"{bulk}"), ("jobs.undo", 2500, $"{bulk}")]);
    }

    [Fact]
    public async Task Many_RunAgainAfterACrash_GoOnWhereItStopped()
    {
        var ids = await AddAsync(150, JobState.Failed);
        var bulk = (await As(Operator).DoAsync(JobAction.Discard, Matching("state=failed"))).BulkId!.Value;
        await using (var db = await _node.Databases.CreateDbContextAsync())
        {
            // As a run leaves it that died after its first commit; one of its jobs has failed again since.
            foreach (var id in ids.Take(50)) db.Add(new JobBulkChange { BulkId = bulk, JobId = id, StateBefore = JobState.Failed });
            await db.SaveChangesAsync();
            await db.Set<Job>().Where(j => ids.Take(49).Contains(j.Id)).ExecuteUpdateAsync(set => set.SetProperty(j => j.State, JobState.Discarded));
        }

        await _node.StartAsync();
        (await _node.Reaches(bulk, JobState.Succeeded)).ProgressMessage.ShouldBe("150 of 150");

        (await _node.ReadAsync(ids[49])).State.ShouldBe(JobState.Failed);
        (await CountAsync(JobState.Discarded)).ShouldBe(149);
    }

    [Fact]
    public async Task Many_WhoAskedMayNotAnyMore_StopsAndSaysWhy()
    {
        await AddAsync(150, JobState.Failed);
        var bulk = (await As(Operator with { UserId = Guid.NewGuid() }).DoAsync(JobAction.Retry, Matching("state=failed"))).BulkId!.Value;

        await _node.StartAsync();

        (await _node.Reaches(bulk, JobState.Failed)).Error!.ShouldContain("may not manage jobs any more");
        (await CountAsync(JobState.Failed)).ShouldBe(151);
    }

    [Fact]
    public async Task Cancel_WaitingAndRunningOnes_StopEach()
    {
        _node.Work.Hold("held");
        await _node.StartAsync();
        var running = await _node.EnqueueAsync(new TestJob("held"));
        await _node.Reaches(running, JobState.Running);
        var waiting = (await AddAsync(1, JobState.Waiting)).Single();

        var result = await As(Operator).DoAsync(JobAction.Cancel, Picked(running, waiting));

        result.Changed.Count.ShouldBe(2);
        await _node.Reaches(running, JobState.Cancelled);
        (await _node.ReadAsync(waiting)).State.ShouldBe(JobState.Cancelled);
    }

    [Fact]
    public async Task Commands_WithoutPermission_AreRefused()
    {
        var reader = Operator with { Permissions = new[] { JobsPermissions.Read }.ToFrozenSet() };
        var id = (await AddAsync(1, JobState.Failed)).Single();

        await Should.ThrowAsync<ForbiddenException>(() => As(reader).DoAsync(JobAction.Retry, Picked(id)));
        await Should.ThrowAsync<ForbiddenException>(() => As(reader).UndoAsync(id));
        await Should.ThrowAsync<ForbiddenException>(() => As(reader).UndoAsync(new BulkResult(JobAction.Retry, [], null)));
        (await As(Operator with { TenantId = Guid.NewGuid() }).DoAsync(JobAction.Retry, Picked(id))).Changed.ShouldBeEmpty();
        (await _node.ReadAsync(id)).State.ShouldBe(JobState.Failed);
    }

    private static ListSelection Picked(params long[] ids) => new(ids.Select(i => $"{i}").ToHashSet(), false, new ListQuery(), null);

    private static ListSelection Matching(string query) => new(ImmutableHashSet<string>.Empty, true, ListQuery.Parse(query, new ListQuery()), new ListTotal(2500));

    private BulkService As(Caller caller)
    {
        var scope = _node.Scope();
        _scopes.Add(scope);
        scope.ServiceProvider.GetRequiredService<CurrentCaller>().Use(caller);
        return scope.ServiceProvider.GetRequiredService<BulkService>();
    }

    private async Task<IReadOnlyList<long>> AddAsync(int count, JobState state)
    {
        await using var db = await _node.Databases.CreateDbContextAsync();
        var jobs = Enumerable.Range(0, count).Select(i => db.Enqueue(new TestJob($"{i}"), Caller.Portal, DateTimeOffset.UtcNow)).ToList();
        foreach (var job in jobs) (job.State, job.Attempts, job.FinishedAt) = (state, 1, state.IsFinal() ? DateTimeOffset.UtcNow.AddMinutes(-5) : null);
        await db.SaveChangesAsync();
        return [.. jobs.Select(j => j.Id)];
    }

    private async Task<int> CountAsync(JobState state)
    {
        await using var db = await _node.Databases.CreateDbContextAsync();
        return await db.Set<Job>().CountAsync(j => j.State == state);
    }

    private async Task<List<(JobState, int)>> StatesAsync()
    {
        await using var db = await _node.Databases.CreateDbContextAsync();
        return [.. (await db.Set<Job>().GroupBy(j => j.State).Select(g => new { g.Key, Count = g.Count() }).ToListAsync()).Select(g => (g.Key, g.Count))];
    }

    private async Task<List<AuditEntry>> AuditAsync()
    {
        await using var db = await _node.Databases.CreateDbContextAsync();
        return await db.Set<AuditEntry>().AsNoTracking().OrderBy(a => a.Id).ToListAsync();
    }
}
