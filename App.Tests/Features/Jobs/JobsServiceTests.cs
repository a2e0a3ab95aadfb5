using System.Collections.Frozen;
using System.Collections.Immutable;
using BlazorAdmin.Data;
using BlazorAdmin.Features.Audit;
using BlazorAdmin.Features.Jobs;
using BlazorAdmin.Security;
using BlazorAdmin.Shell.Lists;
using BlazorAdmin.Tests.Data;
using Microsoft.Extensions.DependencyInjection;

namespace BlazorAdmin.Tests.Features.Jobs;

public sealed class JobsServiceTests : IClassFixture<PostgresFixture>, IAsyncLifetime
{
    private static readonly Caller Operator = new(Guid.NewGuid(), null, "Olga", AppDbContext.DefaultTenant, "10.0.0.1", new[] { JobsPermissions.Read, JobsPermissions.Manage }.ToFrozenSet());
    private static readonly Caller Auditor = Operator with { Permissions = new[] { JobsPermissions.Read }.ToFrozenSet() };
    private static readonly Caller Member = Operator with { Permissions = FrozenSet<string>.Empty };

    private readonly TestNode _node;
    private readonly List<IServiceScope> _scopes = [];

    public JobsServiceTests(PostgresFixture database) => _node = new TestNode(database.ConnectionString, "service", more: services => services.AddSingleton<JobFigures>().AddScoped<JobsService>().AddScoped<JobWords>());

    public async Task InitializeAsync()
    {
        await using var db = await _node.Databases.CreateDbContextAsync();
        await db.Set<Job>().ExecuteDeleteAsync();
        await db.Set<AuditEntry>().ExecuteDeleteAsync();
    }

    public async Task DisposeAsync()
    {
        foreach (var scope in _scopes) scope.Dispose();
        await _node.DisposeAsync();
    }

    [Fact]
    public async Task List_FilterAndSearch_FindsWhatMatches()
    {
        var letter = await _node.EnqueueAsync(new TestJob("a"), new() { Subject = "Letter of March.pdf" });
        await _node.EnqueueAsync(new SingleJob("b"), new() { Subject = "invoice" });

        (await List(new ListQuery())).Count.ShouldBe(2);
        (await List(new ListQuery().WithSearch("march"))).Single().Id.ShouldBe(letter);
        (await List(new ListQuery().WithSearch($"#{letter}"))).Single().Id.ShouldBe(letter);
        (await List(new ListQuery().WithSearch("test.sing"))).Single().Type.ShouldBe("test.single");
        (await List(new ListQuery().WithFilter("type", "test.job"))).Single().Id.ShouldBe(letter);
        (await List(new ListQuery().WithFilter("state", "running"))).ShouldBeEmpty();
        (await List(new ListQuery().WithFilter("state", "queued"))).Count.ShouldBe(2);

        async Task<IReadOnlyList<JobItem>> List(ListQuery query) => (await As(Auditor).ListAsync(query)).Rows;
    }

    [Fact]
    public async Task List_OtherTenant_DoesNotExist()
    {
        var id = await _node.EnqueueAsync(new TestJob("a"));
        var stranger = As(Operator with { TenantId = Guid.NewGuid() });

        (await stranger.ListAsync(new ListQuery())).Rows.ShouldBeEmpty();
        (await stranger.GetAsync(id)).ShouldBeNull();
        (await stranger.LogAsync(id)).ShouldBeEmpty();
        (await stranger.AttemptsAsync(id)).ShouldBeEmpty();
        (await stranger.CancelAsync(id)).ShouldBe(JobCommandResult.NotFound);
        (await stranger.CancelAsync(Picked(id))).ShouldBe(0);
    }

    [Fact]
    public async Task Commands_WithoutPermission_AreRefusedAndAudited()
    {
        var id = await _node.EnqueueAsync(new TestJob("a"));

        await Should.ThrowAsync<ForbiddenException>(() => As(Member).ListAsync(new ListQuery()));
        await Should.ThrowAsync<ForbiddenException>(() => As(Member).GetAsync(id));
        await Should.ThrowAsync<ForbiddenException>(() => As(Member).CountsAsync());
        await Should.ThrowAsync<ForbiddenException>(() => As(Auditor).CancelAsync(id));
        await Should.ThrowAsync<ForbiddenException>(() => As(Auditor).RetryAsync(Picked(id)));

        (await _node.ReadAsync(id)).State.ShouldBe(JobState.Queued);
        (await AuditAsync()).Count(a => a is { Action: "security.denied", Outcome: AuditOutcome.Denied }).ShouldBe(5);
    }

