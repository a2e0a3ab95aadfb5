namespace BlazorAdmin.E2E;

/// <summary>Documents that nobody here wrote, and what the Documents tab refuses or takes back.</summary>
[Collection(PortalCollection.Name)]
public sealed class RealDocumentsTests(Portal portal) : Journey(portal)
{
    [Fact]
    public async Task Upload_RealFiles_EndInNamedStates()
    {
        if (Places.SharedData is not { } data)
        {
            Console.WriteLine("Real documents were not found beside the repository; this journey was left out.");
            return;
        }
        var page = await OpenAsync("Editor", "/documents");
        var documents = new DocumentsView(page);
        (string File, string State)[] files =
        [
            ("ingest/simple-digital.pdf", "Ready"), ("receipts/001.jpg", "Ready"), ("ingest/password-is-test.pdf", "Protected"),
            ("hostile/testZIP_corrupted_oom.zip", "Suspicious"), ("hostile/testWORD_truncated.docx", "Damaged"),
        ];

        await page.Locator("input[data-files]").SetInputFilesAsync(files.Select(file => Path.Combine(data, file.File)));

        foreach (var (file, state) in files) await documents.ExpectStateAsync(Path.GetFileName(file), state, seconds: 120);
    }

    [Fact]
    public async Task Upload_WithoutToken_IsRefused()
    {
        var page = await OpenAsync("Member", "/documents");

        var answer = await page.APIRequest.PostAsync("/documents/uploads", new APIRequestContextOptions { Headers = new Dictionary<string, string> { ["Upload-Length"] = "0", ["Upload-Metadata"] = "filename Zm9yZ2VkLnR4dA==" } });

        answer.Status.ShouldBe(400);
        await new DocumentsView(page).UploadAsync("not made up.txt", System.Text.Encoding.UTF8.GetBytes($"not forged {Guid.NewGuid()}"), "text/plain");
        await Assertions.Expect(new DocumentsView(page).Row("forged.txt")).ToHaveCountAsync(0);
    }

    [Fact]
    public async Task Download_Page_IsHardened()
    {
        var page = await OpenAsync("Member", "/documents");
        var documents = new DocumentsView(page);
        await documents.UploadAsync("page.html", "<p>Words</p><script>alert(1)</script>"u8.ToArray(), "text/html");
        await documents.ExpectStateAsync("page.html", "Ready");
        await documents.OpenAsync("page.html");
        var link = await page.GetByRole(AriaRole.Link, new() { Name = "Original" }).GetAttributeAsync("href");

        var answer = await page.APIRequest.GetAsync(link!);

        answer.Status.ShouldBe(200);
        answer.Headers["content-disposition"].ShouldStartWith("attachment");
        answer.Headers["content-type"].ShouldBe("application/octet-stream");
        answer.Headers["x-content-type-options"].ShouldBe("nosniff");
        answer.Headers["content-security-policy"].ShouldStartWith("sandbox");
    }

    [Fact]
    public async Task Delete_WithUndo_BringsTheDocumentBack()
    {
        var page = await OpenAsync("Editor", "/documents");
        var documents = new DocumentsView(page);
        await documents.UploadAsync("mistake.txt", "Deleted by mistake."u8.ToArray(), "text/plain");
        await documents.ExpectStateAsync("mistake.txt", "Ready");
        await documents.OpenAsync("mistake.txt");
        await page.GetByRole(AriaRole.Button, new() { Name = "Delete" }).ClickAsync();
        await page.GetByRole(AriaRole.Alertdialog).GetByRole(AriaRole.Button, new() { Name = "Delete" }).ClickAsync();
        await Assertions.Expect(documents.Row("mistake.txt")).ToHaveCountAsync(0);

        await page.GetByRole(AriaRole.Button, new() { Name = "Undo" }).ClickAsync();

        await Assertions.Expect(documents.Row("mistake.txt")).ToHaveCountAsync(1);
    }
}
