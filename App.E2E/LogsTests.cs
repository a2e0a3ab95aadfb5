using System.Net;
using System.Text.RegularExpressions;

namespace BlazorAdmin.E2E;

/// <summary>What operators and administrators do with log, state of components and access tokens, and what others may not.</summary>
[Collection(PortalCollection.Name)]
public sealed class LogsTests(Portal portal) : Journey(portal)
{
    // A forbidden page says so in the console; it is written without the shell, so the browser asks for an icon that is not there.
    protected override bool IsExpected(string problem) => problem.Contains("403", StringComparison.Ordinal) || problem.Contains("404", StringComparison.Ordinal);

    [Fact]
    public async Task Logs_FilteredAndOpened_ShowTheLineAndTheAddressKeepsIt()
    {
        var page = await OpenAsync("Operator", "/admin/logs");
        await Assertions.Expect(page.Locator("tr[data-row]").First).ToBeVisibleAsync();

        await page.GetByRole(AriaRole.Searchbox, new() { Name = "Search text or reference number" }).FillAsync("no line says this");
        await Assertions.Expect(page.GetByText("Nothing matches")).ToBeVisibleAsync();
        await Assertions.Expect(page).ToHaveURLAsync(new Regex("q=no"));
        await page.GetByRole(AriaRole.Button, new() { Name = "Clear search and filters" }).ClickAsync();
        await page.Locator("tr[data-row] a").First.ClickAsync();
        await Assertions.Expect(page.Locator(".drawer")).ToContainTextAsync("Category");
        await page.ScreenshotAsync(new() { Path = Path.Combine(Places.Results, "logs.png") });

        await page.GetByRole(AriaRole.Button, new() { Name = "Pause" }).ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Button, new() { Name = "Resume" })).ToBeVisibleAsync();
    }

    [Fact]
    public async Task Bundle_Taken_IsAZipFile()
    {
        var page = await OpenAsync("Operator", "/admin/logs");
        await page.GetByRole(AriaRole.Button, new() { Name = "Support bundle" }).ClickAsync();

        var download = await page.RunAndWaitForDownloadAsync(() => page.GetByRole(AriaRole.Link, new() { Name = "Last hour" }).ClickAsync());

        download.SuggestedFilename.ShouldMatch(@"^blazoradmin-support-.*\.zip$");
        using var zip = System.IO.Compression.ZipFile.OpenRead(await download.PathAsync());
        zip.Entries.ShouldContain(entry => entry.Name == "log.jsonl");
    }

    [Fact]
    public async Task Health_CheckedNow_ShowsEveryComponent()
    {
        var page = await OpenAsync("Auditor", "/admin/health");
        await page.GetByRole(AriaRole.Button, new() { Name = "Check now" }).ClickAsync();

        var row = page.Locator("tbody tr").Filter(new() { HasText = "Database" });
        await Assertions.Expect(row).ToContainTextAsync("healthy");
        await page.ScreenshotAsync(new() { Path = Path.Combine(Places.Results, "health.png") });
    }

    [Fact]
    public async Task Token_MadeUsedAndRevoked_OpensAndCloses()
    {
        var page = await OpenAsync("Administrator", "/admin/tokens");
        await page.GetByRole(AriaRole.Button, new() { Name = "Create token" }).First.ClickAsync();
        var dialog = page.GetByRole(AriaRole.Dialog);
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Create token" }).ClickAsync();
        await Assertions.Expect(dialog.GetByText("Name: write what uses the token.")).ToBeVisibleAsync();
        await dialog.GetByLabel("Name", new() { Exact = true }).FillAsync("e2e prober");
        await dialog.GetByRole(AriaRole.Checkbox, new() { NameRegex = new Regex("health.read") }).CheckAsync();
        await page.ScreenshotAsync(new() { Path = Path.Combine(Places.Results, "token.png") });
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Create token" }).ClickAsync();
        var secret = await dialog.Locator("[data-secret]").InnerTextAsync();
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Done" }).ClickAsync();
        (await StatusAsync(secret)).ShouldBe(HttpStatusCode.OK);

        var row = page.Locator("tr[data-row]").Filter(new() { HasText = "e2e prober" });
        await Assertions.Expect(row).ToContainTextAsync("127.0.0.1");
        await page.ScreenshotAsync(new() { Path = Path.Combine(Places.Results, "tokens.png") });
        await row.GetByRole(AriaRole.Button, new() { Name = "Revoke e2e prober" }).ClickAsync();
        await page.GetByRole(AriaRole.Alertdialog).GetByRole(AriaRole.Button, new() { Name = "Revoke" }).ClickAsync();
        await Assertions.Expect(row).ToContainTextAsync("revoked");
        (await StatusAsync(secret)).ShouldBe(HttpStatusCode.Unauthorized);
    }

    [Theory]
    [InlineData("Member", "/admin/logs")]
    [InlineData("Auditor", "/admin/logs")]
    [InlineData("Member", "/admin/health")]
    [InlineData("Operator", "/admin/tokens")]
    public async Task Pages_OpenedByOthers_AreForbidden(string role, string path)
    {
        var page = await OpenAsync(role, path);
        await Assertions.Expect(page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToContainTextAsync("You may not open this");
    }

    private async Task<HttpStatusCode> StatusAsync(string token)
    {
        using var client = new HttpClient { BaseAddress = Portal.Address };
        client.DefaultRequestHeaders.Authorization = new("Bearer", token);
        using var answer = await client.GetAsync("/health");
        return answer.StatusCode;
    }
}
