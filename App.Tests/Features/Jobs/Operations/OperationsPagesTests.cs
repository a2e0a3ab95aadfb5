using BlazorAdmin.Data;
using BlazorAdmin.Features.Jobs;
using BlazorAdmin.Features.Jobs.Operations;
using BlazorAdmin.Features.Jobs.Rules;
using BlazorAdmin.Features.Jobs.Signals;
using BlazorAdmin.Features.Jobs.Statistics;
using BlazorAdmin.Live;
using BlazorAdmin.Security;
using BlazorAdmin.Shell;
using BlazorAdmin.Tests.Data;
using BlazorAdmin.Tests.Shell;
using Bunit;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.DependencyInjection;
using static BlazorAdmin.Tests.Features.Jobs.Operations.OperationsFixture;

namespace BlazorAdmin.Tests.Features.Jobs.Operations;

public sealed class OperationsPagesTests : IClassFixture<DatabaseFixture>, IAsyncLifetime
{
    private readonly OperationsFixture _fixture;
    private readonly ShellContext _context = new();

    public OperationsPagesTests(DatabaseFixture database)
    {
        _fixture = new OperationsFixture(database.ConnectionString);
        var node = _fixture.Node;
        var services = _context.Services;
        services.AddSingleton(node.Databases).AddSingleton(node.Get<IDatabaseDialect>()).AddSingleton(node.Get<NodeInfo>());
        services.AddSingleton(node.Get<Topic<JobChanged>>()).AddSingleton(node.Get<Topic<JobRulesChanged>>()).AddSingleton(node.Get<Topic<WorkersChanged>>());
        services.AddSingleton(node.Get<Topic<SignalsChanged>>()).AddSingleton(node.Get<Topic<AccessChanged>>()).AddSingleton(node.Get<AccessRegistry>());
        services.AddSingleton(node.Get<JobTypes>()).AddSingleton(node.Get<JobTraffic>());
        services.Configure<JobsOptions>(options => options.LeaseSeconds = 2);
        services.AddScoped<CurrentCaller>().AddScoped<Guard>().AddScoped<PageVisibility>().AddScoped<CurrentPage>();
        services.AddScoped<JobRulesService>().AddScoped<WorkersService>().AddScoped<SignalsService>().AddScoped<OperationActions>();
        As(Operator);
    }

    public Task InitializeAsync() => _fixture.ClearAsync();

    public async Task DisposeAsync()
    {
        await _context.DisposeAsync();
        await _fixture.DisposeAsync();
    }

    [Fact]
    public async Task Queues_JobsWait_ShowsThemByType()
    {
        await _fixture.Node.EnqueueAsync(new TestJob("x"), new() { DueAt = DateTimeOffset.UtcNow.AddMinutes(-5) });
        await _fixture.AddAsync(Stat("test.job", "here", 2, 3, 1));

        var page = _context.Render<QueuesPage>();

        page.WaitForAssertion(() => page.FindAll("tr[data-row]").Count.ShouldBe(5));
        var row = page.FindAll("tr[data-row]").Single(r => r.QuerySelector("a")!.TextContent == "test.job");
        row.QuerySelectorAll("td").Select(c => c.TextContent.Trim().Replace('\u00A0', ' ')).Skip(3).ShouldBe(["1", "5 min", "0 running", "4", "4", "25 %"]);
        page.Find("h1").TextContent.ShouldBe("Queues");
        page.FindAll("nav.tabs a").Select(a => a.GetAttribute("href")).ShouldBe(["/admin/jobs", "/admin/jobs/queues", "/admin/jobs/workers", "/admin/schedules", "/admin/jobs/statistics"]);
    }

    [Fact]
    public async Task Pause_ReasonMissing_SaysSoAtTheFieldAndThenPauses()
    {
        var page = _context.Render<QueuesPage>();
        page.WaitForElement("[aria-label='Pause default']");
        await page.InvokeAsync(() => page.Find("[aria-label='Pause default']").ClickAsync(new()));

        await page.InvokeAsync(() => page.Find("dialog form").SubmitAsync());
        page.Find("dialog [role=alert]").TextContent.ShouldContain("The reason is missing");
        await page.InvokeAsync(() => page.Find("dialog input").ChangeAsync(new ChangeEventArgs { Value = "share is moved" }));
        await page.InvokeAsync(() => page.Find("dialog select").ChangeAsync(new ChangeEventArgs { Value = "60" }));
        await page.InvokeAsync(() => page.Find("dialog form").SubmitAsync());

        page.WaitForAssertion(() => page.Find(".pause").TextContent.ShouldContain("share is moved"));
        page.FindAll("dialog").ShouldBeEmpty();
        page.FindAll("tr[data-row] .chip").ShouldAllBe(chip => chip.TextContent.Trim() == "queue paused");
        (await _fixture.QueryAsync(db => db.Set<JobPause>().SingleAsync())).Until!.Value.ShouldBe(DateTimeOffset.UtcNow.AddHours(1), TimeSpan.FromMinutes(1));

        await page.InvokeAsync(() => page.Find("[aria-label='Resume default']").ClickAsync(new()));
        page.WaitForAssertion(() => page.FindAll(".pause").ShouldBeEmpty());
    }

