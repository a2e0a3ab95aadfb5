using System.Collections.Frozen;
using BlazorAdmin.Data;
using BlazorAdmin.Features.Audit;
using BlazorAdmin.Features.Jobs;
using BlazorAdmin.Features.Jobs.Schedules;
using BlazorAdmin.Security;
using BlazorAdmin.Shell.Lists;
using BlazorAdmin.Tests.Data;
using Microsoft.Extensions.DependencyInjection;

namespace BlazorAdmin.Tests.Features.Jobs.Schedules;

public sealed class ScheduleCommandsTests : IClassFixture<DatabaseFixture>, IAsyncLifetime
{
    private const string Registered = "test.registered";
    private static readonly DateTimeOffset Start = new(2026, 5, 4, 8, 0, 30, TimeSpan.Zero);
    private static readonly Caller Operator = new(Guid.NewGuid(), null, "Olga", AppDbContext.DefaultTenant, "10.0.0.1", new[] { JobsPermissions.Read, JobsPermissions.Manage }.ToFrozenSet());
    private static readonly Caller Auditor = Operator with { Permissions = new[] { JobsPermissions.Read }.ToFrozenSet() };
    private static readonly Caller Member = Operator with { Permissions = FrozenSet<string>.Empty };

    private readonly FakeTime _time = new(Start);
    private readonly TestBus _bus = new();
    private readonly TestNode _node;
    private readonly List<IServiceScope> _scopes = [];

    public ScheduleCommandsTests(DatabaseFixture database)
    {
        _node = new TestNode(database.ConnectionString, bus: _bus, more: services =>
        {
            services.AddSingleton<IDatabaseDialect>(VirtualNode.Dialect(_time)).AddSingleton(new DatabaseClock(_time));
            services.AddScoped<SchedulesService>().AddScoped<ScheduleCommands>().AddScoped<HolidayCalendars>().AddScoped<ScheduleBackfill>();
            services.AddSingleton(JobScheduleExtensions.Of(Registered, "0 0 * * * ?", new TestJob("hourly")) with { Calendar = "of.code" });
        });
    }

    public async Task InitializeAsync()
    {
        await _node.ChangeAsync(async db =>
        {
            await db.Set<ScheduleEntry>().ExecuteDeleteAsync();
            await db.Set<ScheduleMark>().ExecuteDeleteAsync();
            await db.Set<HolidayCalendar>().ExecuteDeleteAsync();
            await db.Set<JobTick>().ExecuteDeleteAsync();
            await db.Set<Job>().ExecuteDeleteAsync();
            await db.Set<AuditEntry>().ExecuteDeleteAsync();
        });
        await _node.SweepAsync();
    }

    public async Task DisposeAsync()
    {
        foreach (var scope in _scopes) scope.Dispose();
        await _node.DisposeAsync();
    }

