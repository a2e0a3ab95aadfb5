using System.Collections.Frozen;
using BlazorAdmin.Data;
using BlazorAdmin.Features.Jobs;
using BlazorAdmin.Features.Jobs.Bulk;
using BlazorAdmin.Features.Jobs.Rules;
using BlazorAdmin.Live;
using BlazorAdmin.Security;
using BlazorAdmin.Shell;
using BlazorAdmin.Tests.Data;
using BlazorAdmin.Tests.Features.Jobs.Signals;
using BlazorAdmin.Tests.Shell;
using Bunit;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.DependencyInjection;

namespace BlazorAdmin.Tests.Features.Jobs;

public sealed class JobsPageTests : IClassFixture<DatabaseFixture>, IAsyncLifetime
{
    private static readonly Caller Operator = new(Guid.NewGuid(), null, "Olga", AppDbContext.DefaultTenant, null, new[] { JobsPermissions.Read, JobsPermissions.Manage }.ToFrozenSet());

    private readonly TestNode _node;
    private readonly ShellContext _context = new();

    public JobsPageTests(DatabaseFixture database)
    {
        _node = new TestNode(database.ConnectionString, $"page{Guid.NewGuid():N}");
        _context.AddJobsTab(_node);
        As(Operator);
        _context.Services.GetRequiredService<NavigationManager>().NavigateTo("/admin/jobs");
    }

    public async Task InitializeAsync()
    {
        await using var db = await _node.Databases.CreateDbContextAsync();
        await db.Set<Job>().ExecuteDeleteAsync();
    }

    public async Task DisposeAsync()
    {
        await _context.DisposeAsync();
        await _node.DisposeAsync();
    }

    [Fact]
    public async Task Render_Jobs_ShowsThemWithCounts()
    {
        var id = await _node.EnqueueAsync(new TestJob("x"), new() { Subject = "letter.pdf" });
        await _node.EnqueueAsync(new SingleJob("y"), new() { DueAt = DateTimeOffset.UtcNow.AddHours(1) });

        var page = _context.Render<JobsPage>();

        page.WaitForAssertion(() => page.FindAll("tr[data-row]").Count.ShouldBe(2));
        page.Markup.ShouldContain($"#{id}");
        page.Markup.ShouldContain("letter.pdf");
        page.FindAll(".chip").Select(c => c.TextContent.Trim()).ShouldBe(["scheduled", "waiting"]);
        // Counting comes after the rows.
        page.WaitForAssertion(() => page.FindAll(".pill").Select(p => p.TextContent.Replace(" ", "", StringComparison.Ordinal).Replace("\n", "", StringComparison.Ordinal))
            .ShouldBe(["All2", "Waiting2", "Blocked0", "Running0", "Failed0", "Done0", "Cancelled0", "Discarded0"]));
    }

    [Fact]
    public async Task Render_TypeThatNoNodeRuns_SaysSoInListAndDetails()
    {
        var id = await _node.EnqueueAsync(new TestJob("x"));
        await using (var db = await _node.Databases.CreateDbContextAsync())
            await db.Set<Job>().Where(j => j.Id == id).ExecuteUpdateAsync(set => set.SetProperty(j => j.Type, "strange.job"));

        var page = _context.Render<JobsPage>();
        page.WaitForAssertion(() => page.Find("tr[data-row] .chip").TextContent.Trim().ShouldBe("no node"));
        page.Find("tr[data-row]").TextContent.ShouldContain("No node runs this type");

        _context.Services.GetRequiredService<NavigationManager>().NavigateTo($"/admin/jobs?item={id}");
        page.WaitForAssertion(() => page.Find(".note.warn").TextContent.ShouldContain("If none does for 1 d"));
    }

    [Fact]
    public void Render_NoJobs_SaysWhatComesHere()
    {
        var page = _context.Render<JobsPage>();

        page.WaitForAssertion(() => page.Find(".state h2").TextContent.ShouldBe("No jobs yet"));
    }

