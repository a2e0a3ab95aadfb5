using BlazorAdmin.Features.Audit;
using BlazorAdmin.Features.Jobs;
using BlazorAdmin.Features.Jobs.Operations;
using BlazorAdmin.Features.Jobs.Rules;
using BlazorAdmin.Security;
using BlazorAdmin.Tests.Data;
using static BlazorAdmin.Tests.Features.Jobs.Operations.OperationsFixture;

namespace BlazorAdmin.Tests.Features.Jobs.Operations;

public sealed class JobRulesServiceTests(DatabaseFixture database) : IClassFixture<DatabaseFixture>, IAsyncLifetime
{
    private readonly OperationsFixture _fixture = new(database.ConnectionString);

    public Task InitializeAsync() => _fixture.ClearAsync();

    public async Task DisposeAsync() => await _fixture.DisposeAsync();

    [Fact]
    public async Task Queues_JobsAndMinutes_AreSummedUpByType()
    {
        var now = DateTimeOffset.UtcNow;
        await _fixture.Node.EnqueueAsync(new TestJob("due"), new() { DueAt = now.AddMinutes(-10), Priority = 3 });
        await _fixture.Node.EnqueueAsync(new TestJob("later"), new() { DueAt = now.AddHours(1), Priority = 9 });
        await _fixture.Node.EnqueueAsync(new TestJob("keyed"), new() { DueAt = now.AddMinutes(-20), LimitKey = "a" });
        await _fixture.Node.EnqueueAsync(new SingleJob("runs"));
        (await _fixture.Node.ClaimAsync("other", types: new TypeRoom("test.single", 1))).Count.ShouldBe(1);
        await _fixture.AddAsync(
            Stat("test.job", "here", 2, 6, 2), Stat("test.job", "other", 30, 10, 0), Stat("test.job", "here", 90, 1000, 0), Stat("test.job", "here", 30, 5000, 0, seconds: 3600));

        var queue = (await _fixture.As<JobRulesService>(Auditor).QueuesAsync()).Single();

        queue.Name.ShouldBe("default");
        var job = queue.Types.Single(t => t.Name == "test.job");
        (job.Load.Waiting.Count, job.Load.Due.Count, job.Load.Running).ShouldBe((3, 2, 0));
        job.Load.OldestDue!.Value.ShouldBe(now.AddMinutes(-20), TimeSpan.FromSeconds(1));
        job.Throughput.FiveMinutes.ShouldBe(new EndedJobs(6, 2));
        job.Throughput.Hour.ShouldBe(new EndedJobs(16, 2));
        job.Throughput.FiveMinutes.FailureRate.ShouldBe(0.25);
        queue.Types.Single(t => t.Name == "test.single").Load.Running.ShouldBe(1);
        (queue.Waiting.Count, queue.Due.Count, queue.Running).ShouldBe((3, 2, 1));
        queue.OldestDue.ShouldBe(job.Load.OldestDue);
    }

    [Fact]
    public async Task Everything_WithoutPermission_IsRefusedAndChangesNothing()
    {
        await Should.ThrowAsync<ForbiddenException>(() => _fixture.As<JobRulesService>(Member).QueuesAsync());
        await Should.ThrowAsync<ForbiddenException>(() => _fixture.As<JobRulesService>(Member).RulesAsync("test.job"));
        var auditor = _fixture.As<JobRulesService>(Auditor);
        await Should.ThrowAsync<ForbiddenException>(() => auditor.PauseAsync(PauseScope.Type, "test.job", "because", null));
        await Should.ThrowAsync<ForbiddenException>(() => auditor.ResumeAsync(PauseScope.Type, "test.job"));
        await Should.ThrowAsync<ForbiddenException>(() => auditor.SaveRulesAsync("test.job", Draft((RuleField.Priority, "7")), null));

        (await _fixture.AuditAsync()).Count(a => a is { Action: "security.denied", Outcome: AuditOutcome.Denied }).ShouldBe(5);
        (await _fixture.QueryAsync(db => db.Set<JobPause>().CountAsync())).ShouldBe(0);
        (await _fixture.QueryAsync(db => db.Set<JobTypeRule>().CountAsync())).ShouldBe(0);
        _fixture.RuleChanges.ShouldBe(0);
    }

