using System.Text.RegularExpressions;

namespace BlazorAdmin.E2E;

/// <summary>An administrator steers a feature while others have its page open; two of them edit one flag; others read or may not.</summary>
[Collection(PortalCollection.Name)]
public sealed class FlagsTests(Portal portal) : Journey(portal)
{
    // A forbidden page says so in the console; it is written without the shell, so the browser asks for an icon that is not there.
    protected override bool IsExpected(string problem) => problem.Contains("403", StringComparison.Ordinal) || problem.Contains("404", StringComparison.Ordinal);

    [Fact]
    public async Task Switch_OffAndUndone_ReachesAnotherPersonsOpenPage()
    {
        var member = await OpenAsync("Member", "/documents");
        await Assertions.Expect(member.Locator(".upload")).ToBeVisibleAsync();
        var page = await OpenAsync("Administrator", "/admin/flags?q=documents.upload");
        await page.GetByRole(AriaRole.Link, new() { Name = "documents.upload" }).ClickAsync();
        var drawer = page.Locator(".drawer");
        await drawer.GetByRole(AriaRole.Button, new() { Name = "Switch off" }).ClickAsync();
        var question = page.GetByRole(AriaRole.Alertdialog);
        await Assertions.Expect(question).ToContainTextAsync("From now on it gives: off to everybody.");
        await question.GetByRole(AriaRole.Button, new() { Name = "Switch off" }).ClickAsync();

        await Assertions.Expect(member.GetByText("Uploading is switched off at the moment.")).ToBeVisibleAsync();
        await Assertions.Expect(member.Locator(".upload")).ToHaveCountAsync(0);
        await Assertions.Expect(page.Locator("tr[data-row]")).ToContainTextAsync("off to everybody");
        await page.ScreenshotAsync(new() { Path = Path.Combine(Places.Results, "flags-off.png") });

        await page.Locator(".toast").GetByRole(AriaRole.Button, new() { Name = "Undo" }).ClickAsync();
        await Assertions.Expect(member.Locator(".upload")).ToBeVisibleAsync();
        // Who was given what is written within seconds.
        await drawer.GetByRole(AriaRole.Link, new() { Name = "Who was given what" }).ClickAsync();
        var given = page.Locator("tr[data-row]").Filter(new() { HasText = UsersPage.NameOf(Portal.EmailOf("Member")) });
        var newRows = page.GetByRole(AriaRole.Button, new() { NameRegex = new Regex("new rows?, show") });
        await Eventually.Holds(async () =>
        {
            // What comes while somebody looks waits behind a button.
            if (await newRows.IsVisibleAsync()) await newRows.ClickAsync();
            return await given.CountAsync() == 1;
        }, TimeSpan.FromSeconds(60), "the member is among those who were given the flag");
        await Assertions.Expect(given).ToContainTextAsync("on");
        await page.ScreenshotAsync(new() { Path = Path.Combine(Places.Results, "flags-given.png") });
    }

