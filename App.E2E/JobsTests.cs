namespace BlazorAdmin.E2E;

/// <summary>Watching, cancelling and retrying work on the Jobs tab.</summary>
[Collection(PortalCollection.Name)]
public sealed class JobsTests(Portal portal) : Journey(portal)
{
    [Fact]
    public async Task Job_LongReading_IsWatchedCancelledAndRetried()
    {
        var member = await OpenAsync("Member", "/documents");
        await new DocumentsView(member).UploadAsync("long.pdf", SamplePdf.Scanned(6));

        var page = await OpenAsync("Operator", "/admin/jobs");
        var row = page.Locator("tr[data-row]").Filter(new() { Has = page.GetByTitle("long.pdf") }).First;
        await Assertions.Expect(row.Locator(".chip").Filter(new() { HasText = "running" })).ToBeVisibleAsync();
        await row.GetByRole(AriaRole.Link).First.ClickAsync();
        var details = page.Locator("portal-drawer, .drawer").First;
        await Assertions.Expect(details.GetByRole(AriaRole.Progressbar)).ToBeVisibleAsync();
        await Assertions.Expect(page).ToHaveURLAsync(new System.Text.RegularExpressions.Regex("item="));

        await details.GetByRole(AriaRole.Button, new() { Name = "Cancel job" }).ClickAsync();
        await page.GetByRole(AriaRole.Alertdialog).GetByRole(AriaRole.Button, new() { Name = "Cancel job" }).ClickAsync();
        await Assertions.Expect(row.Locator(".chip").Filter(new() { HasText = "cancelled" })).ToBeVisibleAsync();
        await new DocumentsView(member).ExpectStateAsync("long.pdf", "Stopped");

        await details.GetByRole(AriaRole.Button, new() { Name = "Retry job" }).ClickAsync();
        await Assertions.Expect(row.Locator(".chip").Filter(new() { HasText = "done" })).ToBeVisibleAsync(new() { Timeout = 120_000 });
        await new DocumentsView(member).ExpectStateAsync("long.pdf", "Ready");
    }

    [Fact]
    public async Task Jobs_Auditor_SeesButCannotAct()
    {
        var member = await OpenAsync("Member", "/documents");
        await new DocumentsView(member).UploadAsync("seen.pdf", SamplePdf.WithText("seen by the auditor"));

        var page = await OpenAsync("Auditor", "/admin/jobs");
        var row = page.Locator("tr[data-row]").Filter(new() { Has = page.GetByTitle("seen.pdf") }).First;
        await Assertions.Expect(row).ToBeVisibleAsync();
        await row.GetByRole(AriaRole.Link).First.ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Timeline" })).ToBeVisibleAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Button, new() { Name = "Retry job" })).ToHaveCountAsync(0);
        await Assertions.Expect(page.GetByRole(AriaRole.Button, new() { Name = "Cancel job" })).ToHaveCountAsync(0);
    }

    [Fact]
    public async Task Export_Csv_StreamsTheFilteredList()
    {
        var member = await OpenAsync("Member", "/documents");
        await new DocumentsView(member).UploadAsync("exported.pdf", SamplePdf.WithText("exported"));
        var page = await OpenAsync("Operator", "/admin/jobs");
        var response = await page.APIRequest.GetAsync("/admin/jobs/export?format=csv");
        response.Status.ShouldBe(200);
        response.Headers["content-type"].ShouldContain("csv");
        (await response.TextAsync()).ShouldContain("exported.pdf");
    }
}
