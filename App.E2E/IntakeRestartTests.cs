using System.Security.Cryptography;
using System.Text.RegularExpressions;

namespace BlazorAdmin.E2E;

/// <summary>A portal of its own that watches a folder, and is killed while a file comes in.</summary>
public sealed class IntakeRestartTests : IAsyncLifetime
{
    private readonly string _data = Places.NewDataDirectory();
    private readonly DirectoryInfo _inbox = Directory.CreateTempSubdirectory("blazoradmin-inbox-");
    private IPlaywright _playwright = null!;
    private IBrowser _browser = null!;

    private Dictionary<string, string?> Settings => new()
    {
        ["Bootstrap__AdminEmail"] = "ada@example.org",
        ["Bootstrap__AdminPassword"] = Portal.Password,
        ["Bootstrap__AdminName"] = "Ada",
        ["Documents__WatchedFolders__0__Name"] = "Scanner",
        ["Documents__WatchedFolders__0__Path"] = _inbox.FullName,
        ["Documents__WatchedFolders__0__Owner"] = "ada@example.org",
        ["Documents__WatchSeconds"] = "1",
        ["Documents__SettleSeconds"] = "1",
    };

    public async Task InitializeAsync()
    {
        _playwright = await Playwright.CreateAsync();
        _browser = await Portal.LaunchAsync(_playwright);
    }

    [Fact]
    public async Task Files_PutIntoTheFolderAndKilledInTheMiddleOfAnUpload_AllArrive()
    {
        var url = $"http://127.0.0.1:{RestartTests.FreePort()}";
        await using var first = await PortalProcess.StartAsync(_data, Settings, url);
        await using var context = await _browser.NewContextAsync(new() { BaseURL = url, Locale = "en-GB" });
        context.SetDefaultTimeout(30_000);
        var page = await context.NewPageAsync();
        page.Dialog += async (_, dialog) => await dialog.AcceptAsync();
        await new LoginPage(page).SignInAsync("ada@example.org", Portal.Password);

        await page.GotoAsync("/admin/documents/folders");
        var row = page.Locator("tr[data-folder=Scanner]");
        await Assertions.Expect(row).ToContainTextAsync("watched");
        await File.WriteAllTextAsync(Path.Combine(_inbox.FullName, "from the scanner.txt"), "scanned words");
        await Assertions.Expect(page.GetByText("from the scanner.txt").First).ToBeVisibleAsync(new() { Timeout = 60_000 });
        await Assertions.Expect(page.Locator("tbody").Last).ToContainTextAsync("taken", new() { Timeout = 60_000 });
        await page.ScreenshotAsync(new() { Path = Path.Combine(Places.Results, "folders.png"), FullPage = true });
        await page.EmulateMediaAsync(new() { ColorScheme = ColorScheme.Dark });
        await page.ScreenshotAsync(new() { Path = Path.Combine(Places.Results, "folders-dark.png"), FullPage = true });

        await page.GotoAsync("/documents");
        await new DocumentsView(page).ExpectStateAsync("from the scanner.txt", "Ready");
        var content = RandomNumberGenerator.GetBytes(60 << 20);
        var large = Path.Combine(_data, "large.bin");
        await File.WriteAllBytesAsync(large, content);
        var uploads = new Regex("/documents/uploads/");
        var pieces = 0;
        var dead = false;
        var midway = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await page.RouteAsync(uploads, async route =>
        {
            if (route.Request.Method == "PATCH" && Interlocked.Increment(ref pieces) == 2)
            {
                Volatile.Write(ref dead, true);
                await first.KillAsync();
                midway.SetResult();
            }
            // The page that survives tries again by itself: it must not be faster than what is looked at below.
            if (Volatile.Read(ref dead)) await route.AbortAsync("connectionreset");
            else await route.ContinueAsync();
        });
        await page.Locator("input[data-files]").SetInputFilesAsync(large);
        await midway.Task.WaitAsync(TimeSpan.FromSeconds(60));

        await using var second = await PortalProcess.StartAsync(_data, Settings, url);
        // The page comes back by itself, or is opened anew: what was cut off stands there.
        await page.GotoAsync("/documents");
        await Assertions.Expect(page.GetByText("Not finished: choose the file again to go on")).ToBeVisibleAsync();
        await page.ScreenshotAsync(new() { Path = Path.Combine(Places.Results, "upload-again.png") });
        await page.UnrouteAsync(uploads);
        await page.Locator("input[data-files]").SetInputFilesAsync(large);

        var documents = new DocumentsView(page);
        await documents.ExpectStateAsync("large.bin", "Not supported", seconds: 120);
        await documents.OpenAsync("large.bin");
        var link = await page.GetByRole(AriaRole.Link, new() { Name = "Original" }).GetAttributeAsync("href");
        SHA256.HashData(await (await page.APIRequest.GetAsync(link!, new() { Timeout = 60_000 })).BodyAsync()).ShouldBe(SHA256.HashData(content));
        await Assertions.Expect(documents.Row("from the scanner.txt")).ToHaveCountAsync(1);
    }

    public async Task DisposeAsync()
    {
        await _browser.DisposeAsync();
        _playwright.Dispose();
        Places.DeleteDataDirectory(_data);
        _inbox.Delete(recursive: true);
    }
}
