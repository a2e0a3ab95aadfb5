using System.Net;
using System.Net.Sockets;
using System.Text.RegularExpressions;

namespace BlazorAdmin.E2E;

/// <summary>What operators and administrators do with mail in a portal that has no mail server, and what others may not.</summary>
[Collection(PortalCollection.Name)]
public sealed class MailTests(Portal portal) : Journey(portal)
{
    // A forbidden page says so in the console; it is written without the shell, so the browser asks for an icon that is not there.
    // The preview of a mail lets no script run, not even the one with which the test's driver looks into it.
    protected override bool IsExpected(string problem) =>
        problem.Contains("403", StringComparison.Ordinal) || problem.Contains("404", StringComparison.Ordinal) || problem.Contains("Blocked script execution in 'about:srcdoc'", StringComparison.Ordinal);

    [Fact]
    public async Task TestMail_WithoutServer_WaitsInTheLog()
    {
        await Portal.CreatePersonAsync("postmaster@example.org", "Administrator");
        var page = await SignInAsync("postmaster@example.org", "/admin/mail/connection");
        await Assertions.Expect(page.GetByText("No mail server is configured.").First).ToBeVisibleAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Button, new() { Name = "Test connection" })).ToBeDisabledAsync();
        await page.ScreenshotAsync(new() { Path = Path.Combine(Places.Results, "mail-connection.png"), FullPage = true });

        await page.GetByRole(AriaRole.Button, new() { Name = "Send test mail to me" }).ClickAsync();
        await page.GetByRole(AriaRole.Link, new() { Name = "Open in the log" }).ClickAsync();

        await Assertions.Expect(page.Locator(".drawer")).ToContainTextAsync("postmaster@example.org");
        await Assertions.Expect(page.Locator(".drawer")).ToContainTextAsync("no server");
        await page.ScreenshotAsync(new() { Path = Path.Combine(Places.Results, "mail-log.png"), FullPage = true });
        await page.GetByRole(AriaRole.Searchbox, new() { Name = "Search address or subject" }).FillAsync("postmaster@");
        await Assertions.Expect(page).ToHaveURLAsync(new Regex("q=postmaster"));
        await Assertions.Expect(page.Locator("tr[data-row]")).ToHaveCountAsync(1);
    }

    [Theory]
    [InlineData(ColorScheme.Light)]
    [InlineData(ColorScheme.Dark)]
    public async Task Template_ChangedComparedAndRestored_KeepsItsVersions(ColorScheme scheme)
    {
        // Each case has a template of its own, so that their versions do not meet.
        var (key, subject) = scheme == ColorScheme.Light ? ("jobs.failed", "Broken: {{job}}") : ("jobs.finished", "Ready: {{job}}");
        var page = await OpenAsync("Administrator", $"/admin/mail/templates/{key}?lang=en", scheme);
        await page.GetByLabel("Subject", new() { Exact = true }).FillAsync("Hello {{stranger}}");
        await Assertions.Expect(page.GetByText("there is no variable stranger here")).ToBeVisibleAsync();
        await page.GetByLabel("Subject", new() { Exact = true }).FillAsync(subject);
        await Assertions.Expect(page.Locator("[data-preview=subject]")).ToHaveTextAsync(new Regex("Reading of annual-report.pdf"));
        await Assertions.Expect(page.FrameLocator("iframe.preview").GetByText("Hello Grace Hopper,")).ToBeVisibleAsync();
        await page.ScreenshotAsync(new() { Path = Path.Combine(Places.Results, $"mail-template-{scheme}.png"), FullPage = true });
        await page.GetByRole(AriaRole.Button, new() { Name = "Save version 1" }).ClickAsync();

        await page.GetByRole(AriaRole.Link, new() { Name = "Compare version 0" }).ClickAsync();
        await Assertions.Expect(page.Locator(".diff .ok").First).ToContainTextAsync(subject);
        await page.GetByRole(AriaRole.Button, new() { Name = "Restore version 0" }).ClickAsync();
        await page.GetByRole(AriaRole.Alertdialog).GetByRole(AriaRole.Button, new() { Name = "Restore" }).ClickAsync();
        await Assertions.Expect(page.Locator(".versions > li")).ToHaveCountAsync(3);
        await page.GotoAsync("/admin/mail/templates");
        await Assertions.Expect(page.Locator("tr[data-row]").Filter(new() { HasText = key })).ToContainTextAsync("version 2,");
        await page.ScreenshotAsync(new() { Path = Path.Combine(Places.Results, $"mail-templates-{scheme}.png"), FullPage = true });
    }

    [Fact]
    public async Task Configured_ServerRefuses_TestShowsTheStepAndALinkCanBeMailed()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var data = Places.NewDataDirectory();
        try
        {
            await using var own = await PortalProcess.StartAsync(data, new Dictionary<string, string?>
            {
                ["Bootstrap__AdminEmail"] = Portal.AdminEmail, ["Bootstrap__AdminPassword"] = Portal.Password,
                ["Mail__Host"] = "127.0.0.1", ["Mail__Port"] = ((IPEndPoint)listener.LocalEndpoint).Port.ToString(System.Globalization.CultureInfo.InvariantCulture),
                ["Mail__From"] = "portal@example.org", ["Mail__Security"] = "None", ["Security__PublicUrl"] = "https://portal.example.org",
            });
            await using var context = await Portal.Browser.NewContextAsync(new() { BaseURL = own.Address.ToString(), Locale = "en-GB" });
            var page = await context.NewPageAsync();
            await new LoginPage(page).SignInAsync(Portal.AdminEmail, Portal.Password);
            await page.GotoAsync("/admin/mail/connection");
            await page.GetByRole(AriaRole.Button, new() { Name = "Test connection" }).ClickAsync();
            using (var client = await listener.AcceptTcpClientAsync(CancellationToken.None).AsTask().WaitAsync(TimeSpan.FromSeconds(60)))
                await client.GetStream().WriteAsync("554 5.3.2 closed for today\r\n"u8.ToArray());

            var row = page.Locator("tbody tr").Filter(new() { HasText = "Greeting" });
            await Assertions.Expect(row).ToContainTextAsync("failed");
            await Assertions.Expect(row).ToContainTextAsync("554 5.3.2 closed for today");
            await Assertions.Expect(page.Locator("tbody tr").Filter(new() { HasText = "Find the address" })).ToContainTextAsync("done");
            await page.ScreenshotAsync(new() { Path = Path.Combine(Places.Results, "mail-test.png"), FullPage = true });

            var users = new UsersPage(page);
            await users.CreateAsync("forgetful@example.org", "Member", Portal.Password);
            await users.OpenAsync("forgetful@example.org");
            await page.GetByRole(AriaRole.Button, new() { Name = "Link to a new password" }).ClickAsync();
            await page.GetByRole(AriaRole.Button, new() { Name = "Send link by mail" }).ClickAsync();
            await Assertions.Expect(page.GetByText("The link is on its way to the person by mail.")).ToBeVisibleAsync();
            await page.GotoAsync("/admin/mail?q=forgetful");
            await Assertions.Expect(page.Locator("tr[data-row]")).ToContainTextAsync("Your account at BlazorAdmin");
        }
        finally
        {
            Places.DeleteDataDirectory(data);
        }
    }

    [Theory]
    [InlineData("Member", "/admin/mail")]
    [InlineData("Support", "/admin/mail/templates")]
    public async Task Pages_OpenedByOthers_AreForbidden(string role, string path)
    {
        var page = await OpenAsync(role, path);
        await Assertions.Expect(page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToContainTextAsync("You may not open this");
    }

    [Fact]
    public async Task Template_OpenedByAnAuditor_CanOnlyBeRead()
    {
        var page = await OpenAsync("Auditor", "/admin/mail/templates/account.reset?lang=de");
        await Assertions.Expect(page.GetByText("You may read templates, not change them.")).ToBeVisibleAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Button, new() { NameRegex = new Regex("^Save version") })).ToHaveCountAsync(0);
    }

    private async Task<IPage> SignInAsync(string email, string path)
    {
        var context = await Portal.Browser.NewContextAsync(new() { BaseURL = Portal.Address.ToString(), Locale = "en-GB", TimezoneId = "Europe/Berlin" });
        var page = await OpenInAsync(context, "/account/login");
        await new LoginPage(page).SignInAsync(email, Portal.Password);
        await page.GotoAsync(path);
        return page;
    }
}
