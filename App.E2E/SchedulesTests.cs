namespace BlazorAdmin.E2E;

/// <summary>Everything a person can do on the Schedules tab, what is refused, and that others see it at once.</summary>
[Collection(PortalCollection.Name)]
public sealed class SchedulesTests(Portal portal) : Journey(portal)
{
    protected override bool IsExpected(string problem) => problem.Contains("403", StringComparison.Ordinal);

    [Fact]
    public async Task Schedule_MadeByAPerson_RunsPausesGoesOnAndIsDeletedBeforeTwoBrowsers()
    {
        var page = await OpenAsync("Operator", "/admin/schedules");
        var watcher = await OpenAsync("Auditor", "/admin/schedules");
        await Assertions.Expect(Row(watcher, "jobs.cleanup")).ToBeVisibleAsync();
        await Assertions.Expect(Row(page, "jobs.cleanup")).ToContainTextAsync("Daily at");

        await CreateAsync(page, "e2e.often", "0/2 * * * * ?");
        await Assertions.Expect(Row(watcher, "e2e.often")).ToContainTextAsync("Every 2 seconds");
        await Assertions.Expect(Row(watcher, "e2e.often")).ToContainTextAsync("done");

        await Row(page, "e2e.often").GetByRole(AriaRole.Link).First.ClickAsync();
        var details = Details(page);
        await Assertions.Expect(details.Locator(".runs li")).ToHaveCountAsync(10);
        await Assertions.Expect(details.Locator(".history li").First).ToBeVisibleAsync();

        // Pause: a reason is needed; the other browser sees it.
        await details.GetByRole(AriaRole.Button, new() { Name = "Pause" }).ClickAsync();
        var dialog = page.GetByRole(AriaRole.Dialog);
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Pause" }).ClickAsync();
        await Assertions.Expect(dialog.GetByRole(AriaRole.Alert)).ToContainTextAsync("Reason:");
        await dialog.GetByLabel("Reason").FillAsync("a long weekend");
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Pause" }).ClickAsync();
        await Assertions.Expect(Row(watcher, "e2e.often").Locator(".chip").First).ToHaveTextAsync("paused");
        await Assertions.Expect(details).ToContainTextAsync("a long weekend");
        await Assertions.Expect(details.Locator(".history li").First).ToContainTextAsync("paused");

        // Run now works all the same, and leads to its job.
        await details.GetByRole(AriaRole.Button, new() { Name = "Run now" }).ClickAsync();
        await Assertions.Expect(page.GetByText("e2e.often runs now.")).ToBeVisibleAsync();
        await Assertions.Expect(details.Locator(".history li").Filter(new() { HasText = "by hand" })).ToContainTextAsync("done");

        await details.GetByRole(AriaRole.Button, new() { Name = "Resume" }).ClickAsync();
        await Assertions.Expect(Row(watcher, "e2e.often").Locator(".chip").First).ToHaveTextAsync("active");

        // Edit: what cannot be read is said while typing.
        await details.GetByRole(AriaRole.Button, new() { Name = "Edit" }).ClickAsync();
        await dialog.GetByLabel("Cron expression").FillAsync("0 0 25 * * ?");
        await Assertions.Expect(dialog.GetByRole(AriaRole.Alert)).ToContainTextAsync("Cron expression:");
        await dialog.GetByLabel("Cron expression").FillAsync("0 0/10 * * * ?");
        await Assertions.Expect(dialog.GetByRole(AriaRole.Status)).ToContainTextAsync("Every 10 minutes");
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Save" }).ClickAsync();
        await Assertions.Expect(Row(watcher, "e2e.often")).ToContainTextAsync("Every 10 minutes");

        // Backfill: the count is known before.
        await details.GetByRole(AriaRole.Button, new() { Name = "Backfill" }).ClickAsync();
        // A day without a change of summer time.
        await dialog.GetByLabel("From").FillAsync("2025-02-04T09:00");
        await dialog.GetByLabel("From").BlurAsync();
        await dialog.GetByLabel("Until").FillAsync("2025-02-04T10:00");
        await dialog.GetByLabel("Until").BlurAsync();
        await Assertions.Expect(dialog.GetByRole(AriaRole.Status)).ToContainTextAsync("runs would be made up for");
        await dialog.GetByRole(AriaRole.Button, new() { NameRegex = new("^Run [67]$") }).ClickAsync();
        await Assertions.Expect(page.GetByText("runs are enqueued.")).ToBeVisibleAsync();

        await details.GetByRole(AriaRole.Button, new() { Name = "Delete" }).ClickAsync();
        await page.GetByRole(AriaRole.Alertdialog).GetByRole(AriaRole.Button, new() { Name = "Delete" }).ClickAsync();
        await Assertions.Expect(Row(watcher, "e2e.often")).ToHaveCountAsync(0);
        await Assertions.Expect(Details(page)).ToContainTextAsync("There is no such schedule");
    }

