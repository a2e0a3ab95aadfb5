using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;

namespace BlazorAdmin.E2E;

/// <summary>Files on their way in: in pieces, over a connection that breaks, twice; and one that is only converted.</summary>
[Collection(PortalCollection.Name)]
public sealed class IntakeTests(Portal portal) : Journey(portal)
{
    protected override bool IsExpected(string problem) =>
        problem.Contains("ERR_FAILED", StringComparison.Ordinal) || problem.Contains("ERR_CONNECTION", StringComparison.Ordinal) || problem.Contains("ERR_INTERNET", StringComparison.Ordinal) || problem.Contains("403", StringComparison.Ordinal) || problem.Contains("404", StringComparison.Ordinal);

    [Fact]
    public async Task Upload_ConnectionBreaks_GoesOnByItselfInPieces()
    {
        var page = await OpenAsync("Member", "/documents");
        var documents = new DocumentsView(page);
        var content = RandomNumberGenerator.GetBytes(60 << 20);
        var folder = Directory.CreateTempSubdirectory("blazoradmin-upload-");
        try
        {
            var large = Path.Combine(folder.FullName, "large.bin");
            await File.WriteAllBytesAsync(large, content);
            var small = Path.Combine(folder.FullName, "small.txt");
            await File.WriteAllTextAsync(small, $"small {Guid.NewGuid()}");
            var offsets = new ConcurrentQueue<string>();
            var appends = 0;
            await page.RouteAsync(new Regex("/documents/uploads/"), async route =>
            {
                if (route.Request.Method == "PATCH" && route.Request.Headers.TryGetValue("upload-offset", out var offset))
                {
                    offsets.Enqueue(offset);
                    if (Interlocked.Increment(ref appends) == 3)
                    {
                        await route.AbortAsync("connectionreset");
                        return;
                    }
                }
                await route.ContinueAsync();
            });

            await page.Locator("input[data-files]").SetInputFilesAsync([large, small]);

            await documents.ExpectStateAsync("small.txt", "Ready");
            await documents.ExpectStateAsync("large.bin", "Not supported", seconds: 120);
            offsets.Count.ShouldBeGreaterThan(4, "it came in pieces");
            offsets.Count(offset => offset == "0").ShouldBeLessThanOrEqualTo(3, "it did not begin anew");
            await documents.OpenAsync("large.bin");
            var link = await page.GetByRole(AriaRole.Link, new() { Name = "Original" }).GetAttributeAsync("href");
            var original = await page.APIRequest.GetAsync(link!, new() { Timeout = 60_000 });
            SHA256.HashData(await original.BodyAsync()).ShouldBe(SHA256.HashData(content));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public async Task Upload_SameContentTwice_AsksWhatToDo()
    {
        var page = await OpenAsync("Member", "/documents");
        var documents = new DocumentsView(page);
        var bytes = Encoding.UTF8.GetBytes($"The very same words {Guid.NewGuid()}");
        await documents.UploadAsync("first one.txt", bytes, "text/plain");
        await documents.UploadAsync("second one.txt", bytes, "text/plain");

        await Assertions.Expect(page.GetByText("The same content is there already as “first one.txt”")).ToBeVisibleAsync();
        await page.ScreenshotAsync(new() { Path = Path.Combine(Places.Results, "upload-duplicate.png") });
        await page.GetByRole(AriaRole.Button, new() { Name = "Put the new one into the bin: second one.txt" }).ClickAsync();

        await Assertions.Expect(documents.Row("second one.txt")).ToHaveCountAsync(0);
        await Assertions.Expect(documents.Row("first one.txt")).ToBeVisibleAsync();
    }

    [Fact]
    public async Task Upload_ManyFilesPausedAndResumed_AllArriveAndThePageStaysShort()
    {
        var page = await OpenAsync("Support", "/documents");
        // Held until they are paused, so that there is something to pause.
        var held = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await page.RouteAsync(new Regex("/documents/uploads$"), async route =>
        {
            if (route.Request.Method == "POST") await held.Task;
            await route.ContinueAsync();
        });
        await page.Locator("input[data-files]").SetInputFilesAsync(Enumerable.Range(1, 60).Select(n => new FilePayload { Name = $"many {n:00}.txt", MimeType = "text/plain", Buffer = Encoding.UTF8.GetBytes($"many {n} {Guid.NewGuid()}") }));

        await Assertions.Expect(page.Locator("[data-summary]")).ToContainTextAsync("0 of 60 files stored");
        (await page.Locator("ul[data-uploads] li").CountAsync()).ShouldBeLessThanOrEqualTo(13);
        await page.GetByRole(AriaRole.Button, new() { Name = "Pause all" }).ClickAsync();
        await Assertions.Expect(page.GetByText("paused · 0 %").First).ToBeVisibleAsync();
        await page.ScreenshotAsync(new() { Path = Path.Combine(Places.Results, "upload-many.png") });
        held.SetResult();
        await page.GetByRole(AriaRole.Button, new() { Name = "Go on with all" }).ClickAsync();

        await Assertions.Expect(page.Locator("ul[data-uploads] li")).ToHaveCountAsync(0, new() { Timeout = 120_000 });
        await page.GetByRole(AriaRole.Searchbox).FillAsync("many 60");
        await Assertions.Expect(new DocumentsView(page).Row("many 60.txt")).ToBeVisibleAsync();
    }

    [Fact]
    public async Task Upload_HundredsOfFilesAtOnce_AllEndReadyOrNamedAndThePageAnswers()
    {
        // By hand with more: TEST_UPLOADS=1000.
        var count = int.TryParse(Environment.GetEnvironmentVariable("TEST_UPLOADS"), System.Globalization.CultureInfo.InvariantCulture, out var wanted) ? wanted : 100;
        var email = $"uploads{Guid.NewGuid():N}@example.org";
        await Portal.CreatePersonAsync(email, "Member");
        var page = await OpenAsync(null, "/account/login");
        await new LoginPage(page).SignInAsync(email, Portal.Password);
        await page.GotoAsync("/documents");
        var documents = new DocumentsView(page);
        var mark = Guid.NewGuid().ToString("n")[..8];
        var folder = Directory.CreateTempSubdirectory("blazoradmin-many-");
        var watch = System.Diagnostics.Stopwatch.StartNew();
        try
        {
            var files = Enumerable.Range(1, count).Select(n => Path.Combine(folder.FullName, $"{mark} {n:0000}.{(n % 50 == 0 ? "bin" : "txt")}")).ToList();
            for (var i = 0; i < files.Count; i++) await File.WriteAllBytesAsync(files[i], (i + 1) % 50 == 0 ? [0, 1, 2, .. Guid.NewGuid().ToByteArray()] : Encoding.UTF8.GetBytes($"Words {i} of {mark} {Guid.NewGuid()}"));
            // The browser's own clock: how long it did not answer while hundreds of files went through it.
            await page.EvaluateAsync("() => { let last = performance.now(); window.silence = 0; setInterval(() => { const now = performance.now(); window.silence = Math.max(window.silence, now - last - 50); last = now; }, 50); }");

            await page.Locator("input[data-files]").SetInputFilesAsync(files);

            await Assertions.Expect(page.Locator("[data-summary]")).ToContainTextAsync($"of {count:N0} files stored");
            (await page.Locator("ul[data-uploads] li").CountAsync()).ShouldBeLessThanOrEqualTo(13);
            // Meanwhile the page is worked with.
            await page.GetByRole(AriaRole.Searchbox).FillAsync($"{mark} 0001");
            await Assertions.Expect(documents.Row($"{mark} 0001.txt")).ToBeVisibleAsync(new() { Timeout = 60_000 });
            await Assertions.Expect(page.Locator("ul[data-uploads] li")).ToHaveCountAsync(0, new() { Timeout = 300_000 });
            var (stored, silence) = (watch.Elapsed, await page.EvaluateAsync<double>("() => window.silence"));
            await page.GotoAsync("/documents?state=process");
            await Assertions.Expect(page.Locator("tr[data-row]")).ToHaveCountAsync(0, new() { Timeout = 300_000 });

            await page.GotoAsync("/documents?state=ready");
            await Assertions.Expect(page.Locator(".list-foot")).ToContainTextAsync($"of {count - count / 50:N0}");
            await page.GotoAsync("/documents?state=problem");
            await Assertions.Expect(page.Locator(".list-foot")).ToContainTextAsync($"of {count / 50:N0}");
            await Assertions.Expect(page.Locator("tr[data-row]").First).ToContainTextAsync("Not supported");
            Console.WriteLine($"{count} files: stored after {stored.TotalSeconds:0.0} s, read after {watch.Elapsed.TotalSeconds:0.0} s, the page was silent for {silence:0} ms at most");
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Theory]
    [InlineData(ColorScheme.Light)]
    [InlineData(ColorScheme.Dark)]
    public async Task Converter_OneFile_ShowsItsTextAndKeepsNothing(ColorScheme scheme)
    {
        var page = await OpenAsync("Editor", "/admin/documents/converter", scheme);
        await Assertions.Expect(page.Locator("[data-engines]")).ToContainTextAsync("pandoc");

        await page.Locator("input[data-convert-file]").SetInputFilesAsync(new FilePayload { Name = "trial.pdf", MimeType = "application/pdf", Buffer = SamplePdf.WithText("Words of a trial", "and its second page") });

        await Assertions.Expect(page.Locator("[data-result]")).ToContainTextAsync("Words of a trial", new() { Timeout = 60_000 });
        await page.GetByRole(AriaRole.Button, new() { Name = "Next page" }).ClickAsync();
        await Assertions.Expect(page.Locator("pre.result")).ToContainTextAsync("second page");
        await page.ScreenshotAsync(new() { Path = Path.Combine(Places.Results, $"converter-{scheme}.png"), FullPage = true });
        (await Axe.ViolationsAsync(page)).ShouldBeEmpty();
        var download = await page.RunAndWaitForDownloadAsync(() => page.GetByRole(AriaRole.Link, new() { Name = "Text", Exact = true }).ClickAsync());
        (await File.ReadAllTextAsync(await download.PathAsync())).ShouldContain("Words of a trial");

        await page.GotoAsync("/admin/documents");
        await Assertions.Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Documents", Level = 1 })).ToBeVisibleAsync();
        await new DocumentsView(page).UploadAsync($"after the trial {scheme}.txt", Encoding.UTF8.GetBytes($"kept {Guid.NewGuid()}"), "text/plain");
        await Assertions.Expect(new DocumentsView(page).Row("trial.pdf")).ToHaveCountAsync(0);
    }

    [Theory]
    [InlineData("Member", "/admin/documents/converter")]
    [InlineData("Auditor", "/admin/documents/converter")]
    [InlineData("Auditor", "/admin/documents/folders")]
    public async Task Pages_OpenedByOthers_AreForbidden(string role, string path)
    {
        var page = await OpenAsync(role, path);
        await Assertions.Expect(page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToContainTextAsync("You may not open this");
    }
}