    [Fact]
    public async Task Commands_WithoutPermission_AreRefusedAndAudited()
    {
        await Should.ThrowAsync<ForbiddenException>(() => As<SchedulesService>(Member).ListAsync(new ListQuery()));
        await Should.ThrowAsync<ForbiddenException>(() => As<SchedulesService>(Member).GetAsync(Registered));
        await Should.ThrowAsync<ForbiddenException>(() => As<SchedulesService>(Member).HistoryAsync(Registered));
        await Should.ThrowAsync<ForbiddenException>(() => As<SchedulesService>(Auditor).DraftAsync(Registered));
        var commands = As<ScheduleCommands>(Auditor);
        await Should.ThrowAsync<ForbiddenException>(() => commands.SaveAsync(Custom()));
        await Should.ThrowAsync<ForbiddenException>(() => commands.PauseAsync(Registered, "r", null));
        await Should.ThrowAsync<ForbiddenException>(() => commands.ResumeAsync(Registered));
        await Should.ThrowAsync<ForbiddenException>(() => commands.ResetAsync(Registered));
        await Should.ThrowAsync<ForbiddenException>(() => commands.DeleteAsync(Registered));
        await Should.ThrowAsync<ForbiddenException>(() => commands.RunNowAsync(Registered));
        await Should.ThrowAsync<ForbiddenException>(() => commands.BackfillAsync(Registered, Start, Start.AddHours(1)));
        await Should.ThrowAsync<ForbiddenException>(() => As<HolidayCalendars>(Auditor).SaveAsync(null, "x", ""));

        (await AuditAsync()).Count(a => a is { Action: "security.denied", Outcome: AuditOutcome.Denied }).ShouldBe(12);
        (await _node.JobsAsync(Registered)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Commands_OtherTenant_FindNothing()
    {
        var stranger = Operator with { TenantId = Guid.NewGuid() };

        (await As<SchedulesService>(stranger).ListAsync(new ListQuery())).Rows.ShouldBeEmpty();
        (await As<SchedulesService>(stranger).GetAsync(Registered)).ShouldBeNull();
        (await As<ScheduleCommands>(stranger).RunNowAsync(Registered)).Outcome.ShouldBe(ScheduleOutcome.NotFound);
        (await As<ScheduleCommands>(stranger).PauseAsync(Registered, "r", null)).Outcome.ShouldBe(ScheduleOutcome.NotFound);
        (await As<ScheduleCommands>(stranger).SaveAsync(new ScheduleDraft { Original = Registered })).Outcome.ShouldBe(ScheduleOutcome.NotFound);
    }

    [Theory]
    [InlineData("Name", "BadName", "Not a name")]
    [InlineData("Name", "NameTaken", Registered)]
    [InlineData("Type", "BadType", "no.such")]
    [InlineData("Arguments", "BadArguments", "{ not json")]
    [InlineData("Arguments", "BadArguments", "{\"nome\":\"x\"}")]
    [InlineData("Arguments", "BadArguments", "{}")]
    [InlineData("Cron", "BadCron", "0 0 25 * * ?")]
    [InlineData("Cron", "NeverDue", "0 0 0 30 2 ?")]
    [InlineData("TimeZone", "BadZone", "Europe/Atlantis")]
    [InlineData("Calendar", "BadCalendar", "no such")]
    public async Task Save_BadField_IsNamed(string field, string key, string value)
    {
        var draft = Custom();
        typeof(ScheduleDraft).GetProperty(field)!.SetValue(draft, value);

        var result = await As<ScheduleCommands>(Operator).SaveAsync(draft);

        result.Outcome.ShouldBe(ScheduleOutcome.Invalid);
        var problem = result.Problems.ShouldHaveSingleItem();
        (problem.Field, problem.Key).ShouldBe((field, key));
        (await _node.TicksAsync(draft.Name)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Save_Custom_RunsItsTypeWithItsArguments()
    {
        (await As<ScheduleCommands>(Operator).SaveAsync(Custom())).Outcome.ShouldBe(ScheduleOutcome.Done);
        _time.Advance(TimeSpan.FromMinutes(1));
        await _node.SweepAsync();

        var job = (await _node.JobsAsync("my.own")).ShouldHaveSingleItem();
        (job.Type, job.Arguments, job.TenantId, job.OwnerId).ShouldBe(("test.job", "{\"name\":\"mine\"}", AppDbContext.DefaultTenant, null));
        var item = (await As<SchedulesService>(Auditor).ListAsync(new ListQuery().WithFilter("state", "custom"))).Rows.ShouldHaveSingleItem();
        (item.Rules.Name, item.Last!.State, item.NextAt).ShouldBe(("my.own", JobState.Queued, new DateTimeOffset(2026, 5, 4, 8, 2, 0, TimeSpan.Zero)));
        var row = (await AuditAsync()).Single();
        (row.Action, row.SubjectId, row.ActorId).ShouldBe(("schedules.create", "my.own", Operator.UserId));
        row.After!.ShouldContain("test.job");
    }

    [Fact]
    public async Task Save_RegisteredOne_StoresOnlyWhatDiffersAndResetTakesItBack()
    {
        await As<HolidayCalendars>(Operator).SaveAsync(null, "of.code", "--12-25");
        var draft = (await As<SchedulesService>(Operator).DraftAsync(Registered))!;
        (draft.Cron, draft.Calendar, draft.IsCustom).ShouldBe(("0 0 * * * ?", "of.code", false));
        draft.Cron = "0 30 * * * ?";
        draft.Calendar = "";
        (await As<ScheduleCommands>(Operator).SaveAsync(draft)).Outcome.ShouldBe(ScheduleOutcome.Done);

        var entry = await EntryAsync();
        (entry!.Cron, entry.TimeZone, entry.Missed, entry.Overlap, entry.Calendar, entry.IsCustom).ShouldBe(("0 30 * * * ?", null, null, null, "", false));
        var detail = (await As<SchedulesService>(Auditor).GetAsync(Registered))!;
        (detail.Item.Rules.IsChanged, detail.Item.Rules.Calendar, detail.Next.Count, detail.Next[0].Minute).ShouldBe((true, null, 10, 30));

        (await As<ScheduleCommands>(Operator).DeleteAsync(Registered)).Outcome.ShouldBe(ScheduleOutcome.NotPossible);
        (await As<ScheduleCommands>(Operator).ResetAsync(Registered)).Outcome.ShouldBe(ScheduleOutcome.Done);
        (await EntryAsync()).ShouldBeNull();
        (await As<ScheduleCommands>(Operator).ResetAsync(Registered)).Outcome.ShouldBe(ScheduleOutcome.NotPossible);
        (await AuditAsync()).Select(a => a.Action).ShouldBe(["calendars.create", "schedules.edit", "schedules.reset"]);
    }

    /// <summary>A time that passed by the old rules is not due by the new ones.</summary>
    [Fact]
    public async Task Save_EarlierTimeOfToday_IsNotCaughtUp()
    {
        _time.Advance(TimeSpan.FromHours(5.7));
        var draft = (await As<SchedulesService>(Operator).DraftAsync(Registered))!;
        draft.Cron = "0 0 10 * * ?";
        draft.Calendar = "";
        (await As<ScheduleCommands>(Operator).SaveAsync(draft)).Outcome.ShouldBe(ScheduleOutcome.Done);

        await _node.SweepAsync();

        (await _node.JobsAsync(Registered)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Save_SomebodyChangedItMeanwhile_IsNotOverwritten()
    {
        var mine = Custom();
        await As<ScheduleCommands>(Operator).SaveAsync(mine);
        var one = (await As<SchedulesService>(Operator).DraftAsync(mine.Name))!;
        var two = (await As<SchedulesService>(Operator).DraftAsync(mine.Name))!;
        _time.Advance(TimeSpan.FromSeconds(1));
        one.Cron = "0 0 1 * * ?";
        (await As<ScheduleCommands>(Operator).SaveAsync(one)).Outcome.ShouldBe(ScheduleOutcome.Done);

        two.Cron = "0 0 2 * * ?";
        (await As<ScheduleCommands>(Operator).SaveAsync(two)).Outcome.ShouldBe(ScheduleOutcome.Changed);

        _node.Get<ScheduleBook>().Find(mine.Name)!.Cron.ShouldBe("0 0 1 * * ?");
    }

    [Fact]
    public async Task Delete_Custom_FiresNoMoreAndTheNameIsFree()
    {
        await As<ScheduleCommands>(Operator).SaveAsync(Custom());
        (await As<ScheduleCommands>(Operator).DeleteAsync("my.own")).Outcome.ShouldBe(ScheduleOutcome.Done);
        _time.Advance(TimeSpan.FromMinutes(5));
        await _node.SweepAsync();
        (await _node.JobsAsync("my.own")).ShouldBeEmpty();

        (await As<ScheduleCommands>(Operator).SaveAsync(Custom())).Outcome.ShouldBe(ScheduleOutcome.Done);
        await _node.SweepAsync();
        (await _node.JobsAsync("my.own")).ShouldBeEmpty();
    }

    [Fact]
    public async Task PauseAndResume_TicksInBetween_AreNotedAndNotCaughtUp()
    {
        (await As<ScheduleCommands>(Operator).PauseAsync(Registered, " ", Start.AddDays(-1))).Problems.Select(p => (p.Field, p.Key)).ShouldBe([("Reason", "NoReason"), ("Until", "PastUntil")]);
        (await As<ScheduleCommands>(Operator).PauseAsync(Registered, "migration", null)).Outcome.ShouldBe(ScheduleOutcome.Done);
        (await As<SchedulesService>(Auditor).GetAsync(Registered))!.Item.IsPaused.ShouldBeTrue();
        _time.Advance(TimeSpan.FromHours(2));

        (await As<ScheduleCommands>(Operator).ResumeAsync(Registered)).Outcome.ShouldBe(ScheduleOutcome.Done);
        await _node.SweepAsync();

        (await _node.TicksAsync(Registered)).Select(t => t.Outcome).ShouldBe([TickOutcome.Paused, TickOutcome.Paused]);
        (await EntryAsync()).ShouldBeNull();
        (await As<ScheduleCommands>(Operator).ResumeAsync(Registered)).Outcome.ShouldBe(ScheduleOutcome.NotPossible);
        _time.Advance(TimeSpan.FromHours(1));
        await _node.SweepAsync();
        (await _node.JobsAsync(Registered)).Count.ShouldBe(1);
        (await AuditAsync()).Select(a => a.Action).ShouldBe(["schedules.pause", "schedules.resume"]);
    }

    [Fact]
    public async Task RunNow_WhilePaused_RunsForTheOneWhoAsked()
    {
        await As<ScheduleCommands>(Operator).PauseAsync(Registered, "quiet", null);

        var result = await As<ScheduleCommands>(Operator).RunNowAsync(Registered);

        var job = (await _node.JobsAsync(Registered)).ShouldHaveSingleItem();
        (job.Id, job.OwnerId).ShouldBe((result.JobId!.Value, Operator.UserId));
        var tick = (await As<SchedulesService>(Auditor).HistoryAsync(Registered)).ShouldHaveSingleItem();
        (tick.Manual, tick.JobId, tick.State).ShouldBe((true, job.Id, JobState.Queued));
    }

    [Fact]
    public async Task Backfill_Range_RunsEachThatHasNoRunOnce()
    {
        _time.Advance(TimeSpan.FromHours(4));
        await _node.SweepAsync();
        // 9 to 12 were due, and 12 ran.
        (await As<ScheduleCommands>(Operator).PreviewBackfillAsync(Registered, Start, Start.AddHours(9)))!.Count.ShouldBe(3);

        (await As<ScheduleCommands>(Operator).BackfillAsync(Registered, Start, Start.AddHours(9))).Count.ShouldBe(3);

        var ticks = await _node.TicksAsync(Registered);
        ticks.Select(t => (t.Outcome, t.Manual)).ShouldBe([(TickOutcome.Enqueued, true), (TickOutcome.Enqueued, true), (TickOutcome.Enqueued, true), (TickOutcome.Enqueued, false)]);
        ticks.Select(t => t.JobId).Distinct().Count().ShouldBe(4);
        (await _node.JobsAsync(Registered)).Count.ShouldBe(4);
        (await As<ScheduleCommands>(Operator).BackfillAsync(Registered, Start, Start.AddHours(9))).Problems.Single().Key.ShouldBe("NothingToFill");
        (await As<ScheduleCommands>(Operator).BackfillAsync(Registered, Start, Start)).Problems.Single().Key.ShouldBe("BadRange");
        (await As<ScheduleCommands>(Operator).BackfillAsync(Registered, Start.AddDays(-60), Start)).Problems.Single().Key.ShouldBe("TooMuchToFill");
    }

    [Fact]
    public async Task Backfill_MoreThanFifty_RunsAsAJob()
    {
        var result = await As<ScheduleCommands>(Operator).BackfillAsync(Registered, Start.AddHours(-60), Start);

        result.Count.ShouldBe(60);
        var job = await _node.ReadAsync(result.JobId!.Value);
        (job.Type, job.OwnerId).ShouldBe(("jobs.backfill", Operator.UserId));
        using var scope = _node.Scope();
        scope.ServiceProvider.GetRequiredService<CurrentCaller>().Use(Operator);
        var context = new RecordedContext();
        var arguments = System.Text.Json.JsonSerializer.Deserialize<BackfillSchedule>(job.Arguments, System.Text.Json.JsonSerializerOptions.Web)!;
        await scope.ServiceProvider.GetRequiredService<ScheduleBackfill>().RunAsync(arguments, context, CancellationToken.None);
        // Run again after a crash it finds nothing left.
        await scope.ServiceProvider.GetRequiredService<ScheduleBackfill>().RunAsync(arguments, context, CancellationToken.None);

        (await _node.JobsAsync(Registered)).Count.ShouldBe(60);
        (await _node.TicksAsync(Registered)).ShouldAllBe(t => t.Manual && t.JobId != null);
        context.Last.ShouldBe((100, "60 runs enqueued"));
    }

    [Fact]
    public async Task Calendar_BadLinesTakenNameAndUse_AreSaid()
    {
        var calendars = As<HolidayCalendars>(Operator);
        (await calendars.SaveAsync(null, "bank", "2026-12-24\n24.12.\n2026-12-24")).Problems.Select(p => (p.Field, p.Key, p.Values[0])).ShouldBe([("Days", "DayNoDay", 2), ("Days", "DayTwice", 3)]);
        (await calendars.SaveAsync(null, " ", "")).Problems.Single().Key.ShouldBe("BadCalendarName");
        (await calendars.SaveAsync(null, "bank", "--12-25 Christmas")).Outcome.ShouldBe(ScheduleOutcome.Done);
        (await calendars.SaveAsync(null, "bank", "")).Problems.Single().Key.ShouldBe("CalendarTaken");
        var draft = Custom();
        draft.Calendar = "bank";
        (await As<ScheduleCommands>(Operator).SaveAsync(draft)).Outcome.ShouldBe(ScheduleOutcome.Done);
        (await calendars.DeleteAsync("bank")).Problems.Single().Values.ShouldBe(["bank", "my.own"]);
        (await calendars.SaveAsync("bank", "bank", "--12-25\n--12-26")).Outcome.ShouldBe(ScheduleOutcome.Done);
        (await calendars.ListAsync()).Single().ShouldSatisfyAllConditions(c => c.Count.ShouldBe(2), c => c.UsedBy.ShouldBe(["my.own"]));
        await As<ScheduleCommands>(Operator).DeleteAsync("my.own");
        (await calendars.DeleteAsync("bank")).Outcome.ShouldBe(ScheduleOutcome.Done);
        (await AuditAsync()).Count(a => a.Action.StartsWith("calendars.", StringComparison.Ordinal)).ShouldBe(3);
    }

    [Fact]
    public async Task Find_NoSuccessForTheUsualInterval_Warns()
    {
        var warnings = _node.Get<ScheduleWarnings>();
        (await warnings.FindAsync(CancellationToken.None)).ShouldBeEmpty("it has never been due");
        await HoursAsync(3, JobState.Succeeded);
        (await warnings.FindAsync(CancellationToken.None)).ShouldBeEmpty();

        await HoursAsync(1, JobState.Failed);
        _time.Advance(TimeSpan.FromMinutes(5));
        var warning = (await warnings.FindAsync(CancellationToken.None)).ShouldHaveSingleItem();
        (warning.Schedule, warning.Since, warning.Expected).ShouldBe((Registered, new DateTimeOffset(2026, 5, 4, 11, 0, 40, TimeSpan.Zero), TimeSpan.FromHours(1) + TimeSpan.FromSeconds(10)));

        await HoursAsync(1, JobState.Succeeded);
        (await warnings.FindAsync(CancellationToken.None)).ShouldBeEmpty();
        await HoursAsync(2, JobState.Failed);
        await As<ScheduleCommands>(Operator).PauseAsync(Registered, "known", null);
        (await warnings.FindAsync(CancellationToken.None)).ShouldBeEmpty("it is paused");

        async Task HoursAsync(int hours, JobState end)
        {
            for (var hour = 0; hour < hours; hour++)
            {
                _time.Advance(TimeSpan.FromHours(1));
                await _node.SweepAsync();
                var now = _time.GetUtcNow();
                await _node.ChangeAsync(db => db.Set<Job>().Where(j => j.State == JobState.Queued).ExecuteUpdateAsync(set => set
                    .SetProperty(j => j.State, end).SetProperty(j => j.StartedAt, now).SetProperty(j => j.FinishedAt, now.AddSeconds(10))));
            }
        }
    }

    [PostgresFact]
    public async Task Find_ManySchedules_AsksForAllAtOnceAndNotAgainForWhatHasNoReason()
    {
        for (var i = 0; i < 4; i++) (await As<ScheduleCommands>(Operator).SaveAsync(Custom() with { Name = $"many.{i}", Cron = "0 0 * * * ?" })).Outcome.ShouldBe(ScheduleOutcome.Done);
        await _node.SweepAsync();
        _time.Advance(TimeSpan.FromHours(2));
        var warnings = _node.Get<ScheduleWarnings>();
        using (var first = new SentStatements())
        {
            await warnings.FindAsync(CancellationToken.None);
            // The clock, the runs, the ticks, and whether there were earlier ones.
            first.Count("").ShouldBe(4);
        }

        using var second = new SentStatements();
        (await warnings.FindAsync(CancellationToken.None)).ShouldBeEmpty("they are new");
        second.Count("").ShouldBe(1);
    }

    private static ScheduleDraft Custom() => new() { Name = "my.own", Type = "test.job", Arguments = "{\"name\":\"mine\"}", Cron = "0 * * * * ?", TimeZone = "Europe/Berlin" };

    private async Task<ScheduleEntry?> EntryAsync()
    {
        await using var db = await _node.Databases.CreateDbContextAsync();
        return await db.Set<ScheduleEntry>().AsNoTracking().SingleOrDefaultAsync(e => e.Name == Registered);
    }

    private T As<T>(Caller caller) where T : notnull
    {
        var scope = _node.Scope();
        _scopes.Add(scope);
        scope.ServiceProvider.GetRequiredService<CurrentCaller>().Use(caller);
        return scope.ServiceProvider.GetRequiredService<T>();
    }

    private async Task<List<AuditEntry>> AuditAsync()
    {
        await using var db = await _node.Databases.CreateDbContextAsync();
        return await db.Set<AuditEntry>().AsNoTracking().OrderBy(a => a.Id).ToListAsync();
    }

    private sealed class RecordedContext : JobContext
    {
        public (double, string?) Last { get; private set; }

        public override long JobId => 1;

        public override int Attempt => 1;

        public override string IdempotencyKey => "key";

        public override void Progress(double percent, string? message = null) => Last = (percent, message);

        public override void Log(Microsoft.Extensions.Logging.LogLevel level, string message) { }
    }
}