    [Fact]
    public async Task Pause_TypeAndQueue_HoldAreAuditedAndReadByTheEngine()
    {
        var service = _fixture.As<JobRulesService>(Operator);
        var until = DateTimeOffset.UtcNow.AddHours(1);
        (await service.PauseAsync(PauseScope.Type, "test.job", "  database is being moved ", until)).Outcome.ShouldBe(RuleOutcome.Done);

        var queue = (await service.QueuesAsync()).Single();
        queue.Pause.ShouldBeNull();
        var pause = queue.Types.Single(t => t.Name == "test.job").Pause.ShouldNotBeNull();
        (pause.Reason, pause.By).ShouldBe(("database is being moved", "Olga"));
        _fixture.RuleChanges.ShouldBe(1);
        var rules = _fixture.Node.Get<JobRules>();
        await rules.ReadAsync(CancellationToken.None);
        var type = _fixture.Node.Get<JobTypes>().Find("test.job")!;
        rules.PauseOf(type, DateTimeOffset.UtcNow).ShouldNotBeNull().Reason.ShouldBe("database is being moved");
        rules.PauseOf(type, until.AddSeconds(1)).ShouldBeNull();
        rules.PauseOf(_fixture.Node.Get<JobTypes>().Find("test.single")!, DateTimeOffset.UtcNow).ShouldBeNull();

        (await service.PauseAsync(PauseScope.Queue, "default", "all of it", null)).Outcome.ShouldBe(RuleOutcome.Done);
        await rules.ReadAsync(CancellationToken.None);
        rules.PauseOf(_fixture.Node.Get<JobTypes>().Find("test.single")!, DateTimeOffset.UtcNow).ShouldNotBeNull();
        (await service.ResumeAsync(PauseScope.Queue, "default")).ShouldBe(RuleOutcome.Done);
        (await service.ResumeAsync(PauseScope.Type, "test.job")).ShouldBe(RuleOutcome.Done);
        (await service.ResumeAsync(PauseScope.Type, "test.job")).ShouldBe(RuleOutcome.NotFound);

        (await service.QueuesAsync()).Single().Types.ShouldAllBe(t => t.Pause == null);
        var audit = await _fixture.AuditAsync();
        audit.Select(a => a.Action).ShouldBe(["jobs.pause", "jobs.pause", "jobs.resume", "jobs.resume"]);
        (audit[0].SubjectType, audit[0].SubjectId).ShouldBe(("job type", "test.job"));
        audit[0].After.ShouldNotBeNull().ShouldContain("database is being moved");
        audit[2].Before.ShouldNotBeNull().ShouldContain("all of it");
        _fixture.RuleChanges.ShouldBe(4);
    }

    [Fact]
    public async Task Pause_BadInput_NamesTheFieldAndTheRemedy()
    {
        var service = _fixture.As<JobRulesService>(Operator);

        var empty = await service.PauseAsync(PauseScope.Queue, "default", "  ", DateTimeOffset.UtcNow.AddMinutes(-1));
        empty.Outcome.ShouldBe(RuleOutcome.Invalid);
        empty.ReasonProblem.ShouldNotBeNull().ShouldContain("say in a few words why");
        empty.UntilProblem.ShouldNotBeNull().ShouldContain("choose a later one");
        (await service.PauseAsync(PauseScope.Queue, "default", new string('x', 401), null)).ReasonProblem.ShouldNotBeNull().ShouldContain("400");
        (await service.PauseAsync(PauseScope.Queue, "default", "x", DateTimeOffset.UtcNow.AddYears(2))).UntilProblem.ShouldNotBeNull().ShouldContain("a year");
        (await service.PauseAsync(PauseScope.Queue, "nowhere", "x", null)).Outcome.ShouldBe(RuleOutcome.NotFound);
        (await service.PauseAsync(PauseScope.Type, "no.type", "x", null)).Outcome.ShouldBe(RuleOutcome.NotFound);

        (await _fixture.AuditAsync()).ShouldBeEmpty();
        _fixture.RuleChanges.ShouldBe(0);
    }

    [Fact]
    public async Task Queues_PauseIsOver_IsNotShown()
    {
        await _fixture.AddAsync(new JobPause { Scope = PauseScope.Queue, Name = "default", TenantId = Operator.TenantId, Since = DateTimeOffset.UtcNow.AddHours(-2), Until = DateTimeOffset.UtcNow.AddHours(-1) });

        (await _fixture.As<JobRulesService>(Operator).QueuesAsync()).Single().Pause.ShouldBeNull();
        // Its row does not stand in the way of the next pause.
        (await _fixture.As<JobRulesService>(Operator).PauseAsync(PauseScope.Queue, "default", "again", null)).Outcome.ShouldBe(RuleOutcome.Done);
        (await _fixture.As<JobRulesService>(Operator).QueuesAsync()).Single().Pause.ShouldNotBeNull().Until.ShouldBeNull();
    }