    [Fact]
    public async Task Publish_JobEnds_TheRowChangesInPlace()
    {
        var gate = _node.Work.Hold("x");
        await _node.StartAsync();
        var page = _context.Render<JobsPage>();
        await _node.EnqueueAsync(new TestJob("x"));
        page.WaitForAssertion(() => page.Find("tr[data-row] .chip").TextContent.Trim().ShouldBe("running"));

        gate.Open();

        page.WaitForAssertion(() => page.Find("tr[data-row] .chip").TextContent.Trim().ShouldBe("done"));
    }

    [Fact]
    public async Task Details_RunningJob_FollowsProgressAndLog()
    {
        var gate = new TestWork.Gate();
        _node.Work.On("x", async (job, cancellation) =>
        {
            job.Progress(40, "page 2 of 5");
            job.Info("opened");
            await gate.PassAsync(cancellation);
            job.Warn("page 4 was turned");
            throw new JobFailedException("Encrypted: a password is needed.");
        });
        await _node.StartAsync();
        var id = await _node.EnqueueAsync(new TestJob("x"), new() { SubjectUrl = "/admin/documents?item=1" });

        var details = _context.Render<JobDetails>(p => p.Add(d => d.Id, $"{id}").Add(d => d.MayManage, true));

        details.WaitForAssertion(() => details.Find("[role=log]").TextContent.ShouldContain("opened"));
        details.WaitForAssertion(() => details.Find("[role=progressbar]").GetAttribute("aria-valuenow").ShouldBe("40"));
        details.Markup.ShouldContain("page 2 of 5");
        details.FindAll("button").Select(b => b.TextContent.Trim()).ShouldContain("Cancel job");
        details.Find("pre").TextContent.ShouldContain("\"name\": \"x\"");
        details.Find("a.button").GetAttribute("href").ShouldBe("/admin/documents?item=1");
        details.FindAll(".timeline strong").Select(e => e.TextContent).ShouldBe(["Created", "Attempt 1 started"]);
        gate.Open();

        details.WaitForAssertion(() => details.Find(".timeline").TextContent.ShouldContain("Encrypted: a password is needed."));
        details.Find("[role=log]").TextContent.ShouldContain("page 4 was turned");
        details.FindAll("button").Select(b => b.TextContent.Trim()).ShouldContain("Retry job");
        details.FindAll("[role=log] > div").Count.ShouldBe(2);

        await details.InvokeAsync(() => details.Find("select.level").ChangeAsync(new ChangeEventArgs { Value = "Warning" }));
        details.WaitForAssertion(() => details.FindAll("[role=log] > div").Count.ShouldBe(1));
    }

    [Fact]
    public async Task Details_Retry_RunsAgain()
    {
        var ill = true;
        _node.Work.On("x", _ => { if (Volatile.Read(ref ill)) throw new JobFailedException("ill"); });
        await _node.StartAsync();
        var id = await _node.EnqueueAsync(new TestJob("x"));
        await _node.Reaches(id, JobState.Failed);
        Volatile.Write(ref ill, false);
        var details = _context.Render<JobDetails>(p => p.Add(d => d.Id, $"{id}").Add(d => d.MayManage, true));
        details.WaitForElement("button");

        await details.ClickOnAsync(d => d.FindAll("button").Single(b => b.TextContent.Contains("Retry", StringComparison.Ordinal)));

        await _node.Reaches(id, JobState.Succeeded);
        _context.Services.GetRequiredService<Toasts>().Shown.Single().Text.ShouldBe($"Job #{id} waits to run again.");
    }

    [Fact]
    public async Task Details_EditArguments_ShowsWhatIsWrongAndRunsThem()
    {
        _node.Work.On("old", _ => throw new JobFailedException("ill"));
        await _node.StartAsync();
        var id = await _node.EnqueueAsync(new TestJob("old"));
        await _node.Reaches(id, JobState.Failed);
        var details = _context.Render<JobDetails>(p => p.Add(d => d.Id, $"{id}").Add(d => d.MayManage, true));
        details.WaitForElement("[data-edit]");

        await details.ClickOnAsync(d => d.Find("[data-edit]"));
        await details.InvokeAsync(() => details.Find("dialog textarea").InputAsync(new ChangeEventArgs { Value = "{\n \"nam\": \"new\"}" }));
        await details.InvokeAsync(() => details.Find("dialog form").SubmitAsync());
        details.WaitForAssertion(() => details.Find("dialog [role=alert]").TextContent.ShouldContain("Field nam"));
        await details.InvokeAsync(() => details.Find("dialog textarea").InputAsync(new ChangeEventArgs { Value = "{\"name\": \"new\"}" }));
        await details.InvokeAsync(() => details.Find("dialog form").SubmitAsync());

        await _node.Reaches(id, JobState.Succeeded);
        _node.Work.RunsOf("new").ShouldBe(1);
        details.WaitForAssertion(() => details.FindAll("dialog").ShouldBeEmpty());
    }

