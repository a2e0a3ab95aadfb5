using System.Text.RegularExpressions;

namespace BlazorAdmin.E2E;

/// <summary>An administrator changes a setting and takes it back; an auditor reads; a member may not.</summary>
[Collection(PortalCollection.Name)]
public sealed class SettingsTests(Portal portal) : Journey(portal)
{
    // A forbidden page says so in the console; it is written without the shell, so the browser asks for an icon that is not there.
    protected override bool IsExpected(string problem) => problem.Contains("403", StringComparison.Ordinal) || problem.Contains("404", StringComparison.Ordinal);

    [Fact]
    public async Task Setting_EditedAppliedAndRolledBack_TakesEffectWithoutRestart()
    {
        var page = await OpenAsync("Administrator", "/admin/system?section=Notifications");
        var reader = await OpenAsync("Auditor", "/admin/system?section=Notifications");
        await Assertions.Expect(reader.Locator("[data-setting='Notifications:RetentionDays'] output")).ToHaveTextAsync("90");

        var days = page.GetByRole(AriaRole.Spinbutton, new() { Name = "RetentionDays" });
        await days.FillAsync("0");
        await days.PressAsync("Tab");
        await Assertions.Expect(page.GetByText("Notifications:RetentionDays: write a number from 1 to 3650.")).ToBeVisibleAsync();
        await days.FillAsync("77");
        await days.PressAsync("Tab");
        await Assertions.Expect(page.GetByText("1 change not applied")).ToBeVisibleAsync();
        await page.ScreenshotAsync(new() { Path = Path.Combine(Places.Results, "settings.png") });

        // Whoever leaves with changes is asked.
        await page.GetByRole(AriaRole.Link, new() { Name = "History" }).ClickAsync();
        await page.GetByRole(AriaRole.Alertdialog).GetByRole(AriaRole.Button, new() { Name = "Keep editing" }).ClickAsync();

        await page.GetByRole(AriaRole.Button, new() { Name = "Review" }).ClickAsync();
        var review = page.GetByRole(AriaRole.Dialog);
        await Assertions.Expect(review.GetByRole(AriaRole.Row).Last).ToContainTextAsync("77");
        await page.ScreenshotAsync(new() { Path = Path.Combine(Places.Results, "settings-review.png") });
        await review.GetByRole(AriaRole.Button, new() { Name = "Apply 1 change" }).ClickAsync();
        await Assertions.Expect(review.GetByText("Reason: say why")).ToBeVisibleAsync();
        await review.GetByLabel("Reason", new() { Exact = true }).FillAsync("the disk is small");
        await review.GetByRole(AriaRole.Button, new() { Name = "Apply 1 change" }).ClickAsync();
        await Assertions.Expect(page.GetByText("1 setting changed.")).ToBeVisibleAsync();
        // The other's open page follows by itself.
        await Assertions.Expect(reader.Locator("[data-setting='Notifications:RetentionDays'] output")).ToHaveTextAsync("77");
        var member = await OpenAsync("Member", "/notifications");
        await Assertions.Expect(member.Locator(".lead")).ToContainTextAsync("77");

        await page.GetByRole(AriaRole.Link, new() { Name = "History" }).ClickAsync();
        await page.GetByRole(AriaRole.Link, new() { Name = "Notifications:RetentionDays" }).First.ClickAsync();
        await Assertions.Expect(page.Locator(".drawer")).ToContainTextAsync("the disk is small");
        await page.ScreenshotAsync(new() { Path = Path.Combine(Places.Results, "settings-history.png") });
        await page.Locator(".drawer").GetByRole(AriaRole.Button, new() { Name = "Roll back" }).ClickAsync();
        await review.GetByLabel("Reason", new() { Exact = true }).FillAsync("a bigger disk");
        await review.GetByRole(AriaRole.Button, new() { Name = "Apply 1 change" }).ClickAsync();
        await Assertions.Expect(page.Locator("tr[data-row]").First).ToContainTextAsync("a bigger disk");
        await Assertions.Expect(reader.Locator("[data-setting='Notifications:RetentionDays'] output")).ToHaveTextAsync("90");
    }

