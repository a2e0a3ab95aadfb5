namespace BlazorAdmin.E2E;

/// <summary>Operators steer the engine: pauses, rules and nodes; others see it live, or not at all.</summary>
[Collection(PortalCollection.Name)]
public sealed class JobOperationsTests(Portal portal) : Journey(portal)
{
    // The forbidden page, which has no icon.
    protected override bool IsExpected(string problem) => problem.Contains("403", StringComparison.Ordinal) || problem.Contains("404", StringComparison.Ordinal);

    [Fact]
    public async Task Queue_PausedByOne_IsSeenLiveByAnotherAndGoesOn()
    {
        var page = await OpenAsync("Operator", "/admin/jobs/queues");
        var auditor = await OpenAsync("Auditor", "/admin/jobs/queues");
        await Assertions.Expect(Queue(auditor, "default")).ToBeVisibleAsync();

        await page.GetByRole(AriaRole.Button, new() { Name = "Pause default" }).ClickAsync();
        var dialog = page.GetByRole(AriaRole.Dialog);
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Pause default" }).ClickAsync();
        await Assertions.Expect(dialog.GetByRole(AriaRole.Alert)).ToContainTextAsync("The reason is missing");
        await dialog.GetByLabel("Reason").FillAsync("the archive is being moved");
        await dialog.GetByLabel("Until").SelectOptionAsync("a point in time");
        await dialog.GetByLabel("a point in time").FillAsync("2020-01-01T10:00");
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Pause default" }).ClickAsync();
        await Assertions.Expect(dialog.GetByRole(AriaRole.Alert)).ToContainTextAsync("choose a later one");
        await dialog.GetByLabel("Until").SelectOptionAsync(new SelectOptionValue { Value = "60" });
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Pause default" }).ClickAsync();
        await Assertions.Expect(dialog).ToHaveCountAsync(0);

        await Assertions.Expect(Queue(page, "default")).ToContainTextAsync("the archive is being moved");
        await Assertions.Expect(Queue(auditor, "default")).ToContainTextAsync("the archive is being moved");
        await Assertions.Expect(Queue(auditor, "default")).ToContainTextAsync("goes on by itself");
        await Assertions.Expect(auditor.GetByRole(AriaRole.Button, new() { Name = "Resume default" })).ToHaveCountAsync(0);

        await page.GetByRole(AriaRole.Button, new() { Name = "Resume default" }).ClickAsync();
        await Assertions.Expect(Queue(auditor, "default")).Not.ToContainTextAsync("the archive is being moved");
        await Assertions.Expect(page.GetByRole(AriaRole.Button, new() { Name = "Pause default" })).ToBeVisibleAsync();
    }

