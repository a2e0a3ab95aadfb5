using System.Text;
using System.Text.RegularExpressions;

namespace BlazorAdmin.E2E;

/// <summary>Many people at once: an import, commands on several, files; and what somebody sees of their own activity.</summary>
[Collection(PortalCollection.Name)]
public sealed class PeopleTests(Portal portal) : Journey(portal)
{
    // A forbidden page says so in the console; it is written without the shell, so the browser asks for an icon that is not there.
    protected override bool IsExpected(string problem) => problem.Contains("403", StringComparison.Ordinal) || problem.Contains("404", StringComparison.Ordinal);

    [Theory]
    [InlineData(ColorScheme.Light)]
    [InlineData(ColorScheme.Dark)]
    public async Task Import_PreviewedAndStarted_MakesAccountsAndAReport(ColorScheme scheme)
    {
        var tag = scheme.ToString().ToLowerInvariant();
        var page = await OpenAsync("Administrator", "/admin/users", scheme);
        await page.GetByRole(AriaRole.Link, new() { Name = "Import", Exact = true }).ClickAsync();
        var file = new FilePayload
        {
            Name = $"people-{tag}.csv", MimeType = "text/csv",
            Buffer = Encoding.UTF8.GetBytes($"Name;E-Mail;Rollen;Raum\r\nImported One {tag};one-{tag}@imported.example.org;;1\r\nImported Two {tag};two-{tag}@imported.example.org;Editor, Support;2\r\nWrong {tag};nowhere;;3\r\n"),
        };
        await ChooseAsync(page, file);
        await Assertions.Expect(page.GetByText("2 to be created")).ToBeVisibleAsync();
        await Assertions.Expect(page.GetByText("Columns that are not used: Raum")).ToBeVisibleAsync();
        await Assertions.Expect(page.GetByText("Enter an e-mail address such as")).ToBeVisibleAsync();
        (await Axe.ViolationsAsync(page)).ShouldBeEmpty();
        await page.ScreenshotAsync(new() { Path = Path.Combine(Places.Results, $"import-{tag}.png"), FullPage = true });
        await page.GetByRole(AriaRole.Button, new() { Name = "Import 2 people" }).ClickAsync();

        var row = page.Locator("tr[data-import]").Filter(new() { HasText = $"people-{tag}.csv" });
        await Assertions.Expect(row).ToContainTextAsync("Finished", new() { Timeout = 60_000 });
        await page.ScreenshotAsync(new() { Path = Path.Combine(Places.Results, $"imported-{tag}.png"), FullPage = true });
        var report = await page.RunAndWaitForDownloadAsync(() => row.GetByRole(AriaRole.Link, new() { NameRegex = new Regex("2 created") }).ClickAsync());
        (await File.ReadAllTextAsync(await report.PathAsync())).ShouldContain("left out");
        await page.GotoAsync($"/admin/users?q=one-{tag}@imported");
        await Assertions.Expect(page.Locator("tr[data-row]")).ToContainTextAsync("Never signed in");

        await page.GetByRole(AriaRole.Link, new() { Name = "Import", Exact = true }).ClickAsync();
        await ChooseAsync(page, new FilePayload { Name = "no-columns.csv", MimeType = "text/csv", Buffer = "Who,Where\nx,y\n"u8.ToArray() });
        await Assertions.Expect(page.GetByText("it must name the columns Name and E-mail")).ToBeVisibleAsync();
    }

    // Playwright hands a file also to an input that is disabled, which no person can.
    private static async Task ChooseAsync(IPage page, FilePayload file)
    {
        var input = page.Locator("input[type=file]");
        await Assertions.Expect(input).ToBeEnabledAsync();
        await input.SetInputFilesAsync(file);
    }

    [Fact]
    public async Task Picked_ClosedAndTakenBack_AreOpenAgain()
    {
        await Portal.CreatePersonAsync("picked.one@example.org", "Member");
        await Portal.CreatePersonAsync("picked.two@example.org", "Member");
        var page = await OpenAsync("Administrator", "/admin/users?q=picked.");
        await Assertions.Expect(page.Locator("tr[data-row]")).ToHaveCountAsync(2);
        await page.GetByRole(AriaRole.Checkbox, new() { Name = "Select all rows of this page" }).ClickAsync();
        var bar = page.GetByRole(AriaRole.Group, new() { NameRegex = new Regex("selected", RegexOptions.IgnoreCase) });
        await bar.GetByLabel("Role").SelectOptionAsync("Editor");
        await bar.GetByRole(AriaRole.Button, new() { Name = "Give role" }).ClickAsync();
        await Assertions.Expect(page.GetByText("2 people have the role now.")).ToBeVisibleAsync();
        await Assertions.Expect(page.Locator("tr[data-row]").First).ToContainTextAsync("Editor");

        await page.GetByRole(AriaRole.Checkbox, new() { Name = "Select all rows of this page" }).ClickAsync();
        (await Axe.ViolationsAsync(page)).ShouldBeEmpty();
        await page.ScreenshotAsync(new() { Path = Path.Combine(Places.Results, "people-bulk.png"), FullPage = true });
        await bar.GetByRole(AriaRole.Button, new() { Name = "Close account" }).ClickAsync();
        await page.GetByRole(AriaRole.Alertdialog).GetByRole(AriaRole.Button, new() { Name = "Close account" }).ClickAsync();
        await Assertions.Expect(page.GetByText("2 accounts are closed.")).ToBeVisibleAsync();
        await Assertions.Expect(page.Locator("tr[data-row]").First).ToContainTextAsync("Closed");
        await page.GetByRole(AriaRole.Button, new() { Name = "Undo" }).Last.ClickAsync();
        await Assertions.Expect(page.Locator("tr[data-row]").First).Not.ToContainTextAsync("Closed");
        await Assertions.Expect(page.Locator("tr[data-row]").Last).Not.ToContainTextAsync("Closed");
        await page.GotoAsync("/admin/roles");
        var list = await page.RunAndWaitForDownloadAsync(() => page.GetByRole(AriaRole.Link, new() { Name = "Permission report" }).ClickAsync());
        (await File.ReadAllTextAsync(await list.PathAsync())).ShouldContain("users.manage");
    }

    [Fact]
    public async Task Activity_OwnAndForbiddenPages_ShowWhatTheyShould()
    {
        const string email = "active@example.org";
        await Portal.CreatePersonAsync(email, "Member");
        var page = await OpenAsync(null, "/account/login");
        await new LoginPage(page).SignInAsync(email, Portal.Password);
        await page.GotoAsync("/account");
        await page.GetByRole(AriaRole.Link, new() { Name = "Activity" }).ClickAsync();
        await Assertions.Expect(page.GetByText("Sign-in", new() { Exact = true }).First).ToBeVisibleAsync();
        (await Axe.ViolationsAsync(page)).ShouldBeEmpty();
        await page.ScreenshotAsync(new() { Path = Path.Combine(Places.Results, "activity.png"), FullPage = true });
        await page.GotoAsync("/admin/users/import");
        await Assertions.Expect(page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToContainTextAsync("You may not open this");

        var admin = await OpenAsync("Administrator", "/admin/users");
        await new UsersPage(admin).OpenAsync(email);
        await Assertions.Expect(admin.GetByRole(AriaRole.Heading, new() { Name = "Activity" })).ToBeVisibleAsync();
        await Assertions.Expect(admin.Locator(".timeline li").First).ToBeVisibleAsync();
    }
}