    [Fact]
    public async Task Registered_ChangedByAPerson_IsResetToItsCode()
    {
        var page = await OpenAsync("Operator", "/admin/schedules?item=jobs.cleanup");
        var details = Details(page);
        await Assertions.Expect(details.GetByRole(AriaRole.Button, new() { Name = "Delete" })).ToHaveCountAsync(0);
        await details.GetByRole(AriaRole.Button, new() { Name = "Edit" }).ClickAsync();
        var dialog = page.GetByRole(AriaRole.Dialog);
        await dialog.GetByLabel("Missed runs").SelectOptionAsync("Skip");
        await dialog.GetByLabel("While one still runs").SelectOptionAsync("Wait");
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Save" }).ClickAsync();
        await Assertions.Expect(details.Locator(".chip").Filter(new() { HasText = "changed" })).ToBeVisibleAsync();
        await Assertions.Expect(details).ToContainTextAsync("Wait until it has ended");

        await details.GetByRole(AriaRole.Button, new() { Name = "Reset to code" }).ClickAsync();
        await page.GetByRole(AriaRole.Alertdialog).GetByRole(AriaRole.Button, new() { Name = "Reset to code" }).ClickAsync();
        await Assertions.Expect(details.Locator(".chip").Filter(new() { HasText = "changed" })).ToHaveCountAsync(0);
        await Assertions.Expect(details).ToContainTextAsync("Run the last one");
    }

    [Fact]
    public async Task Calendar_MadeUsedAndDeleted_KeepsItsDaysFree()
    {
        var page = await OpenAsync("Operator", "/admin/schedules");
        await page.GetByRole(AriaRole.Button, new() { Name = "Calendars" }).ClickAsync();
        var dialog = page.GetByRole(AriaRole.Dialog);
        await dialog.GetByRole(AriaRole.Button, new() { Name = "New calendar" }).ClickAsync();
        await dialog.GetByLabel("Name", new() { Exact = true }).FillAsync("e2e days");
        await dialog.GetByLabel("Days").FillAsync("--12-25 Christmas\n24.12.");
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Save" }).ClickAsync();
        await Assertions.Expect(dialog.GetByRole(AriaRole.Alert)).ToContainTextAsync("Days, line 2:");
        await dialog.GetByLabel("Days").FillAsync("--12-25 Christmas\n--12-24");
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Save" }).ClickAsync();
        await Assertions.Expect(dialog).ToContainTextAsync("2 days");
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Close" }).ClickAsync();

        await CreateAsync(page, "e2e.christmas", "0 0 12 24-26 12 ?", "e2e days");
        await Row(page, "e2e.christmas").GetByRole(AriaRole.Link).First.ClickAsync();
        await Assertions.Expect(Details(page).Locator(".runs li").First).ToContainTextAsync("26 Dec");

        // In use it stays.
        await page.GetByRole(AriaRole.Button, new() { Name = "Calendars" }).ClickAsync();
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Delete calendar e2e days" }).ClickAsync();
        await page.GetByRole(AriaRole.Alertdialog).GetByRole(AriaRole.Button, new() { Name = "Delete" }).ClickAsync();
        await Assertions.Expect(page.GetByText("is kept by e2e.christmas")).ToBeVisibleAsync();
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Close" }).ClickAsync();

        await Details(page).GetByRole(AriaRole.Button, new() { Name = "Delete" }).ClickAsync();
        await page.GetByRole(AriaRole.Alertdialog).GetByRole(AriaRole.Button, new() { Name = "Delete" }).ClickAsync();
        await Assertions.Expect(Row(page, "e2e.christmas")).ToHaveCountAsync(0);
        await page.GetByRole(AriaRole.Button, new() { Name = "Calendars" }).ClickAsync();
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Delete calendar e2e days" }).ClickAsync();
        await page.GetByRole(AriaRole.Alertdialog).GetByRole(AriaRole.Button, new() { Name = "Delete" }).ClickAsync();
        await Assertions.Expect(dialog).ToContainTextAsync("There is no calendar yet.");
    }

    [Fact]
    public async Task Schedules_AuditorAndMember_MayLookOrNotAtAll()
    {
        var auditor = await OpenAsync("Auditor", "/admin/schedules?item=jobs.cleanup");
        await Assertions.Expect(Details(auditor).GetByRole(AriaRole.Heading, new() { Name = "Next runs" })).ToBeVisibleAsync();
        foreach (var name in new[] { "New schedule", "Run now", "Pause", "Edit", "Backfill", "Reset to code" })
            await Assertions.Expect(auditor.GetByRole(AriaRole.Button, new() { Name = name, Exact = true })).ToHaveCountAsync(0);

        var member = await OpenAsync("Member", "/");
        await Assertions.Expect(member.GetByRole(AriaRole.Link, new() { Name = "Schedules" })).ToHaveCountAsync(0);
        var response = await member.APIRequest.GetAsync("/admin/schedules");
        response.Status.ShouldBe(403);
    }

    private static ILocator Row(IPage page, string name) => page.Locator("tr[data-row]").Filter(new() { Has = page.GetByRole(AriaRole.Link, new() { Name = name, Exact = true }) });

    private static ILocator Details(IPage page) => page.Locator(".drawer").First;

    private static async Task CreateAsync(IPage page, string name, string cron, string? calendar = null)
    {
        await page.GetByRole(AriaRole.Button, new() { Name = "New schedule" }).ClickAsync();
        var dialog = page.GetByRole(AriaRole.Dialog);
        await dialog.GetByLabel("Name", new() { Exact = true }).FillAsync(name);
        await dialog.GetByLabel("Cron expression").FillAsync(cron);
        // Without a type it is refused, and the field is named.
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Create schedule" }).ClickAsync();
        await Assertions.Expect(dialog.GetByRole(AriaRole.Alert)).ToContainTextAsync("Type:");
        await dialog.GetByLabel("Type").SelectOptionAsync("jobs.cleanup");
        if (calendar is not null) await dialog.GetByLabel("Holidays").SelectOptionAsync(calendar);
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Create schedule" }).ClickAsync();
        await Assertions.Expect(dialog).ToHaveCountAsync(0);
        await Assertions.Expect(Row(page, name)).ToBeVisibleAsync();
    }
}