    [Fact]
    public async Task SaveRules_AllFields_HoldForTheEngineAndAreAuditedWithBeforeAndAfter()
    {
        var service = _fixture.As<JobRulesService>(Operator);
        var before = (await service.RulesAsync("test.job")).ShouldNotBeNull();
        before.Set.ShouldBeNull();
        before.Values.Single(v => v.Field == RuleField.MaxAttempts).Code.ShouldBe("3");
        before.Values.Single(v => v.Field == RuleField.MaxRunning).Code.ShouldBeNull();
        before.Values.Single(v => v.Field == RuleField.Retry).Code.ShouldNotBeNull().ShouldStartWith("exponential");

        var draft = Draft(
            (RuleField.Priority, "9"), (RuleField.MaxAttempts, "7"), (RuleField.TimeoutSeconds, "0"), (RuleField.Retry, "table 10s  1m 1h"), (RuleField.MaxRunning, "2"),
            (RuleField.MaxRunningPerKey, "1"), (RuleField.StartsPerMinute, "0.5"), (RuleField.KeepSucceededDays, "1"), (RuleField.KeepFailedDays, "30"));
        (await service.SaveRulesAsync("test.job", draft, before.Seen)).Outcome.ShouldBe(RuleOutcome.Done);

        var rules = _fixture.Node.Get<JobRules>();
        await rules.ReadAsync(CancellationToken.None);
        var rule = rules.Of(_fixture.Node.Get<JobTypes>().Find("test.job")!);
        (rule.Priority, rule.MaxAttempts, rule.TimeoutSeconds, rule.MaxRunning, rule.MaxRunningPerKey, rule.StartsPerMinute).ShouldBe((9, 7, 0, 2, 1, 0.5));
        rule.Retry!.ToString().ShouldBe("table 10s 1m 1h");
        var stored = (await service.RulesAsync("test.job")).ShouldNotBeNull();
        (stored.Set!.KeepSucceededDays, stored.Set.KeepFailedDays).ShouldBe((1, 30));
        (await service.QueuesAsync()).Single().Types.Single(t => t.HasRules).Name.ShouldBe("test.job");

        var changed = RuleDraft.Of(stored.Set);
        changed[RuleField.MaxAttempts] = "";
        (await service.SaveRulesAsync("test.job", changed, stored.Seen)).Outcome.ShouldBe(RuleOutcome.Done);
        var audit = await _fixture.AuditAsync();
        audit.Select(a => a.Action).ShouldBe(["jobs.rules", "jobs.rules"]);
        AuditDiff.Of(audit[1].Before, audit[1].After).Where(c => c.Property != "ChangedAt").Select(c => (c.Property, c.Before, c.After)).ShouldBe([("MaxAttempts", "7", null)]);
        _fixture.RuleChanges.ShouldBe(2);

        var again = (await service.RulesAsync("test.job"))!;
        (await service.SaveRulesAsync("test.job", RuleDraft.Of(again.Set), again.Seen)).Outcome.ShouldBe(RuleOutcome.Done);
        _fixture.RuleChanges.ShouldBe(2, "nothing changed");

        (await service.SaveRulesAsync("test.job", new RuleDraft(), again.Seen)).Outcome.ShouldBe(RuleOutcome.Done);
        (await service.RulesAsync("test.job"))!.Set.ShouldBeNull();
        (await _fixture.AuditAsync())[^1].Action.ShouldBe("jobs.rules_reset");
        (await _fixture.AuditAsync())[^1].Before.ShouldNotBeNull().ShouldContain("\"Priority\":9");
    }

