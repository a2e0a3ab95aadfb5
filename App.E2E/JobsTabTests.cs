namespace BlazorAdmin.E2E;

/// <summary>What people do on the Jobs tab beyond watching one job: search, views, several jobs at once, other arguments, figures.</summary>
[Collection(PortalCollection.Name)]
public sealed class JobsTabTests(Portal portal) : Journey(portal)
{
    // A missing page says so in the console.
    protected override bool IsExpected(string problem) => problem.Contains("403", StringComparison.Ordinal) || problem.Contains("404", StringComparison.Ordinal);

    [Fact]
    public async Task Search_WordTagAndFilters_NarrowTheListAndStandInTheAddress()
    {
        await UploadAsync("sunrise report.pdf", "moonlight.pdf");
        var page = await OpenAsync("Operator", "/admin/jobs");
        var search = page.GetByRole(AriaRole.Searchbox, new() { Name = "Number, type, subject, tag:x" });

        await search.FillAsync("sunr pdf");
        await Assertions.Expect(Row(page, "sunrise report.pdf")).ToBeVisibleAsync();
        await Assertions.Expect(Row(page, "moonlight.pdf")).ToHaveCountAsync(0);
        await Assertions.Expect(page).ToHaveURLAsync(new System.Text.RegularExpressions.Regex("q=sunr"));
        await search.FillAsync("tag:nothing");
        await Assertions.Expect(page.GetByText("Nothing matches")).ToBeVisibleAsync();
        await search.FillAsync("");
        await Assertions.Expect(page).Not.ToHaveURLAsync(new System.Text.RegularExpressions.Regex("q="));
        await Assertions.Expect(Row(page, "moonlight.pdf")).ToBeVisibleAsync();

        await page.GetByRole(AriaRole.Button, new() { Name = "More filters" }).ClickAsync();
        await page.GetByLabel("Caused by", new() { Exact = true }).FillAsync("member@example.org");
        await page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(page).ToHaveURLAsync(new System.Text.RegularExpressions.Regex("owner=member"));
        await Assertions.Expect(Row(page, "moonlight.pdf")).ToBeVisibleAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Remove filter Caused by: member@example.org" }).ClickAsync();
        await Assertions.Expect(page).Not.ToHaveURLAsync(new System.Text.RegularExpressions.Regex("owner="));
    }

