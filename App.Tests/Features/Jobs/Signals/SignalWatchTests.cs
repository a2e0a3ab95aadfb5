using BlazorAdmin.Data;
using BlazorAdmin.Features.Audit;
using BlazorAdmin.Features.Jobs;
using BlazorAdmin.Features.Jobs.Operations;
using BlazorAdmin.Features.Jobs.Rules;
using BlazorAdmin.Features.Jobs.Signals;
using BlazorAdmin.Features.Jobs.Statistics;
using BlazorAdmin.Features.Notifications;
using BlazorAdmin.Features.Settings;
using BlazorAdmin.Live;
using BlazorAdmin.Security;
using BlazorAdmin.Tests.Data;
using BlazorAdmin.Tests.Features.Jobs.Operations;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Localization;
using static BlazorAdmin.Tests.Features.Jobs.Operations.OperationsFixture;

namespace BlazorAdmin.Tests.Features.Jobs.Signals;

public sealed class SignalWatchTests : IClassFixture<DatabaseFixture>, IAsyncLifetime
{
    private readonly string _connectionString;
    private readonly OperationsFixture _fixture;
    private readonly StubSource _schedules = new();
    private int _changes;

    public SignalWatchTests(DatabaseFixture database)
    {
        _connectionString = database.ConnectionString;
        _fixture = new OperationsFixture(
            database.ConnectionString,
            options => (options.FailuresInARow, options.BacklogMinutes, options.HeldTransactionMinutes) = (3, 10, 60),
            services => services.AddSingleton<ISignalSource>(_schedules));
        _fixture.Node.Get<Topic<SignalsChanged>>().Subscribe(_ => _changes++);
    }

    public Task InitializeAsync() => _fixture.ClearAsync();

    public async Task DisposeAsync() => await _fixture.DisposeAsync();

    [Fact]
    public async Task Failing_TypeFailsInARow_IsToldOnceAndWhenItIsOver()
    {
        await _fixture.AddAsync(State("test.job", 2), State("test.single", 3, "no connection"));

        await LookAsync();
        var signal = (await ActiveAsync()).ShouldHaveSingleItem();
        (signal.Kind, signal.Subject, signal.Value, signal.Detail).ShouldBe((SignalKind.Failing, "test.single", 3, "no connection"));
        var notice = (await NoticesAsync()).ShouldHaveSingleItem();
        (notice.Role, notice.Kind, notice.Level, notice.Url).ShouldBe((Roles.Operator, "jobs.signal", NotificationLevel.Bad, "/admin/jobs?state=failed&type=test.single"));
        notice.Title.ShouldContain("test.single");
        _changes.ShouldBe(1);

        await FailAsync("test.single", 8);
        await LookAsync();
        (await ActiveAsync()).Single().Value.ShouldBe(8);
        (await NoticesAsync()).Count.ShouldBe(1, "it goes on");

        await FailAsync("test.single", 0);
        await LookAsync();
        (await ActiveAsync()).ShouldBeEmpty();
        (await NoticesAsync())[^1].Kind.ShouldBe("jobs.signal_over");
        await LookAsync();
        (await NoticesAsync()).Count.ShouldBe(2);

        await FailAsync("test.single", 3);
        await LookAsync();
        (await ActiveAsync()).ShouldHaveSingleItem();
        (await NoticesAsync()).Count.ShouldBe(3);
    }

    [Fact]
    public async Task Signal_StillHoldsAfterADay_IsToldAgainOnce()
    {
        await _fixture.AddAsync(State("test.job", 5));
        await LookAsync();
        await _fixture.QueryAsync(db => db.Set<JobSignal>().ExecuteUpdateAsync(set => set.SetProperty(s => s.RaisedAt, DateTimeOffset.UtcNow.AddHours(-24).AddMinutes(-1))));

        // The last look was before the day was over.
        await LookAsync(lastLook: TimeSpan.FromMinutes(5));
        (await NoticesAsync()).Count.ShouldBe(2);
        await LookAsync();
        (await NoticesAsync()).Count.ShouldBe(2);
    }

