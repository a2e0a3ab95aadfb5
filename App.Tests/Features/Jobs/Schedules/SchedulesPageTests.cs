using System.Collections.Frozen;
using BlazorAdmin.Data;
using BlazorAdmin.Features.Jobs;
using BlazorAdmin.Features.Jobs.Schedules;
using BlazorAdmin.Live;
using BlazorAdmin.Security;
using BlazorAdmin.Shell;
using BlazorAdmin.Tests.Data;
using BlazorAdmin.Tests.Features.Jobs.Signals;
using BlazorAdmin.Tests.Shell;
using Bunit;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Localization;

namespace BlazorAdmin.Tests.Features.Jobs.Schedules;

public sealed class SchedulesPageTests : IClassFixture<DatabaseFixture>, IAsyncLifetime
{
    private static readonly Caller Operator = new(Guid.NewGuid(), null, "Olga", AppDbContext.DefaultTenant, null, new[] { JobsPermissions.Read, JobsPermissions.Manage }.ToFrozenSet());
    private static readonly Caller Auditor = Operator with { Permissions = new[] { JobsPermissions.Read }.ToFrozenSet() };

    private readonly TestNode _node;
    private readonly ShellContext _context = new();

    public SchedulesPageTests(DatabaseFixture database)
    {
        _node = new TestNode(database.ConnectionString, more: services => services.AddSingleton(JobScheduleExtensions.Of("test.nightly", "0 30 3 * * ?", new TestJob("n"), "America/New_York")));
        var services = _context.Services;
        services.AddSingleton(_node.Databases).AddSingleton(_node.Get<IDatabaseDialect>()).AddSingleton(_node.Get<AccessRegistry>()).AddSingleton(_node.Get<JobTypes>());
        services.AddSingleton(_node.Get<Topic<JobChanged>>()).AddSingleton(_node.Get<Topic<ScheduleChanged>>());
        services.AddSingleton(_node.Get<ScheduleBook>()).AddSingleton(_node.Get<ScheduleTicks>()).AddSingleton(_node.Get<ScheduleWarnings>()).AddSingleton(_node.Get<DatabaseClock>());
        services.AddScoped<CurrentCaller>().AddScoped<Guard>().AddScoped<PageVisibility>().AddScoped<CurrentPage>();
        services.AddScoped<SchedulesService>().AddScoped<ScheduleCommands>().AddScoped<HolidayCalendars>().AddScoped<ScheduleActions>().AddSignalList();
        As(Operator);
    }

    public async Task InitializeAsync()
    {
        await _node.ChangeAsync(async db =>
        {
            await db.Set<ScheduleEntry>().ExecuteDeleteAsync();
            await db.Set<JobTick>().ExecuteDeleteAsync();
            await db.Set<Job>().ExecuteDeleteAsync();
        });
        await _node.SweepAsync();
    }

    public async Task DisposeAsync()
    {
        await _context.DisposeAsync();
        await _node.DisposeAsync();
    }

    [Fact]
    public async Task Render_Schedules_ShowsThemAndFollowsChanges()
    {
        var page = _context.Render<SchedulesPage>();
        page.WaitForAssertion(() => page.FindAll("tr[data-row]").Count.ShouldBe(1));
        page.Find("tr[data-row]").TextContent.ShouldContain("test.nightly");
        page.Find("tr[data-row]").TextContent.ShouldContain("Daily at");
        page.Find("tr[data-row]").TextContent.ShouldContain("0 30 3 * * ?");
        page.Find("tr[data-row] .chip").TextContent.Trim().ShouldBe("active");

        await Commands().PauseAsync("test.nightly", "moving house", null);

        page.WaitForAssertion(() => page.Find("tr[data-row] .chip").TextContent.Trim().ShouldBe("paused"));
        page.Find("tr[data-row]").TextContent.ShouldContain("none");
    }

    [Fact]
    public async Task Dispose_Page_LeavesNoSubscriber()
    {
        var page = _context.Render<SchedulesPage>();
        page.WaitForAssertion(() => page.FindAll("tr[data-row]").Count.ShouldBe(1));
        _node.Get<Topic<ScheduleChanged>>().SubscriberCount.ShouldBe(1);

        await _context.DisposeComponentsAsync();

        _node.Get<Topic<ScheduleChanged>>().SubscriberCount.ShouldBe(0);
        _node.Get<Topic<JobChanged>>().SubscriberCount.ShouldBe(0);
    }