    [Fact]
    public async Task Views_SavedSharedAndDeleted_AreSeenByThoseWhoMay()
    {
        // Somebody of their own: the view that their list begins with is nobody else's.
        var email = $"views{Guid.NewGuid():N}@example.org";
        await Portal.CreatePersonAsync(email, "Operator");
        var page = await OpenAsync(null, "/account/login");
        await new LoginPage(page).SignInAsync(email, Portal.Password);
        await page.GotoAsync("/admin/jobs?state=failed&type=documents.read");
        await MenuAsync(page, "Save as …");
        var dialog = page.GetByRole(AriaRole.Dialog);
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Save" }).ClickAsync();
        await Assertions.Expect(dialog.GetByRole(AriaRole.Alert)).ToHaveTextAsync("Give the view a name.");
        await dialog.GetByLabel("Name").FillAsync("Broken documents");
        await dialog.GetByLabel("Share with everybody who may see this list").CheckAsync();
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Save" }).ClickAsync();
        await Assertions.Expect(dialog).ToHaveCountAsync(0);

        var auditor = await OpenAsync("Auditor", "/admin/jobs");
        await auditor.Locator("summary[aria-label^='Saved views']").ClickAsync();
        await auditor.GetByRole(AriaRole.Link, new() { Name = "Broken documents" }).ClickAsync();
        await Assertions.Expect(auditor).ToHaveURLAsync(new System.Text.RegularExpressions.Regex("state=failed&type=documents.read"));
        await auditor.Locator("summary[aria-label^='Saved views']").ClickAsync();
        await Assertions.Expect(auditor.GetByRole(AriaRole.Button, new() { Name = "Delete view" })).ToHaveCountAsync(0);

        await MenuAsync(page, "Rename");
        await dialog.GetByLabel("Name").FillAsync("Broken ones");
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Save" }).ClickAsync();
        await Assertions.Expect(dialog).ToHaveCountAsync(0);
        await MenuAsync(page, "Begin with this view");
        // A page that is left at once takes its command with it.
        await Assertions.Expect(page.Locator("details.menu .popup").GetByText("No longer begin with it")).ToHaveCountAsync(1);
        await page.GotoAsync("/admin/jobs");
        await Assertions.Expect(page).ToHaveURLAsync(new System.Text.RegularExpressions.Regex("state=failed"));
        await MenuAsync(page, "No longer begin with it");
        await MenuAsync(page, "Stop sharing");
        await MenuAsync(page, "Delete view");
        await page.GetByRole(AriaRole.Alertdialog).GetByRole(AriaRole.Button, new() { Name = "Delete view" }).ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Alertdialog)).ToHaveCountAsync(0);
    }

    [Fact]
    public async Task Job_ThatSucceeded_RunsAgainAndWithOtherArgumentsWhileAnotherPersonWatches()
    {
        await UploadAsync("again.pdf");
        var page = await OpenAsync("Operator", "/admin/jobs?q=again");
        var watcher = await OpenAsync("Auditor", "/admin/jobs?q=again");
        await Assertions.Expect(Row(page, "again.pdf").Locator(".chip").Filter(new() { HasText = "done" })).ToBeVisibleAsync(new() { Timeout = 60_000 });
        await Row(page, "again.pdf").GetByRole(AriaRole.Link).First.ClickAsync();
        var details = page.Locator(".drawer");
        await Assertions.Expect(details.GetByText("Attempt 1: done")).ToBeVisibleAsync();

        await details.GetByRole(AriaRole.Button, new() { Name = "Run again", Exact = true }).ClickAsync();
        await Assertions.Expect(watcher.Locator("tr[data-row]")).ToHaveCountAsync(2);

        await Assertions.Expect(details.GetByText("Attempt 1: done")).ToBeVisibleAsync(new() { Timeout = 60_000 });
        await details.GetByRole(AriaRole.Button, new() { Name = "Edit and run again" }).ClickAsync();
        var dialog = page.GetByRole(AriaRole.Dialog);
        await dialog.GetByLabel("Arguments (JSON)").FillAsync("{\n  oops\n}");
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Run again" }).ClickAsync();
        await Assertions.Expect(dialog.GetByRole(AriaRole.Alert)).ToContainTextAsync("Line 2");
        await dialog.GetByLabel("Arguments (JSON)").FillAsync("""{"documentId":"00000000-0000-0000-0000-000000000001","revision":1}""");
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Run again" }).ClickAsync();
        await Assertions.Expect(watcher.Locator("tr[data-row]")).ToHaveCountAsync(3);
    }

    [Fact]
    public async Task Selection_CancelledAndUndone_AndLogDownloaded()
    {
        // Paused, so that no job runs away from what is done with it.
        var queues = await OpenAsync("Operator", "/admin/jobs/queues?type=documents.read");
        await queues.GetByRole(AriaRole.Button, new() { Name = "Pause type" }).ClickAsync();
        await queues.GetByRole(AriaRole.Dialog).GetByLabel("Reason").FillAsync("three of them are looked at");
        await queues.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new() { Name = "Pause documents.read" }).ClickAsync();
        var resume = queues.GetByRole(AriaRole.Button, new() { Name = "Resume type" });
        await Assertions.Expect(resume).ToBeVisibleAsync();
        IPage page;
        try
        {
            await UploadAsync("bulk one.pdf", "bulk two.pdf", "bulk three.pdf");
            page = await OpenAsync("Operator", "/admin/jobs?q=bulk+pdf");
            await Assertions.Expect(page.Locator("tr[data-row]")).ToHaveCountAsync(3);
            await page.Locator("th.pick input").ClickAsync();
            await page.GetByRole(AriaRole.Button, new() { Name = "Cancel 3 jobs" }).ClickAsync();
            await page.GetByRole(AriaRole.Alertdialog).GetByRole(AriaRole.Button, new() { Name = "Cancel 3 jobs" }).ClickAsync();
            await Assertions.Expect(page.Locator(".toast").Filter(new() { HasText = "cancelled" })).ToBeVisibleAsync();
            await Assertions.Expect(page.Locator("tr[data-row] .chip").Filter(new() { HasText = "cancelled" })).ToHaveCountAsync(3);

            await page.Locator("th.pick input").ClickAsync();
            await page.GetByRole(AriaRole.Button, new() { Name = "Retry 3 jobs" }).ClickAsync();
            await page.GetByRole(AriaRole.Alertdialog).GetByRole(AriaRole.Button, new() { Name = "Retry 3 jobs" }).ClickAsync();
            await page.Locator(".toast").Filter(new() { HasText = "wait to run again" }).GetByRole(AriaRole.Button, new() { Name = "Undo" }).ClickAsync();
            await Assertions.Expect(page.Locator(".toast").Filter(new() { HasText = "former state again" })).ToBeVisibleAsync();
            await Assertions.Expect(page.Locator("tr[data-row] .chip").Filter(new() { HasText = "cancelled" })).ToHaveCountAsync(3);
        }
        finally
        {
            await resume.ClickAsync();
            await Assertions.Expect(queues.GetByRole(AriaRole.Button, new() { Name = "Pause type" })).ToBeVisibleAsync();
        }

        await page.Locator("tr[data-row]").First.GetByRole(AriaRole.Link).First.ClickAsync();
        var link = await page.GetByRole(AriaRole.Link, new() { Name = "Download log" }).GetAttributeAsync("href");
        var log = await page.APIRequest.GetAsync(link!);
        log.Status.ShouldBe(200);
        log.Headers["content-disposition"].ShouldContain("job-");
        (await page.APIRequest.GetAsync("/admin/jobs/999999999/log.txt")).Status.ShouldBe(404);
        var member = await OpenAsync("Member", "/");
        (await member.APIRequest.GetAsync(link!)).Status.ShouldBe(403);
        (await member.APIRequest.GetAsync("/admin/jobs/statistics.csv")).Status.ShouldBe(403);
    }

    [Fact]
    public async Task Auditor_SeesStatisticsAndDetails_ButNoCommands()
    {
        await UploadAsync("looked at.pdf");
        var page = await OpenAsync("Auditor", "/admin/jobs?q=looked");
        await Row(page, "looked at.pdf").GetByRole(AriaRole.Link).First.ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Timeline" })).ToBeVisibleAsync();
        foreach (var command in new[] { "Run again", "Edit and run again", "Discard job" })
            await Assertions.Expect(page.GetByRole(AriaRole.Button, new() { Name = command, Exact = true })).ToHaveCountAsync(0);
        await Assertions.Expect(page.Locator("th.pick")).ToHaveCountAsync(0);

        await page.GetByRole(AriaRole.Link, new() { Name = "Statistics" }).ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Job statistics" })).ToBeVisibleAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "7 days" }).ClickAsync();
        await Assertions.Expect(page).ToHaveURLAsync(new System.Text.RegularExpressions.Regex("range=7d"));
        var csv = await page.APIRequest.GetAsync("/admin/jobs/statistics.csv?range=7d");
        csv.Status.ShouldBe(200);
        (await csv.TextAsync()).ShouldContain("Run time p99");
    }

    private async Task UploadAsync(params string[] names)
    {
        var member = await OpenAsync("Member", "/documents");
        foreach (var name in names) await new DocumentsView(member).UploadAsync(name, SamplePdf.WithText(name));
    }

    private static ILocator Row(IPage page, string name) => page.Locator("tr[data-row]").Filter(new() { Has = page.GetByTitle(name) }).First;

    private static async Task MenuAsync(IPage page, string action)
    {
        await page.Locator("summary[aria-label^='Saved views']").ClickAsync();
        await page.Locator("details.menu[open]").GetByRole(AriaRole.Button, new() { Name = action }).ClickAsync();
    }
}