    [Fact]
    public async Task Flag_CreatedEditedReviewedAndRolledBack_AppearsInAnOpenList()
    {
        var reader = await OpenAsync("Operator", "/admin/flags");
        await Assertions.Expect(reader.Locator("tr[data-row]").First).ToBeVisibleAsync();
        await Assertions.Expect(reader.GetByRole(AriaRole.Link, new() { Name = "Create flag" })).ToHaveCountAsync(0);
        var page = await OpenAsync("Administrator", "/admin/flags/new");
        await page.GetByRole(AriaRole.Button, new() { Name = "Create flag" }).ClickAsync();
        await Assertions.Expect(page.GetByText("Key: write what code asks for.")).ToBeVisibleAsync();
        await page.GetByLabel("Key", new() { Exact = true }).FillAsync("journey.made");
        await page.GetByRole(AriaRole.Button, new() { Name = "Create flag" }).ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToHaveTextAsync("journey.made");
        await Assertions.Expect(reader.GetByRole(AriaRole.Link, new() { Name = "journey.made" })).ToBeVisibleAsync();

        await page.GetByRole(AriaRole.Button, new() { Name = "Add rule" }).ClickAsync();
        var rule = page.GetByRole(AriaRole.Region, new() { Name = "Rule 1" });
        await rule.GetByLabel("Editor", new() { Exact = true }).CheckAsync();
        await rule.GetByLabel("Share of people in %").FillAsync("25");
        await rule.GetByLabel("Gives", new() { Exact = true }).SelectOptionAsync("off");
        await page.GetByRole(AriaRole.Button, new() { Name = "Review changes" }).ClickAsync();
        var review = page.GetByRole(AriaRole.Dialog);
        await Assertions.Expect(review).ToContainTextAsync("Rule 1: role Editor");
        await review.GetByLabel("Why (optional)").FillAsync("carefully");
        await page.ScreenshotAsync(new() { Path = Path.Combine(Places.Results, "flags-review.png") });
        await review.GetByRole(AriaRole.Button, new() { Name = "Save", Exact = true }).ClickAsync();
        await Assertions.Expect(page.Locator("[data-gives]")).ToHaveTextAsync("by 1 rule, else on");
        await page.ScreenshotAsync(new() { Path = Path.Combine(Places.Results, "flags-rules.png"), FullPage = true });

        await page.GetByRole(AriaRole.Link, new() { Name = "History" }).ClickAsync();
        await Assertions.Expect(page.GetByText("carefully")).ToBeVisibleAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Restore version 1" }).ClickAsync();
        await review.GetByRole(AriaRole.Button, new() { Name = "Restore", Exact = true }).ClickAsync();
        await Assertions.Expect(page.Locator("[data-gives]")).ToHaveTextAsync("on to everybody");
        await Assertions.Expect(page.GetByText("Version 3", new() { Exact = true })).ToBeVisibleAsync();
        await page.ScreenshotAsync(new() { Path = Path.Combine(Places.Results, "flags-history.png") });
    }