    [Fact]
    public async Task Type_RulesAndPause_AreChangedAndReset()
    {
        var page = await OpenAsync("Operator", "/admin/jobs/queues");
        await page.GetByRole(AriaRole.Link, new() { Name = "jobs.cleanup" }).ClickAsync();
        await Assertions.Expect(page).ToHaveURLAsync(new System.Text.RegularExpressions.Regex("type=jobs.cleanup"));
        var panel = page.Locator("portal-drawer");

        await panel.GetByLabel("Retry strategy", new() { Exact = true }).FillAsync("now and then");
        await panel.GetByRole(AriaRole.Button, new() { Name = "Save rules" }).ClickAsync();
        await Assertions.Expect(panel.GetByRole(AriaRole.Alert)).ToContainTextAsync("is not a retry strategy");
        await panel.GetByLabel("Retry strategy", new() { Exact = true }).FillAsync("fixed 30s");
        await panel.GetByLabel("Attempts", new() { Exact = true }).FillAsync("7");
        await panel.GetByRole(AriaRole.Button, new() { Name = "Save rules" }).ClickAsync();
        await Assertions.Expect(Row(page, "jobs.cleanup").Locator(".chip")).ToContainTextAsync("changed here");
        await Assertions.Expect(panel.GetByRole(AriaRole.Alert)).ToHaveCountAsync(0);

        await page.ReloadAsync();
        await Assertions.Expect(panel.GetByLabel("Attempts", new() { Exact = true })).ToHaveValueAsync("7");
        await panel.GetByRole(AriaRole.Button, new() { Name = "Reset Attempts to the code" }).ClickAsync();
        await Assertions.Expect(panel.GetByLabel("Attempts", new() { Exact = true })).ToHaveValueAsync("");
        await panel.GetByRole(AriaRole.Button, new() { Name = "Reset all to the code" }).ClickAsync();
        await page.GetByRole(AriaRole.Alertdialog).GetByRole(AriaRole.Button, new() { Name = "Reset all to the code" }).ClickAsync();
        await Assertions.Expect(Row(page, "jobs.cleanup").Locator(".chip")).ToHaveCountAsync(0);
        await Assertions.Expect(panel.GetByLabel("Retry strategy", new() { Exact = true })).ToHaveValueAsync("");

        await panel.GetByRole(AriaRole.Button, new() { Name = "Pause type" }).ClickAsync();
        await page.GetByRole(AriaRole.Dialog).GetByLabel("Reason").FillAsync("later");
        await page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new() { Name = "Pause jobs.cleanup" }).ClickAsync();
        await Assertions.Expect(Row(page, "jobs.cleanup").Locator(".chip")).ToContainTextAsync("paused");
        await panel.GetByRole(AriaRole.Button, new() { Name = "Resume type" }).ClickAsync();
        await Assertions.Expect(Row(page, "jobs.cleanup").Locator(".chip")).ToHaveCountAsync(0);

        var audit = await OpenAsync("Administrator", "/admin/audit");
        foreach (var action in new[] { "Job rules changed", "Job rules reset", "Jobs paused", "Jobs resumed" })
            await Assertions.Expect(audit.Locator("tr[data-row]").Filter(new() { HasText = action }).First).ToBeVisibleAsync();
    }

    [Fact]
    public async Task Worker_Drained_IsSeenLiveAndTakenUpAgain()
    {
        var page = await OpenAsync("Operator", "/admin/jobs/queues");
        await page.GetByRole(AriaRole.Navigation, new() { Name = "Pages about jobs" }).GetByRole(AriaRole.Link, new() { Name = "Workers" }).ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Navigation, new() { Name = "You are here" })).ToContainTextAsync("Workers");
        var auditor = await OpenAsync("Auditor", "/admin/jobs/workers");
        var row = page.Locator("tr[data-row]").Filter(new() { HasText = "this node" });
        await row.GetByRole(AriaRole.Link).ClickAsync();
        var panel = page.Locator("portal-drawer");

        await panel.GetByRole(AriaRole.Button, new() { Name = "Drain" }).ClickAsync();
        await Assertions.Expect(row.Locator(".chip")).ToContainTextAsync("draining");
        await Assertions.Expect(auditor.Locator("tr[data-row]").Locator(".chip")).ToContainTextAsync("draining");
        await Assertions.Expect(panel).ToContainTextAsync("takes nothing new until you take it up again");
        await panel.GetByRole(AriaRole.Button, new() { Name = "Take up again" }).ClickAsync();
        await Assertions.Expect(row.Locator(".chip")).Not.ToContainTextAsync("draining");

        await auditor.Locator("tr[data-row]").GetByRole(AriaRole.Link).ClickAsync();
        await Assertions.Expect(auditor.GetByRole(AriaRole.Heading, new() { Name = "Runs now" })).ToBeVisibleAsync();
        await Assertions.Expect(auditor.GetByRole(AriaRole.Button, new() { Name = "Drain" })).ToHaveCountAsync(0);
    }

    [Theory]
    [InlineData("/admin/jobs/queues")]
    [InlineData("/admin/jobs/workers")]
    public async Task Page_Member_IsForbidden(string path)
    {
        var page = await OpenAsync("Member", path);
        await Assertions.Expect(page.GetByText("You may not open this")).ToBeVisibleAsync();
    }

    private static ILocator Queue(IPage page, string name) => page.GetByRole(AriaRole.Region, new() { Name = name, Exact = true });

    private static ILocator Row(IPage page, string type) => page.Locator("tr[data-row]").Filter(new() { HasText = type });
}