    [Fact]
    public async Task Pause_SomebodyElsePauses_ShowsLive()
    {
        var page = _context.Render<QueuesPage>();
        page.WaitForElement("[aria-label='Pause default']");

        await _fixture.As<JobRulesService>(Operator).PauseAsync(PauseScope.Type, "test.job", "on another screen", null);

        page.WaitForAssertion(() => page.Find("tr[data-row] .chip").GetAttribute("title").ShouldBe("on another screen"));
    }

    [Fact]
    public async Task Rules_TypedSavedAndReset_AreStored()
    {
        Go("/admin/jobs/queues?type=test.job");
        var page = _context.Render<QueuesPage>();
        page.WaitForElement("#rule-MaxAttempts").GetAttribute("placeholder").ShouldBe("3");
        page.Find("#rule-MaxAttempts-help").TextContent.ShouldContain("a change holds for new jobs");

        await page.InvokeAsync(() => page.Find("#rule-Retry").ChangeAsync(new ChangeEventArgs { Value = "now and then" }));
        await page.InvokeAsync(() => page.Find("form.rules").SubmitAsync());
        page.WaitForAssertion(() => page.Find("#rule-Retry-help .error").TextContent.ShouldContain("is not a retry strategy"));
        page.Find("#rule-Retry").GetAttribute("aria-invalid").ShouldBe("true");

        await page.InvokeAsync(() => page.Find("#rule-Retry").ChangeAsync(new ChangeEventArgs { Value = "fixed 30s" }));
        await page.InvokeAsync(() => page.Find("#rule-MaxAttempts").ChangeAsync(new ChangeEventArgs { Value = "9" }));
        await page.InvokeAsync(() => page.Find("form.rules").SubmitAsync());
        page.WaitForAssertion(() => page.FindAll("form.rules .chip").Count.ShouldBe(2));
        page.FindAll(".error").ShouldBeEmpty();
        (await _fixture.QueryAsync(db => db.Set<JobTypeRule>().SingleAsync())).MaxAttempts.ShouldBe(9);
        page.WaitForAssertion(() => page.FindAll("tr[data-row] .chip").ShouldHaveSingleItem().TextContent.Trim().ShouldBe("changed here"));

        await page.InvokeAsync(() => page.Find("[aria-label='Reset Attempts to the code']").ClickAsync(new()));
        await page.InvokeAsync(() => page.Find("form.rules").SubmitAsync());
        page.WaitForAssertion(() => page.FindAll("form.rules .chip").Count.ShouldBe(1));
        (await _fixture.QueryAsync(db => db.Set<JobTypeRule>().SingleAsync())).MaxAttempts.ShouldBeNull();

        var resetting = page.InvokeAsync(() => page.Find("form.rules .button.danger").ClickAsync(new()));
        _context.Services.GetRequiredService<Confirmations>().Answer(true);
        await resetting;
        page.WaitForAssertion(() => page.FindAll("form.rules .chip").ShouldBeEmpty());
        (await _fixture.QueryAsync(db => db.Set<JobTypeRule>().CountAsync())).ShouldBe(0);
    }

    [Fact]
    public async Task Pages_Auditor_SeesButHasNoButtons()
    {
        As(Auditor);
        await _fixture.AddAsync(Worker("dead", TimeSpan.FromMinutes(1)));
        Go("/admin/jobs/queues?type=test.job");
        var queues = _context.Render<QueuesPage>();
        queues.WaitForElement("#rule-Priority").HasAttribute("readonly").ShouldBeTrue();
        queues.FindAll("button").Select(b => b.TextContent.Trim()).Where(t => t.Length > 0).ShouldBeEmpty();
        Go("/admin/jobs/workers?node=dead");
        var workers = _context.Render<WorkersPage>();
        workers.WaitForElement(".note.bad");
        workers.FindAll("button").Select(b => b.TextContent.Trim()).Where(t => t.Length > 0).ShouldBeEmpty();
    }

    [Fact]
    public void Pages_Member_AreForbidden()
    {
        As(Member);
        var queues = _context.Render<QueuesPage>();
        queues.WaitForAssertion(() => queues.Find(".state h2").TextContent.ShouldContain("You may not"));
        var workers = _context.Render<WorkersPage>();
        workers.WaitForAssertion(() => workers.Find(".state h2").TextContent.ShouldContain("You may not"));
        _context.Render<SignalList>().Markup.Trim().ShouldBeEmpty();
    }

    [Fact]
    public async Task RightTakenAway_WhileOpen_TheCommandSaysSo()
    {
        var page = _context.Render<QueuesPage>();
        page.WaitForElement("[aria-label='Pause default']");
        await page.InvokeAsync(() => page.Find("[aria-label='Pause default']").ClickAsync(new()));
        As(Auditor);

        await page.InvokeAsync(() => page.Find("dialog input").ChangeAsync(new ChangeEventArgs { Value = "x" }));
        await page.InvokeAsync(() => page.Find("dialog form").SubmitAsync());

        _context.Services.GetRequiredService<Toasts>().Shown.Single().Text.ShouldContain("jobs.manage");
        (await _fixture.QueryAsync(db => db.Set<JobPause>().CountAsync())).ShouldBe(0);
    }

