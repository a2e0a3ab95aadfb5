using System.Net;
using System.Net.Sockets;

namespace BlazorAdmin.E2E;

/// <summary>What administrators see of the organisation's directory, with none and with one that does not answer, and what others may not.</summary>
[Collection(PortalCollection.Name)]
public sealed class DirectoryTests(Portal portal) : Journey(portal)
{
    // A forbidden page says so in the console; it is written without the shell, so the browser asks for an icon that is not there.
    protected override bool IsExpected(string problem) => problem.Contains("403", StringComparison.Ordinal) || problem.Contains("404", StringComparison.Ordinal);

    [Theory]
    [InlineData(ColorScheme.Light)]
    [InlineData(ColorScheme.Dark)]
    public async Task Directory_NotConfigured_SaysWhatToDo(ColorScheme scheme)
    {
        var page = await OpenAsync("Administrator", "/admin/users", scheme);

        await page.GetByRole(AriaRole.Link, new() { Name = "Directory", Exact = true }).ClickAsync();

        await Assertions.Expect(page.GetByText("No directory is configured")).ToBeVisibleAsync();
        await Assertions.Expect(page.GetByText("Set Directory:Enabled")).ToBeVisibleAsync();
        await page.ScreenshotAsync(new() { Path = Path.Combine(Places.Results, $"directory-none-{scheme}.png"), FullPage = true });
    }

    [Fact]
    public async Task Directory_DoesNotAnswer_TestShowsTheStepAndLocalPeopleGetIn()
    {
        // Taken, so that nobody else listens there, and closed again before anybody asks.
        int port;
        using (var listener = new TcpListener(IPAddress.Loopback, 0))
        {
            listener.Start();
            port = ((IPEndPoint)listener.LocalEndpoint).Port;
        }

        var data = Places.NewDataDirectory();
        try
        {
            await using var own = await PortalProcess.StartAsync(data, new Dictionary<string, string?>
            {
                ["Bootstrap__AdminEmail"] = Portal.AdminEmail, ["Bootstrap__AdminPassword"] = Portal.Password,
                ["Directory__Enabled"] = "true", ["Directory__Servers"] = $"ldaps://127.0.0.1:{port}", ["Directory__BaseDn"] = "dc=example,dc=org", ["Directory__GroupRoles__0"] = "ops => Operator",
                ["SingleSignOn__Enabled"] = "true", ["SingleSignOn__Secret"] = "shared-secret-of-the-tests",
            });
            await using var context = await Portal.Browser.NewContextAsync(new() { BaseURL = own.Address.ToString(), Locale = "en-GB" });
            var page = await context.NewPageAsync();
            await page.GotoAsync("/account/login");
            await new LoginPage(page).FillAsync("grace", "some password");
            await Assertions.Expect(page.GetByText("directory does not answer")).ToBeVisibleAsync();
            await new LoginPage(page).SignInAsync(Portal.AdminEmail, Portal.Password);
            await page.GotoAsync("/admin/users/directory");
            await page.GetByLabel("Sign-in name of a person (optional)").FillAsync("grace");
            await page.GetByRole(AriaRole.Button, new() { Name = "Test directory" }).ClickAsync();

            await Assertions.Expect(page.Locator("tbody tr").Filter(new() { HasText = "Connect" })).ToContainTextAsync("takes no connection");
            await Assertions.Expect(page.Locator("tbody tr").Filter(new() { HasText = "Find the server" })).ToContainTextAsync("done");
            await Assertions.Expect(page.GetByText("No proxy is listed")).ToBeVisibleAsync();
            await page.ScreenshotAsync(new() { Path = Path.Combine(Places.Results, "directory-test.png"), FullPage = true });
            await page.GetByRole(AriaRole.Button, new() { Name = "Dry run" }).ClickAsync();
            await Assertions.Expect(page.GetByText("takes no connection").Nth(1)).ToBeVisibleAsync();
        }
        finally
        {
            Places.DeleteDataDirectory(data);
        }
    }

    [Fact]
    public async Task Directory_OpenedByAMember_IsForbidden()
    {
        var page = await OpenAsync("Member", "/admin/users/directory");

        await Assertions.Expect(page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToContainTextAsync("You may not open this");
    }
}