    [Theory]
    [InlineData(RuleField.Priority, "11", "Priority: write a whole number from 1 to 10")]
    [InlineData(RuleField.MaxAttempts, "many", "Attempts: write a whole number from 1 to 100")]
    [InlineData(RuleField.TimeoutSeconds, "1.5", "Time-out in seconds: write a whole number")]
    [InlineData(RuleField.MaxRunning, "0", "To keep the type from starting, pause it.")]
    [InlineData(RuleField.StartsPerMinute, "-1", "Starts per minute: write a number from 0.01")]
    [InlineData(RuleField.KeepFailedDays, "4000", "from 0 to 3,650")]
    [InlineData(RuleField.Retry, "sometimes", "\"exponential 10s..1h\"")]
    [InlineData(RuleField.Retry, "fixed 99d", "at most 30d")]
    [InlineData(RuleField.Retry, "exponential 2h..1h", "longer than the longest")]
    public async Task SaveRules_BadInput_NamesTheFieldAndTheRemedy(RuleField field, string text, string message)
    {
        using var english = new CultureOf("en");
        var result = await _fixture.As<JobRulesService>(Operator).SaveRulesAsync("test.job", Draft((RuleField.Priority, "2"), (field, text)), null);

        result.Outcome.ShouldBe(RuleOutcome.Invalid);
        var problem = result.Problems.ShouldHaveSingleItem();
        problem.Field.ShouldBe(field);
        problem.Message.ShouldContain(message);
        (await _fixture.QueryAsync(db => db.Set<JobTypeRule>().CountAsync())).ShouldBe(0);
        _fixture.RuleChanges.ShouldBe(0);
    }

    [Fact]
    public async Task SaveRules_SomebodyElseWasFaster_IsRefused()
    {
        var service = _fixture.As<JobRulesService>(Operator);
        (await service.SaveRulesAsync("test.job", Draft((RuleField.Priority, "7")), null)).Outcome.ShouldBe(RuleOutcome.Done);

        (await service.SaveRulesAsync("test.job", Draft((RuleField.Priority, "2")), null)).Outcome.ShouldBe(RuleOutcome.Changed);

        (await service.RulesAsync("test.job"))!.Set!.Priority.ShouldBe(7);
        (await service.SaveRulesAsync("no.type", Draft((RuleField.Priority, "2")), null)).Outcome.ShouldBe(RuleOutcome.NotFound);
        (await service.RulesAsync("no.type")).ShouldBeNull();
    }

    [Fact]
    public void Draft_GermanNumbers_AreReadAndWritten()
    {
        using var german = new CultureOf("de");
        var texts = _fixture.Node.Get<Microsoft.Extensions.Localization.IStringLocalizer<OperationsTexts>>();
        var rule = new JobTypeRule { Type = "x" };

        Draft((RuleField.StartsPerMinute, "0,5"), (RuleField.KeepFailedDays, "1.5")).WriteTo(rule, texts).ShouldBeEmpty();

        (rule.StartsPerMinute, rule.KeepFailedDays).ShouldBe((0.5, 1.5));
        RuleDraft.Of(rule)[RuleField.StartsPerMinute].ShouldBe("0,5");
        Draft((RuleField.Priority, "x")).WriteTo(rule, texts).Single().Message.ShouldContain("ganze Zahl von 1 bis 10");
    }

    [Theory]
    [InlineData("fixed", "Eine Art und ihre Zeiten angeben")]
    [InlineData("now and then", "ist keine Strategie für Wiederholungen")]
    [InlineData("fixed soon", "ist keine Zeit")]
    [InlineData("exponential 1h..10s", "Die erste Wartezeit (1h) ist länger")]
    public void Draft_WrongStrategy_IsSaidInGerman(string typed, string said)
    {
        using var german = new CultureOf("de");
        var texts = _fixture.Node.Get<Microsoft.Extensions.Localization.IStringLocalizer<OperationsTexts>>();

        Draft((RuleField.Retry, typed)).WriteTo(new JobTypeRule { Type = "x" }, texts).Single().Message.ShouldContain(said);
    }

    private static RuleDraft Draft(params (RuleField Field, string Text)[] fields)
    {
        var draft = new RuleDraft();
        foreach (var (field, text) in fields) draft[field] = text;
        return draft;
    }

    private sealed class CultureOf : IDisposable
    {
        private readonly System.Globalization.CultureInfo _before = System.Globalization.CultureInfo.CurrentCulture;
        private readonly System.Globalization.CultureInfo _beforeUi = System.Globalization.CultureInfo.CurrentUICulture;

        public CultureOf(string name) =>
            System.Globalization.CultureInfo.CurrentCulture = System.Globalization.CultureInfo.CurrentUICulture = System.Globalization.CultureInfo.GetCultureInfo(name);

        public void Dispose() => (System.Globalization.CultureInfo.CurrentCulture, System.Globalization.CultureInfo.CurrentUICulture) = (_before, _beforeUi);
    }
}