    [Fact]
    public async Task File_Refused_IsSaidWhereverAPersonLooksUntilItIsMended()
    {
        var page = await OpenAsync("Administrator", "/admin/system?section=Logs");
        var days = page.GetByRole(AriaRole.Spinbutton, new() { Name = "SlowMilliseconds" });
        await Assertions.Expect(days).ToHaveValueAsync("1000");
        Directory.CreateDirectory(Portal.SettingsFolder);
        var file = Path.Combine(Portal.SettingsFolder, "journey.yaml");
        try
        {
            await File.WriteAllTextAsync(file, "Logs:\n  SlowMilliseconds: 1200\n");
            await Assertions.Expect(days).ToHaveValueAsync("1200");
            await File.WriteAllTextAsync(file, "Logs:\n  SlowMilliseconds: [1300");
            await Assertions.Expect(page.GetByRole(AriaRole.Alert).Filter(new() { HasText = "journey.yaml is not applied" })).ToBeVisibleAsync();
            await Assertions.Expect(days).ToHaveValueAsync("1200");
            await page.GetByRole(AriaRole.Link, new() { Name = "Show files" }).ClickAsync();
            await Assertions.Expect(page.GetByRole(AriaRole.Row).Filter(new() { HasText = "journey.yaml" })).ToContainTextAsync("refused");
            await page.ScreenshotAsync(new() { Path = Path.Combine(Places.Results, "settings-files.png") });
            var dashboard = await OpenAsync("Administrator", "/");
            await Assertions.Expect(dashboard.Locator(".attention a").Filter(new() { HasText = "Configuration" })).ToBeVisibleAsync();
        }
        finally
        {
            File.Delete(file);
        }

        await Assertions.Expect(page.GetByRole(AriaRole.Alert).Filter(new() { HasText = "journey.yaml" })).ToHaveCountAsync(0);
    }

    [Fact]
    public async Task Setting_OfTheEnvironment_IsReadOnlyAndNamesTheVariable()
    {
        var page = await OpenAsync("Administrator", "/admin/system?section=Health");
        var setting = page.Locator("[data-setting='Health:TimeoutSeconds']");
        await Assertions.Expect(setting).ToContainTextAsync("Set by Health__TimeoutSeconds: change it there.");
        await Assertions.Expect(setting.Locator("output")).ToHaveTextAsync("10");
        await Assertions.Expect(setting.Locator("input")).ToHaveCountAsync(0);
    }

    [Fact]
    public async Task Search_InTheDark_KeepsTheAddress()
    {
        var page = await OpenAsync("Administrator", "/admin/system", ColorScheme.Dark);
        await page.GetByRole(AriaRole.Searchbox, new() { Name = "Search settings" }).FillAsync("proxies");
        await Assertions.Expect(page.Locator("[data-setting='Security:KnownProxies']")).ToBeVisibleAsync();
        await Assertions.Expect(page).ToHaveURLAsync(new Regex("q=proxies"));
        await page.ScreenshotAsync(new() { Path = Path.Combine(Places.Results, "settings-dark.png") });
    }

    [Fact]
    public async Task Auditor_ReadsWithoutEditing()
    {
        var page = await OpenAsync("Auditor", "/admin/system?section=Security");
        await Assertions.Expect(page.Locator("[data-setting='Security:IdleMinutes'] output")).ToHaveTextAsync("480");
        await Assertions.Expect(page.Locator("[data-setting] input")).ToHaveCountAsync(0);
        await Assertions.Expect(page.GetByText("Import", new() { Exact = true })).ToHaveCountAsync(0);
        var download = await page.RunAndWaitForDownloadAsync(() => page.GetByRole(AriaRole.Link, new() { Name = "Export" }).ClickAsync());
        download.SuggestedFilename.ShouldMatch(@"^settings-.*\.json$");
    }

    [Fact]
    public async Task Member_IsForbidden()
    {
        var page = await OpenAsync("Member", "/admin/system");
        await Assertions.Expect(page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToContainTextAsync("You may not open this");
    }

    [Fact]
    public async Task Maintenance_BegunAndEnded_IsSaidOnEveryOpenPage()
    {
        var page = await OpenAsync("Administrator", "/admin/system", ColorScheme.Dark);
        var member = await OpenAsync("Member", "/notifications");
        await page.GetByRole(AriaRole.Button, new() { Name = "Begin maintenance" }).ClickAsync();
        var dialog = page.GetByRole(AriaRole.Dialog);
        await dialog.GetByLabel("Message", new() { Exact = true }).FillAsync("New disks.");
        await page.ScreenshotAsync(new() { Path = Path.Combine(Places.Results, "maintenance-begin.png") });
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Begin maintenance" }).ClickAsync();
        await Assertions.Expect(member.Locator(".state-banner")).ToContainTextAsync("New disks.");

        await page.GetByRole(AriaRole.Button, new() { Name = "End maintenance" }).ClickAsync();
        await page.GetByRole(AriaRole.Alertdialog).GetByRole(AriaRole.Button, new() { Name = "End maintenance" }).ClickAsync();
        await Assertions.Expect(member.Locator(".state-banner")).ToHaveCountAsync(0);
        await Assertions.Expect(page.GetByRole(AriaRole.Button, new() { Name = "Begin maintenance" })).ToBeVisibleAsync();
    }
}