    [Fact]
    public async Task Workers_DrainTakeUpAndRemove_ShowWhatHolds()
    {
        await _fixture.AddAsync(Worker("here", -TimeSpan.FromMinutes(5)), Worker("dead", TimeSpan.FromMinutes(1)));
        var id = await _fixture.Node.EnqueueAsync(new TestJob("x"), new() { Subject = "letter.pdf" });
        await _fixture.Node.ClaimAsync("here");
        Go("/admin/jobs/workers?node=here");

        var page = _context.Render<WorkersPage>();
        page.WaitForAssertion(() => page.FindAll("tr[data-row] .chip").Select(c => c.TextContent.Trim()).ShouldBe(["dead", "working"]));
        page.Find(".runs a").GetAttribute("href").ShouldBe($"/admin/jobs?item={id}");
        page.FindAll("[role=progressbar]")[1].GetAttribute("aria-valuenow").ShouldBe("25");

        await page.InvokeAsync(() => Button("Drain").ClickAsync(new()));
        page.WaitForAssertion(() => page.FindAll("tr[data-row] .chip")[1].TextContent.Trim().ShouldBe("draining"));
        await page.InvokeAsync(() => Button("Take up again").ClickAsync(new()));
        page.WaitForAssertion(() => page.FindAll("tr[data-row] .chip")[1].TextContent.Trim().ShouldBe("working"));

        Go("/admin/jobs/workers?node=dead");
        page.WaitForAssertion(() => page.Find(".note.bad").TextContent.ShouldContain("take its jobs back when their lease of 2.0 s is over"));
        var removing = page.InvokeAsync(() => Button("Remove from list").ClickAsync(new()));
        _context.Services.GetRequiredService<Confirmations>().Answer(true);
        await removing;
        page.WaitForAssertion(() => page.FindAll("tr[data-row]").Count.ShouldBe(1));
        page.Find("portal-drawer .state h2").TextContent.ShouldContain("not here any more");

        AngleSharp.Dom.IElement Button(string text) => page.FindAll("button").Single(b => b.TextContent.Trim() == text);
    }

    [Fact]
    public async Task Signals_RaisedAndCleared_ComeAndGoOnPageAndWidget()
    {
        var list = _context.Render<SignalList>();
        var widget = _context.Render<SignalsWidget>();
        list.WaitForAssertion(() => list.Markup.Trim().ShouldBeEmpty());
        widget.WaitForAssertion(() => widget.Find(".chip").TextContent.Trim().ShouldBe("All quiet"));

        await _fixture.AddAsync(new JobTypeState
        {
            TenantId = Operator.TenantId, Type = "test.job", LastState = JobState.Failed, LastEndedAt = DateTimeOffset.UtcNow, FailuresInARow = 6, LastError = "no connection",
        });
        await _fixture.Node.Get<SignalWatch>().LookAsync(CancellationToken.None);

        list.WaitForAssertion(() => list.Find("li a").TextContent.ShouldBe("test.job: 6 jobs in a row failed for good"));
        list.Find("li a").GetAttribute("href").ShouldBe("/admin/jobs?state=failed&type=test.job");
        list.Find(".detail").TextContent.ShouldBe("no connection");
        widget.WaitForAssertion(() => widget.Find(".chip").TextContent.Trim().ShouldBe("keeps failing"));

        await _fixture.QueryAsync(db => db.Set<JobSignal>().ExecuteUpdateAsync(set => set.SetProperty(s => s.ClearedAt, DateTimeOffset.UtcNow)));
        _fixture.Node.Get<Topic<SignalsChanged>>().Publish(new SignalsChanged());
        list.WaitForAssertion(() => list.Markup.Trim().ShouldBeEmpty());
    }

    [Fact]
    public async Task Dispose_Pages_LeaveNoSubscriber()
    {
        var (jobs, rules, signals) = (_fixture.Node.Get<Topic<JobChanged>>(), _fixture.Node.Get<Topic<JobRulesChanged>>(), _fixture.Node.Get<Topic<SignalsChanged>>());
        var before = (jobs.SubscriberCount, rules.SubscriberCount, signals.SubscriberCount);
        _context.Render<QueuesPage>();
        _context.Render<WorkersPage>();
        (jobs.SubscriberCount, rules.SubscriberCount, signals.SubscriberCount).ShouldBe((before.Item1 + 2, before.Item2 + 1, before.Item3 + 2));

        await _context.DisposeComponentsAsync();

        (jobs.SubscriberCount, rules.SubscriberCount, signals.SubscriberCount).ShouldBe(before);
    }

    private void Go(string url) => _context.Services.GetRequiredService<NavigationManager>().NavigateTo(url);

    private void As(Caller caller) => _context.Services.GetService<CurrentCaller>()?.Use(caller);
}