    [Fact]
    public async Task Cancel_Queued_IsCancelledAtOnceAndNeverRuns()
    {
        var id = await _node.EnqueueAsync(new TestJob("never"), new() { Subject = "file.pdf" });

        (await As(Operator).CancelAsync(id)).ShouldBe(JobCommandResult.Done);

        await _node.StartAsync();
        await _node.Reaches(await _node.EnqueueAsync(new TestJob("next")), JobState.Succeeded);
        (await _node.ReadAsync(id)).State.ShouldBe(JobState.Cancelled);
        _node.Work.RunsOf("never").ShouldBe(0);
        var row = (await AuditAsync()).Single();
        (row.Action, row.SubjectId, row.SubjectName, row.ActorId).ShouldBe(("jobs.cancel", $"{id}", "file.pdf", Operator.UserId));
    }

    [Fact]
    public async Task Cancel_Running_StopsTheHandlerWithinASecond()
    {
        _node.Work.Hold("held");
        await _node.StartAsync();
        var id = await _node.EnqueueAsync(new TestJob("held"));
        await _node.Reaches(id, JobState.Running);

        (await As(Operator).CancelAsync(id)).ShouldBe(JobCommandResult.Requested);

        (await _node.Reaches(id, JobState.Cancelled)).Attempts.ShouldBe(1);
        (await _node.AttemptsAsync(id)).Single().Outcome.ShouldBe(JobOutcome.Cancelled);
    }

    [Fact]
    public async Task Cancel_TopicLost_TheHeartbeatStopsTheHandler()
    {
        _node.Work.Hold("deaf");
        await _node.StartAsync();
        var id = await _node.EnqueueAsync(new TestJob("deaf"));
        await _node.Reaches(id, JobState.Running);
        await using (var db = await _node.Databases.CreateDbContextAsync())
            await db.Set<Job>().Where(j => j.Id == id).ExecuteUpdateAsync(set => set.SetProperty(j => j.CancelRequested, true));

        await _node.Reaches(id, JobState.Cancelled);
    }

    [Fact]
    public async Task Cancel_WhileItEnds_LeavesOneFinalState()
    {
        await _node.StartAsync();
        for (var round = 0; round < 20; round++)
        {
            var gate = _node.Work.Hold("race");
            var id = await _node.EnqueueAsync(new TestJob("race"));
            await Eventually.Holds(() => gate.Inside == 1);

            var first = Task.Run(() => As(Operator).CancelAsync(id));
            var second = Task.Run(() => As(Operator).CancelAsync(id));
            gate.Open();
            var results = await Task.WhenAll(first, second);

            await Eventually.Holds(async () => (await _node.ReadAsync(id)).State.IsFinal());
            var job = await _node.ReadAsync(id);
            job.State.ShouldBeOneOf(JobState.Succeeded, JobState.Cancelled);
            (await _node.AttemptsAsync(id)).Single().Outcome.ShouldBe(job.State == JobState.Succeeded ? JobOutcome.Succeeded : JobOutcome.Cancelled);
            results.Count(r => r == JobCommandResult.Requested).ShouldBeLessThanOrEqualTo(1);
            (await As(Operator).CancelAsync(id)).ShouldBe(JobCommandResult.NotPossible);
        }
    }

    [Fact]
    public async Task Retry_Failed_RunsAgainWithItsHistory()
    {
        var healed = false;
        _node.Work.On("patient", _ => { if (!Volatile.Read(ref healed)) throw new JobFailedException("ill"); });
        await _node.StartAsync();
        var id = await _node.EnqueueAsync(new TestJob("patient"));
        await _node.Reaches(id, JobState.Failed);
        Volatile.Write(ref healed, true);

        (await As(Operator).RetryAsync(id)).ShouldBe(JobCommandResult.Done);

        var job = await _node.Reaches(id, JobState.Succeeded);
        (job.Attempts, job.MaxAttempts).ShouldBe((2, 4));
        (await _node.AttemptsAsync(id)).Select(a => a.Outcome).ShouldBe([JobOutcome.Failed, JobOutcome.Succeeded]);
        (await As(Operator).RetryAsync(id)).ShouldBe(JobCommandResult.NotPossible);
    }

