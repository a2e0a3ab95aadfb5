using System.Net;
using System.Net.Sockets;

namespace BlazorAdmin.E2E;

/// <summary>A portal of its own that is set up by hand, killed in the middle of its work, and comes back.</summary>
public sealed class RestartTests : IAsyncLifetime
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
    public async Task Restart_KilledWhileReading_JobFinishesAndPageReturns()
    {
        var url = $"http://127.0.0.1:{FreePort()}";
        await using var first = await PortalProcess.StartAsync(_data, url: url);
        await using var context = await _browser.NewContextAsync(new() { BaseURL = url, Locale = "en-GB" });
        context.SetDefaultTimeout(30_000);
        var page = await context.NewPageAsync();

        await page.GotoAsync("/admin/jobs");
        await Assertions.Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Set up BlazorAdmin" })).ToBeVisibleAsync();
        await page.GetByLabel("Set-up code").FillAsync(await first.SetupCodeAsync());
        await page.GetByLabel("Name", new() { Exact = true }).FillAsync("Ada Founder");
        await page.GetByLabel("E-mail").FillAsync("ada@example.org");
        await page.GetByLabel("Password", new() { Exact = true }).FillAsync(Portal.Password);
        await page.GetByRole(AriaRole.Button, new() { Name = "Create administrator" }).ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Navigation, new() { Name = "Main" })).ToBeVisibleAsync();

        await page.GotoAsync("/documents");
        var documents = new DocumentsView(page);
        await documents.UploadAsync("interrupted.pdf", SamplePdf.Scanned(6));
        await Assertions.Expect(documents.State("interrupted.pdf", "Reading")).ToBeVisibleAsync();
        await first.KillAsync();
        await Assertions.Expect(page.Locator("dialog#reconnect[open]")).ToBeVisibleAsync();

        await using var second = await PortalProcess.StartAsync(_data, url: url);
        await Assertions.Expect(page.Locator("dialog#reconnect[open]")).ToHaveCountAsync(0);
        await documents.ExpectStateAsync("interrupted.pdf", "Ready", seconds: 120);
        await documents.OpenAsync("interrupted.pdf");
        await Assertions.Expect(documents.Text).ToContainTextAsync("HELL");

        await page.GotoAsync("/admin/audit");
        await Assertions.Expect(page.GetByRole(AriaRole.Table).GetByText("Ada Founder").First).ToBeVisibleAsync();
    }

    public async Task DisposeAsync()
    {
        await _browser.DisposeAsync();
        _playwright.Dispose();
        Places.DeleteDataDirectory(_data);
    }

    /// <summary>Below the ports that the system gives to whoever asks for any: nobody takes it while the portal is down.</summary>
    internal static int FreePort()
    {
        while (true)
        {
            try
            {
                using var listener = new TcpListener(IPAddress.Loopback, Random.Shared.Next(20_000, 32_000));
                listener.Start();
                return ((IPEndPoint)listener.LocalEndpoint).Port;
            }
            catch (SocketException)
            {
                // Somebody's already: the next.
            }
        }
    }
}