    [Fact]
    public async Task Details_Schedule_ShowsRunsInItsZoneAndHistory()
    {
        await Commands().RunNowAsync("test.nightly");

        var details = Details(mayManage: true);

        details.WaitForAssertion(() => details.FindAll(".runs li").Count.ShouldBe(10));
        details.Find(".runs li").TextContent.ShouldContain("03:30:00");
        details.Find(".runs li").TextContent.ShouldContain("for you");
        details.Find(".history li").TextContent.ShouldContain("by hand");
        details.Find(".history a").GetAttribute("href")!.ShouldStartWith("admin/jobs?item=");
        details.FindAll("button").Select(b => b.TextContent.Trim()).ShouldBe(["Run now", "Pause", "Edit", "Backfill"]);

        // Live: what the page did not do itself shows too.
        await Commands().RunNowAsync("test.nightly");
        details.WaitForAssertion(() => details.FindAll(".history li").Count.ShouldBe(2));
    }

    [Fact]
    public void Details_Auditor_SeesNoButtons()
    {
        As(Auditor);
        var details = Details(mayManage: false);

        details.WaitForAssertion(() => details.FindAll(".runs li").Count.ShouldBe(10));
        details.FindAll("button").ShouldBeEmpty();
    }

    [Theory]
    [InlineData("Run now", false)]
    [InlineData("Resume", true)]
    [InlineData("Reset to code", true)]
    public async Task Details_RightTakenAway_EveryCommandSaysSo(string command, bool paused)
    {
        if (paused) await Commands().PauseAsync("test.nightly", "moving house", null);
        var details = Details(mayManage: true);
        details.WaitForAssertion(() => details.FindAll("button").Select(b => b.TextContent.Trim()).ShouldContain(command));
        As(Auditor);

        await ClickAsync(details, command);

        Said().ShouldBe("You may not change schedules.");
        await _node.ChangeAsync(async db =>
        {
            (await db.Set<Job>().CountAsync()).ShouldBe(0);
            (await db.Set<ScheduleEntry>().CountAsync()).ShouldBe(paused ? 1 : 0);
        });
    }

    [Theory]
    [InlineData("Pause", "Reason", "x")]
    [InlineData("Backfill", null, null)]
    [InlineData("Edit", null, null)]
    public async Task Details_RightTakenAwayWhileADialogIsOpen_ItSaysSo(string command, string? field, string? text)
    {
        var details = Details(mayManage: true);
        details.WaitForAssertion(() => details.FindAll("button").Select(b => b.TextContent.Trim()).ShouldContain(command));
        await ClickAsync(details, command);
        // A backfill is offered once it is known what it would run.
        details.WaitForAssertion(() => details.Find("dialog form button[type=submit]").HasAttribute("disabled").ShouldBeFalse());
        if (field is not null)
            await details.InvokeAsync(() => Field(details, field).ChangeAsync(new ChangeEventArgs { Value = text }));
        As(Auditor);

        await details.InvokeAsync(() => details.Find("dialog form").SubmitAsync());

        details.WaitForAssertion(() => _context.Services.GetRequiredService<Toasts>().Shown.ShouldNotBeEmpty());
        Said().ShouldBe("You may not change schedules.");
        await _node.ChangeAsync(async db => (await db.Set<ScheduleEntry>().CountAsync() + await db.Set<Job>().CountAsync()).ShouldBe(0));
    }

    [Fact]
    public async Task Delete_SomebodyWasQuicker_SaysSo()
    {
        (await Commands().SaveAsync(new ScheduleDraft { Name = "my.own", Type = "test.job", Arguments = "{\"name\":\"x\"}" })).Outcome.ShouldBe(ScheduleOutcome.Done);
        var details = _context.Render<ScheduleDetails>(p => p.Add(d => d.Name, "my.own").Add(d => d.MayManage, true));
        details.WaitForAssertion(() => details.FindAll("button").Select(b => b.TextContent.Trim()).ShouldContain("Delete"));
        // Unseen by the page: no topic tells of it.
        await _node.ChangeAsync(db => db.Set<ScheduleEntry>().ExecuteDeleteAsync());

        await ClickAsync(details, "Delete");

        Said().ShouldBe("It is gone: somebody deleted it.");
    }

    [Fact]
    public void Details_UnknownName_SaysSo()
    {
        var details = _context.Render<ScheduleDetails>(p => p.Add(d => d.Name, "no.such"));

        details.WaitForAssertion(() => details.Find(".state h2").TextContent.ShouldBe("There is no such schedule"));
    }