    [Fact]
    public async Task Bulk_AllThatMatch_TouchesTheseAloneAndWritesOneAuditRow()
    {
        for (var i = 0; i < 5; i++) await _node.EnqueueAsync(new TestJob($"{i}"));
        var other = await _node.EnqueueAsync(new SingleJob("other"));
        var selection = new ListSelection(ImmutableHashSet<string>.Empty, true, new ListQuery().WithFilter("type", "test.job"), new ListTotal(5));

        (await As(Operator).CancelAsync(selection)).ShouldBe(5);
        (await _node.ReadAsync(other)).State.ShouldBe(JobState.Queued);
        (await As(Operator).RetryAsync(selection)).ShouldBe(5);

        (await As(Auditor).CountsAsync()).Of(JobState.Queued).Count.ShouldBe(6);
        var rows = await AuditAsync();
        rows.Select(r => (r.Action, r.Count)).ShouldBe([("jobs.cancel", 5), ("jobs.retry", 5)]);
        rows[0].Detail.ShouldBe("""{"filter":"type=test.job"}""");
    }

    [Fact]
    public async Task Get_Details_MaskSecretsAndKnowTheTypicalTime()
    {
        await _node.StartAsync();
        await _node.Reaches(await _node.EnqueueAsync(new TestJob("before")), JobState.Succeeded);
        var id = await _node.EnqueueAsync(new TestJob("x"), new() { DueAt = DateTimeOffset.UtcNow.AddHours(1) });

        var detail = (await As(Auditor).GetAsync(id))!;

        detail.Arguments.ShouldContain("\"name\": \"x\"");
        detail.Typical.ShouldNotBeNull();
        detail.OwnerName.ShouldBeNull();
        (await As(Auditor).GetAsync(id + 1000)).ShouldBeNull();
    }

    [Fact]
    public async Task Mine_OnlyTheOwnersOwn()
    {
        var id = await _node.EnqueueAsync(new TestJob("mine"), caller: Member);

        (await As(Member).MineAsync(id))!.Id.ShouldBe(id);
        (await As(Operator with { UserId = Guid.NewGuid() }).MineAsync(id)).ShouldBeNull();
    }

    [Fact]
    public async Task Log_AfterALine_GivesWhatCameLaterOfTheLevel()
    {
        _node.Work.On("chatty", job =>
        {
            for (var i = 0; i < 600; i++) job.Info($"line {i}");
            job.Warn("warning");
        });
        await _node.StartAsync();
        var id = await _node.EnqueueAsync(new TestJob("chatty"));
        await _node.Reaches(id, JobState.Succeeded);

        var last = await As(Auditor).LogAsync(id);
        last.Count.ShouldBe(500);
        last[^1].Message.ShouldBe("warning");
        (await As(Auditor).LogAsync(id, last[^3].Id)).Select(l => l.Message).ShouldBe(["line 599", "warning"]);
        (await As(Auditor).LogAsync(id, least: Microsoft.Extensions.Logging.LogLevel.Warning)).Single().Message.ShouldBe("warning");
    }

    private static ListSelection Picked(params long[] ids) => new(ids.Select(i => $"{i}").ToHashSet(), false, new ListQuery(), null);

    private JobsService As(Caller caller)
    {
        var scope = _node.Scope();
        lock (_scopes) _scopes.Add(scope);
        scope.ServiceProvider.GetRequiredService<CurrentCaller>().Use(caller);
        return scope.ServiceProvider.GetRequiredService<JobsService>();
    }

    private async Task<List<AuditEntry>> AuditAsync()
    {
        await using var db = await _node.Databases.CreateDbContextAsync();
        return await db.Set<AuditEntry>().AsNoTracking().OrderBy(a => a.Id).ToListAsync();
    }
}