    [Fact]
    public async Task Details_KinTagsAndStuckRun_AreShown()
    {
        var parent = await _node.EnqueueAsync(new TestJob("p"), new() { DueAt = DateTimeOffset.UtcNow.AddHours(1), Subject = "parent.pdf" });
        var id = await _node.EnqueueAsync(new TestJob("x"), new() { DueAt = DateTimeOffset.UtcNow.AddHours(1), Tags = ["urgent"], Schedule = "nightly" });
        await using (var db = await _node.Databases.CreateDbContextAsync())
        {
            db.Add(new BlazorAdmin.Features.Jobs.Following.JobLink { ParentId = parent, ChildId = id, On = BlazorAdmin.Features.Jobs.Following.FollowOn.Failure });
            await db.SaveChangesAsync();
            await db.Set<Job>().Where(j => j.Id == id).ExecuteUpdateAsync(set => set.SetProperty(j => j.ParentId, parent).SetProperty(j => j.State, JobState.Running)
                .SetProperty(j => j.StopRequestedAt, DateTimeOffset.UtcNow.AddMinutes(-3)).SetProperty(j => j.StuckAt, DateTimeOffset.UtcNow.AddMinutes(-2)).SetProperty(j => j.LeaseUntil, DateTimeOffset.UtcNow.AddHours(1)));
        }

        var details = _context.Render<JobDetails>(p => p.Add(d => d.Id, $"{id}"));

        details.WaitForAssertion(() => details.Find(".note.bad").TextContent.ShouldContain("Ignores its cancellation since"));
        details.Find(".chip").TextContent.Trim().ShouldBe("stuck");
        details.Markup.ShouldContain("if it fails");
        details.FindAll("a").Select(a => a.GetAttribute("href")).ShouldContain("/admin/jobs?q=tag%3Aurgent");
        details.FindAll("a").Select(a => a.GetAttribute("href")).ShouldContain("/admin/jobs?schedule=nightly");
    }

    [Fact]
    public async Task Details_Cancel_AsksFirst()
    {
        var id = await _node.EnqueueAsync(new TestJob("x"), new() { Subject = "letter.pdf", DueAt = DateTimeOffset.UtcNow.AddHours(1) });
        var details = _context.Render<JobDetails>(p => p.Add(d => d.Id, $"{id}").Add(d => d.MayManage, true));
        details.WaitForElement("button");
        var confirmations = _context.Services.GetRequiredService<Confirmations>();

        var click = details.ClickOnAsync(d => d.FindAll("button").Single(b => b.TextContent.Contains("Cancel", StringComparison.Ordinal)));
        await Eventually.Holds(() => confirmations.Open is not null);
        confirmations.Open!.Title.ShouldBe($"Cancel job #{id}?");
        confirmations.Open.Text.ShouldContain("letter.pdf");
        confirmations.Answer(true);
        await click;

        (await _node.ReadAsync(id)).State.ShouldBe(JobState.Cancelled);
    }