    [Fact]
    public async Task Form_TypedExpression_IsCheckedAndShownAtOnce()
    {
        var closed = false;
        var form = _context.Render<ScheduleForm>(p => p.Add(f => f.Draft, new ScheduleDraft()).Add(f => f.OnClose, () => closed = true));
        form.WaitForAssertion(() => form.Find(".preview").TextContent.ShouldContain("Daily at"));

        form.Act(() => form.Find("#schedule-cron").Input("0 0 25 * * ?"));
        form.FindAll(".error").Select(e => e.TextContent).ShouldHaveSingleItem().ShouldStartWith("Cron expression:");
        form.Find(".preview").TextContent.Trim().ShouldBeEmpty();
        form.Act(() => form.Find("#schedule-zone").Input("Europe/Atlantis"));
        form.FindAll(".error").Select(e => e.TextContent.Split(':')[0]).ShouldBe(["Cron expression", "Time zone"]);
        form.Act(() => form.Find("#schedule-cron").Input("0 0/5 * * * ?"));
        form.Act(() => form.Find("#schedule-zone").Input("Europe/Berlin"));
        form.FindAll(".error").ShouldBeEmpty();
        form.Find(".preview").TextContent.ShouldContain("Every 5 minutes");

        await form.InvokeAsync(() => form.Find("form").SubmitAsync());
        form.WaitForAssertion(() => form.FindAll(".error").Select(e => e.TextContent.Split(':')[0]).ShouldBe(["Name", "Type"]));
        closed.ShouldBeFalse();
        await form.InvokeAsync(() => form.Find("#schedule-name").ChangeAsync("typed.here"));
        await form.InvokeAsync(() => form.Find("#schedule-type").ChangeAsync("test.job"));
        await form.InvokeAsync(() => form.Find("#schedule-arguments").ChangeAsync("{\"name\":\"typed\"}"));
        await form.InvokeAsync(() => form.Find("form").SubmitAsync());
        form.WaitForAssertion(() => closed.ShouldBeTrue());
        _node.Get<ScheduleBook>().Find("typed.here")!.TimeZone.ShouldBe("Europe/Berlin");
    }

    [Theory]
    [InlineData("* * * * * ?", "Every second")]
    [InlineData("0/20 * * * * ?", "Every 20 seconds")]
    [InlineData("0 * * * * ?", "Every minute")]
    [InlineData("0 0/15 * * * ?", "Every 15 minutes")]
    [InlineData("0 5 * * * ?", "Every hour at :05")]
    [InlineData("0 0 */6 * * ?", "Every 6 hours at :00")]
    [InlineData("0 30 7 ? * MON-FRI", "Monday to Friday at 07:30")]
    [InlineData("0 30 7 ? * 2,WED", "Monday, Wednesday at 07:30")]
    [InlineData("0 0 6,18 * * ?", "Daily at 06:00, 18:00")]
    [InlineData("0 0 4 1 * ?", "Day 1 of every month at 04:00")]
    [InlineData("0 0 4 L * ?", "Last day of every month at 04:00")]
    [InlineData("0 0 4 24 12 ?", "Every year on 24 December at 04:00")]
    [InlineData("0 0/7 * * * ?", null)]
    [InlineData("0 0 4 15W * ?", null)]
    [InlineData("0 0 4 * * ? 2027", null)]
    public void Say_UsualExpressions_InWords(string cron, string? words)
    {
        using var british = new ShellContext("en-GB");

        CronWords.Say(cron, british.Services.GetRequiredService<IStringLocalizer<SchedulesTexts>>()).ShouldBe(words);
    }

    private IRenderedComponent<ScheduleDetails> Details(bool mayManage) => _context.Render<ScheduleDetails>(p => p.Add(d => d.Name, "test.nightly").Add(d => d.MayManage, mayManage));

    private static AngleSharp.Dom.IElement Field(IRenderedComponent<ScheduleDetails> details, string label) =>
        details.Find($"#{details.FindAll("dialog label").First(l => l.TextContent.Trim().StartsWith(label, StringComparison.Ordinal)).GetAttribute("for")}");

    /// <summary>Clicks, and says yes where it is asked.</summary>
    private async Task ClickAsync(IRenderedComponent<ScheduleDetails> view, string command)
    {
        var confirmations = _context.Services.GetRequiredService<Confirmations>();
        var click = view.ClickOnAsync(v => v.FindAll("button").First(b => b.TextContent.Trim() == command));
        await Eventually.Holds(() => click.IsCompleted || confirmations.Open is not null);
        if (confirmations.Open is not null) confirmations.Answer(true);
        await click;
    }

    private string Said() => _context.Services.GetRequiredService<Toasts>().Shown[^1].Text;

    private ScheduleCommands Commands() => _context.Services.GetRequiredService<ScheduleCommands>();

    private void As(Caller caller) => _context.Services.GetService<CurrentCaller>()?.Use(caller);
}