/// <summary>A node is killed and another takes its place: operators are told, and tidy up.</summary>
public sealed class DeadNodeTests : IAsyncLifetime
{
    private readonly string _data = Places.NewDataDirectory();
    private IPlaywright _playwright = null!;
    private IBrowser _browser = null!;

    public async Task InitializeAsync()
    {
        _playwright = await Playwright.CreateAsync();
        _browser = await Portal.LaunchAsync(_playwright);
    }

    [Fact]
    public async Task Node_Killed_IsShownDeadToldAndRemoved()
    {
        await using (var first = await PortalProcess.StartAsync(_data, Settings("first")))
        {
            // It serves before its workers have said that they are there.
            await using var before = await WorkersAsync(first);
            await Assertions.Expect(before.Pages[0].Locator("tr[data-row]").Filter(new() { HasText = "first" })).ToBeVisibleAsync();
            await first.KillAsync();
        }

        await using var second = await PortalProcess.StartAsync(_data, Settings("second"));
        await using var context = await WorkersAsync(second);
        var page = context.Pages[0];

        var dead = page.Locator("tr[data-row]").Filter(new() { HasText = "first" });
        await Assertions.Expect(dead.Locator(".chip")).ToContainTextAsync("dead");
        var signals = page.GetByRole(AriaRole.Region, new() { Name = "Signals" });
        await signals.GetByRole(AriaRole.Link, new() { Name = "Node first has been silent" }).ClickAsync();
        var panel = page.Locator("portal-drawer");
        await Assertions.Expect(panel).ToContainTextAsync("The other nodes take its jobs back");
        await panel.GetByRole(AriaRole.Button, new() { Name = "Remove from list" }).ClickAsync();
        await page.GetByRole(AriaRole.Alertdialog).GetByRole(AriaRole.Button, new() { Name = "Remove from list" }).ClickAsync();

        await Assertions.Expect(dead).ToHaveCountAsync(0);
        await Assertions.Expect(page.Locator("tr[data-row]")).ToHaveCountAsync(1);
        await Assertions.Expect(signals).ToHaveCountAsync(0);
        await page.GotoAsync("/");
        await Assertions.Expect(page.GetByRole(AriaRole.Region, new() { Name = "Job signals" })).ToContainTextAsync("All quiet");
    }

    private async Task<IBrowserContext> WorkersAsync(PortalProcess portal)
    {
        var context = await _browser.NewContextAsync(new() { BaseURL = portal.Address.ToString(), Locale = "en-GB" });
        context.SetDefaultTimeout(30_000);
        var page = await context.NewPageAsync();
        await new LoginPage(page).SignInAsync(Portal.AdminEmail, Portal.Password);
        await page.GotoAsync("/admin/jobs/workers");
        return context;
    }

    private static Dictionary<string, string?> Settings(string node) => new()
    {
        ["Node__Name"] = node,
        ["Jobs__LeaseSeconds"] = "1",
        ["Jobs__HeartbeatSeconds"] = "0.2",
        ["Jobs__Signals__IntervalSeconds"] = "1",
        ["Bootstrap__AdminEmail"] = Portal.AdminEmail,
        ["Bootstrap__AdminPassword"] = Portal.Password,
    };

    public async Task DisposeAsync()
    {
        await _browser.DisposeAsync();
        _playwright.Dispose();
        Directory.Delete(_data, recursive: true);
    }
}