    [Fact]
    public async Task Bulk_CancelPicked_NamesTheCount()
    {
        for (var i = 0; i < 3; i++) await _node.EnqueueAsync(new TestJob($"{i}"), new() { DueAt = DateTimeOffset.UtcNow.AddHours(1) });
        var page = _context.Render<JobsPage>();
        page.WaitForAssertion(() => page.FindAll("tr[data-row]").Count.ShouldBe(3));

        await page.ClickOnAsync(p => p.Find("th.pick input"));
        var click = page.ClickOnAsync(p => p.FindAll(".list-bulk button").Single(b => b.TextContent.Trim() == "Cancel 3 jobs"));
        var confirmations = _context.Services.GetRequiredService<Confirmations>();
        await Eventually.Holds(() => confirmations.Open is not null);
        confirmations.Open!.Title.ShouldBe("Cancel 3 jobs?");
        confirmations.Answer(true);
        await click;

        await using var db = await _node.Databases.CreateDbContextAsync();
        (await db.Set<Job>().CountAsync(j => j.State == JobState.Cancelled)).ShouldBe(3);
        page.WaitForAssertion(() => page.FindAll(".list-bulk").ShouldBeEmpty());
    }

    [Fact]
    public async Task Render_WithReadOnly_OffersNoCommands()
    {
        As(Operator with { Permissions = new[] { JobsPermissions.Read }.ToFrozenSet() });
        var id = await _node.EnqueueAsync(new TestJob("x"));
        _context.Services.GetRequiredService<NavigationManager>().NavigateTo($"/admin/jobs?item={id}");

        var page = _context.Render<JobsPage>();

        page.WaitForElement("portal-drawer dl");
        page.FindAll("th.pick").ShouldBeEmpty();
        page.FindAll("button").Select(b => b.TextContent.Trim()).ShouldNotContain("Cancel job");
    }

    [Fact]
    public async Task Render_WithoutPermission_ShowsNothingOfIt()
    {
        As(Operator with { Permissions = FrozenSet<string>.Empty });
        await _node.EnqueueAsync(new TestJob("x"), new() { Subject = "secret.pdf" });

        var page = _context.Render<JobsPage>();

        page.WaitForAssertion(() => page.Find(".state").TextContent.ShouldContain("You may not see this"));
        page.Markup.ShouldNotContain("secret.pdf");
    }

    [Fact]
    public void Link_ToOneJob_OpensItsDetails()
    {
        var navigation = _context.Services.GetRequiredService<NavigationManager>();
        navigation.NavigateTo("/admin/jobs?job=7");

        var page = _context.Render<JobsPage>();

        page.WaitForAssertion(() => navigation.Uri.ShouldEndWith("/admin/jobs?item=7"));
    }

    [Fact]
    public async Task Dispose_Page_LeavesNoSubscriber()
    {
        var before = _node.Get<Topic<JobChanged>>().SubscriberCount;
        var id = await _node.EnqueueAsync(new TestJob("x"));
        _context.Services.GetRequiredService<NavigationManager>().NavigateTo($"/admin/jobs?item={id}");
        var page = _context.Render<JobsPage>();
        page.WaitForElement("portal-drawer dl");
        _context.Render<JobsFailedWidget>();
        _context.Render<JobsRunningWidget>();
        _context.Render<JobsThroughputWidget>();
        _node.Get<Topic<JobChanged>>().SubscriberCount.ShouldBe(before + 5);

        await _context.DisposeComponentsAsync();

        _node.Get<Topic<JobChanged>>().SubscriberCount.ShouldBe(before);
    }

    [Fact]
    public async Task Widgets_Jobs_ShowWhatRunsFailedAndEnded()
    {
        _node.Work.Hold("run");
        _node.Work.On("fail", _ => throw new JobFailedException("broken file"));
        await _node.StartAsync();
        await _node.Reaches(await _node.EnqueueAsync(new TestJob("fail"), new() { Subject = "bad.pdf" }), JobState.Failed);
        await _node.Reaches(await _node.EnqueueAsync(new TestJob("run"), new() { Subject = "now.pdf" }), JobState.Running);

        var failed = _context.Render<JobsFailedWidget>();
        var running = _context.Render<JobsRunningWidget>();
        var minutes = _context.Render<JobsThroughputWidget>();

        failed.WaitForAssertion(() => failed.Markup.ShouldContain("broken file"));
        failed.Markup.ShouldContain("bad.pdf");
        running.WaitForAssertion(() => running.Markup.ShouldContain("now.pdf"));
        minutes.WaitForAssertion(() => minutes.Find(".sum").TextContent.ShouldContain("1 failed"));
    }

    private void As(Caller caller) => _context.Services.GetService<CurrentCaller>()?.Use(caller);
}