    [Fact]
    public async Task Backlog_DueJobWaits_OnlyWhereNothingIsPaused()
    {
        await _fixture.Node.EnqueueAsync(new TestJob("x"), new() { DueAt = DateTimeOffset.UtcNow.AddMinutes(-30) });
        await _fixture.Node.EnqueueAsync(new SingleJob("y"), new() { DueAt = DateTimeOffset.UtcNow.AddMinutes(-9) });
        await _fixture.AddAsync(Pause(PauseScope.Type, "test.job"));

        await LookAsync();
        (await ActiveAsync()).ShouldBeEmpty();

        await ResumeAsync();
        await LookAsync();
        var signal = (await ActiveAsync()).ShouldHaveSingleItem();
        (signal.Kind, signal.Subject, signal.Detail).ShouldBe((SignalKind.Backlog, "default", "test.job"));
        signal.Value.ShouldBeInRange(1800, 1900);

        // Once raised it holds until the wait is half as long.
        await _fixture.QueryAsync(db => db.Set<Job>().Where(j => j.Type == "test.job").ExecuteDeleteAsync());
        await LookAsync();
        (await ActiveAsync()).ShouldHaveSingleItem();
        await _fixture.AddAsync(Pause(PauseScope.Queue, "default"));
        await LookAsync();
        (await ActiveAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task DeadNode_SilentNode_IsToldUntilItIsRemoved()
    {
        await _fixture.AddAsync(Worker("alive", -TimeSpan.FromMinutes(1)), Worker("dead", TimeSpan.FromMinutes(2)));

        await LookAsync();
        var signal = (await ActiveAsync()).ShouldHaveSingleItem();
        (signal.Kind, signal.Subject).ShouldBe((SignalKind.DeadNode, "dead"));

        await _fixture.As<WorkersService>(Operator).RemoveAsync("dead");
        await LookAsync();
        (await ActiveAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task Stuck_RunIgnoresItsStop_IsToldUntilItEnds()
    {
        var id = await _fixture.Node.EnqueueAsync(new TestJob("x"), new() { Subject = "letter.pdf" });
        await _fixture.Node.ClaimAsync("one");
        await LookAsync();
        (await ActiveAsync()).ShouldBeEmpty();

        var now = DateTimeOffset.UtcNow;
        await _fixture.QueryAsync(db => db.Set<Job>().ExecuteUpdateAsync(set => set.SetProperty(j => j.StopRequestedAt, now.AddMinutes(-2)).SetProperty(j => j.StuckAt, now.AddMinutes(-1))));
        await LookAsync();
        var signal = (await ActiveAsync()).ShouldHaveSingleItem();
        (signal.Kind, signal.Subject, signal.Detail).ShouldBe((SignalKind.Stuck, $"{id}", "test.job, letter.pdf, one"));
        (await NoticesAsync()).Single().Url.ShouldBe($"/admin/jobs?item={id}");

        await _fixture.QueryAsync(db => db.Set<Job>().ExecuteUpdateAsync(set => set.SetProperty(j => j.State, JobState.Cancelled)));
        await LookAsync();
        (await ActiveAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task HeldTransaction_SessionKeepsOneOpen_IsNamedUntilItCommits()
    {
        await using var fixture = new OperationsFixture(_connectionString, options => options.HeldTransactionMinutes = 0);
        await using var holder = new Npgsql.NpgsqlConnection(new Npgsql.NpgsqlConnectionStringBuilder(_connectionString) { ApplicationName = "nightly report", Pooling = false }.ConnectionString);
        await holder.OpenAsync();
        var transaction = await holder.BeginTransactionAsync(System.Data.IsolationLevel.RepeatableRead);
        await using (var query = new Npgsql.NpgsqlCommand("select count(*) from \"Jobs\"", holder, transaction)) await query.ExecuteScalarAsync();

        await LookAsync(of: fixture);
        var held = (await ActiveAsync()).Where(s => s.Subject.StartsWith("nightly report", StringComparison.Ordinal)).ShouldHaveSingleItem();
        held.Kind.ShouldBe(SignalKind.HeldTransaction);
        held.Subject.ShouldBe($"nightly report ({holder.ProcessID})");
        held.Detail.ShouldNotBeNull().ShouldContain("idle in transaction");

        await transaction.DisposeAsync();
        await LookAsync(of: fixture);
        (await ActiveAsync()).ShouldNotContain(s => s.Subject == held.Subject);
    }

    [Fact]
    public async Task NoSuccess_SourceOfAnotherSlice_IsToldLikeTheOthers()
    {
        _schedules.Find = () => [new JobCondition(SignalKind.NoSuccess, "nightly", 7200, "usually every hour")];
        await LookAsync();
        (await ActiveAsync()).Select(s => (s.Kind, s.Subject)).ShouldBe([(SignalKind.NoSuccess, "nightly")]);
        (await NoticesAsync()).Single().Url.ShouldBe("/admin/schedules");

        // What cannot be known changes nothing, and the others are looked at all the same.
        await _fixture.AddAsync(State("test.job", 5));
        _schedules.Find = () => throw new InvalidOperationException("broken");
        await LookAsync();
        (await ActiveAsync()).Count.ShouldBe(2);
        (await _fixture.As<SignalsService>(Auditor).ReadAsync()).Unknown.ShouldBe([SignalKind.NoSuccess]);
        _schedules.Find = () => null;
        await LookAsync();
        (await ActiveAsync()).Count.ShouldBe(2);

        _schedules.Find = () => [];
        await LookAsync();
        (await ActiveAsync()).Select(s => s.Kind).ShouldBe([SignalKind.Failing]);
        (await _fixture.As<SignalsService>(Auditor).ReadAsync()).Unknown.ShouldBeEmpty();
    }

    [Fact]
    public async Task Look_SeveralNodes_OneOfThemLooks()
    {
        await using var other = new OperationsFixture(_connectionString);
        await _fixture.AddAsync(State("test.job", 5));

        var looks = await Task.WhenAll(Enumerable.Range(0, 8).Select(i => (i % 2 == 0 ? _fixture : other).Node.Get<SignalWatch>().LookAsync(CancellationToken.None)));

        looks.Count(looked => looked).ShouldBe(1);
        (await NoticesAsync()).Count.ShouldBe(1);
        // Whoever looked may be dead by now: the next turn is anybody's.
        await LookAsync(of: other);
    }

    [Fact]
    public async Task Look_PauseIsOver_ItsRowGoesAndTheAuditSaysSo()
    {
        var pause = Pause(PauseScope.Type, "test.job");
        pause.Until = DateTimeOffset.UtcNow.AddMinutes(-1);
        await _fixture.AddAsync(pause, Pause(PauseScope.Type, "test.single"));

        await LookAsync();

        (await _fixture.QueryAsync(db => db.Set<JobPause>().Select(p => p.Name).ToListAsync())).ShouldBe(["test.single"]);
        var row = (await _fixture.AuditAsync()).ShouldHaveSingleItem();
        (row.Action, row.SubjectId, row.ActorId).ShouldBe(("jobs.resume", "test.job", null));
        _fixture.RuleChanges.ShouldBe(1);
    }

    [Fact]
    public async Task Health_SignalHolds_NamesIt()
    {
        var node = _fixture.Node;
        await node.StartAsync();
        await _fixture.AddAsync(new JobSignal { Kind = SignalKind.Failing, Subject = "test.job", TenantId = AppDbContext.DefaultTenant, RaisedAt = DateTimeOffset.UtcNow, Value = 5 });
        var check = new JobsHealthCheck(
            node.Databases, node.Get<DatabaseState>(), node.Get<JobTypes>(), node.Get<JobHeartbeat>(), node.Get<Microsoft.Extensions.Options.IOptionsMonitor<JobsOptions>>(), TimeProvider.System);

        (await check.CheckHealthAsync(new Microsoft.Extensions.Diagnostics.HealthChecks.HealthCheckContext())).Description.ShouldNotBeNull().ShouldContain("Failing of test.job");
    }

    [Fact]
    public async Task Read_WithoutPermission_IsRefused() => await Should.ThrowAsync<ForbiddenException>(() => _fixture.As<SignalsService>(Member).ReadAsync());

    [Theory]
    [InlineData("en")]
    [InlineData("de")]
    public void Texts_EveryKind_HasThem(string culture)
    {
        using var context = new BlazorAdmin.Tests.Shell.ShellContext(culture);
        var texts = context.Services.GetRequiredService<IStringLocalizer<SignalsTexts>>();
        foreach (var kind in Enum.GetNames<SignalKind>())
            foreach (var key in new[] { $"Kind{kind}", $"Do{kind}", $"Notice{kind}", $"Notice{kind}Body", $"Over{kind}", kind == "Failing" ? "SaysFailingOther" : $"Says{kind}" })
                texts[key].ResourceNotFound.ShouldBeFalse(key);
    }

    private async Task LookAsync(TimeSpan? lastLook = null, OperationsFixture? of = null)
    {
        await _fixture.QueryAsync(db => db.Set<SystemValue>().Where(v => v.Key == SignalWatch.LastLook)
            .ExecuteUpdateAsync(set => set.SetProperty(v => v.ChangedAt, DateTimeOffset.UtcNow - (lastLook ?? TimeSpan.FromSeconds(31)))));
        (await (of ?? _fixture).Node.Get<SignalWatch>().LookAsync(CancellationToken.None)).ShouldBeTrue();
    }

    private async Task<IReadOnlyList<JobSignal>> ActiveAsync() => (await _fixture.As<SignalsService>(Auditor).ReadAsync()).Active;

    private Task<List<Notification>> NoticesAsync() => _fixture.QueryAsync(db => db.Set<Notification>().AsNoTracking().OrderBy(n => n.Id).ToListAsync());

    private Task<int> FailAsync(string type, int failures) =>
        _fixture.QueryAsync(db => db.Set<JobTypeState>().Where(s => s.Type == type).ExecuteUpdateAsync(set => set.SetProperty(s => s.FailuresInARow, failures)));

    private Task<int> ResumeAsync() => _fixture.QueryAsync(db => db.Set<JobPause>().ExecuteDeleteAsync());

    private static JobTypeState State(string type, int failures, string? error = null) => new()
    {
        TenantId = AppDbContext.DefaultTenant, Type = type, LastState = JobState.Failed, LastEndedAt = DateTimeOffset.UtcNow, FailuresInARow = failures, LastError = error,
    };

    private static JobPause Pause(PauseScope scope, string name) => new() { Scope = scope, Name = name, TenantId = AppDbContext.DefaultTenant, Since = DateTimeOffset.UtcNow, Reason = "test" };

    /// <summary>Stands for the schedules' own source.</summary>
    private sealed class StubSource : ISignalSource
    {
        public Func<IReadOnlyList<JobCondition>?> Find { get; set; } = () => [];

        public SignalKind Kind => SignalKind.NoSuccess;

        public Task<IReadOnlyList<JobCondition>?> FindAsync(SignalReading reading, CancellationToken cancellation) => Task.FromResult(Find());
    }
}