    [Fact]
    public async Task Flag_EditedByTwo_TheSecondIsAskedAndNothingIsLost()
    {
        var first = await OpenAsync("Administrator", "/admin/flags/new", ColorScheme.Dark);
        await first.GetByLabel("Key", new() { Exact = true }).FillAsync("journey.two");
        await first.GetByRole(AriaRole.Button, new() { Name = "Create flag" }).ClickAsync();
        await Assertions.Expect(first.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToHaveTextAsync("journey.two");
        var second = await OpenAsync("Administrator", "/admin/flags/journey.two", ColorScheme.Dark);
        await DescribeAsync(second, "theirs");
        await DescribeAsync(first, "mine");
        var review = second.GetByRole(AriaRole.Dialog);
        await review.GetByRole(AriaRole.Button, new() { Name = "Save", Exact = true }).ClickAsync();
        await Assertions.Expect(second.Locator(".lead")).ToHaveTextAsync("theirs");

        review = first.GetByRole(AriaRole.Dialog);
        await review.GetByRole(AriaRole.Button, new() { Name = "Save", Exact = true }).ClickAsync();
        await Assertions.Expect(review).ToContainTextAsync("saved version 2 meanwhile");
        await first.ScreenshotAsync(new() { Path = Path.Combine(Places.Results, "flags-conflict.png") });
        await review.GetByRole(AriaRole.Button, new() { Name = "Load theirs" }).ClickAsync();
        await Assertions.Expect(first.GetByLabel("Description", new() { Exact = true })).ToHaveValueAsync("theirs");
    }

    [Fact]
    public async Task Flag_ThatNeedsASecondPerson_IsChangedByTwo()
    {
        await Portal.CreatePersonAsync("second-eyes@example.org", "Administrator");
        var first = await OpenAsync("Administrator", "/admin/flags/new");
        await first.GetByLabel("Key", new() { Exact = true }).FillAsync("journey.four_eyes");
        await first.GetByLabel("Changes need a second person").CheckAsync();
        await first.GetByRole(AriaRole.Button, new() { Name = "Create flag" }).ClickAsync();
        await Assertions.Expect(first.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToHaveTextAsync("journey.four_eyes");
        await first.GetByRole(AriaRole.Button, new() { Name = "Add rule" }).ClickAsync();
        await first.GetByRole(AriaRole.Region, new() { Name = "Rule 1" }).GetByLabel("Share of people in %").FillAsync("25");
        await first.GetByRole(AriaRole.Button, new() { Name = "Review changes" }).ClickAsync();
        await first.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new() { Name = "Save", Exact = true }).ClickAsync();
        await Assertions.Expect(first.Locator("[data-proposal]")).ToContainTextAsync("Somebody else who may change flags has to confirm it.");
        await Assertions.Expect(first.Locator("[data-gives]")).ToHaveTextAsync("on to everybody");
        await first.ScreenshotAsync(new() { Path = Path.Combine(Places.Results, "flags-proposed.png") });

        await using var context = await Portal.Browser.NewContextAsync(new() { BaseURL = Portal.Address.ToString(), Locale = "en-GB", ColorScheme = ColorScheme.Dark });
        var second = await context.NewPageAsync();
        await new LoginPage(second).SignInAsync("second-eyes@example.org", Portal.Password);
        await second.GotoAsync("/admin/flags/journey.four_eyes");
        await Assertions.Expect(second.Locator("[data-proposal]")).ToContainTextAsync("proposed a change on");
        await second.ScreenshotAsync(new() { Path = Path.Combine(Places.Results, "flags-proposed-dark.png") });
        await second.GetByRole(AriaRole.Button, new() { Name = "Confirm change" }).ClickAsync();
        await Assertions.Expect(second.Locator("[data-proposal]")).ToHaveCountAsync(0);
        // The open page of who proposed it follows.
        await Assertions.Expect(first.Locator("[data-gives]")).ToHaveTextAsync("by 1 rule, else on");
        await Assertions.Expect(first.Locator("[data-proposal]")).ToHaveCountAsync(0);
    }

    [Fact]
    public async Task FirstSteps_PointSetAsideAndTakenBack_LeavesAndReturns()
    {
        var page = await OpenAsync("Administrator", "/admin/system/checklist");
        var dashboard = await OpenAsync("Administrator", "/");
        var card = dashboard.Locator("[data-widget=checklist]");
        await Assertions.Expect(card.Locator("[data-point=recovery-key]")).ToBeVisibleAsync();
        var mail = page.Locator("[data-point=mail]");
        await mail.GetByRole(AriaRole.Button, new() { Name = "Set aside: Mail can be sent" }).ClickAsync();
        await Assertions.Expect(mail).ToContainTextAsync("set aside");
        await page.ScreenshotAsync(new() { Path = Path.Combine(Places.Results, "checklist.png") });
        // The open dashboard follows, there and back.
        await Assertions.Expect(card.Locator("[data-point=mail]")).ToHaveCountAsync(0);
        await page.Locator(".toast").GetByRole(AriaRole.Button, new() { Name = "Undo" }).ClickAsync();
        await Assertions.Expect(card.Locator("[data-point=mail]")).ToBeVisibleAsync();
        await dashboard.ScreenshotAsync(new() { Path = Path.Combine(Places.Results, "checklist-card.png") });
    }

    [Theory]
    [InlineData("Member", "/admin/flags")]
    [InlineData("Editor", "/admin/flags/documents.upload")]
    [InlineData("Auditor", "/admin/flags/new")]
    [InlineData("Operator", "/admin/system/checklist")]
    public async Task Pages_OpenedByOthers_AreForbidden(string role, string path)
    {
        var page = await OpenAsync(role, path);
        await Assertions.Expect(page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToContainTextAsync("You may not open this");
    }

    private static async Task DescribeAsync(IPage page, string text)
    {
        await page.GetByLabel("Description", new() { Exact = true }).FillAsync(text);
        await page.GetByLabel("Description", new() { Exact = true }).PressAsync("Tab");
        await page.GetByRole(AriaRole.Button, new() { Name = "Review changes" }).ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Dialog)).ToContainTextAsync(text);
    }
}
