namespace BlazorAdmin.E2E;

/// <summary>The Documents tab, or one's own documents.</summary>
public sealed class DocumentsView(IPage page)
{
    public ILocator Row(string name) => page.Locator("tr[data-row]").Filter(new() { Has = page.GetByTitle(name) }).First;

    public ILocator State(string name, string word) => Row(name).Locator(".chip").Filter(new() { HasText = word });

    public async Task UploadAsync(string name, byte[] content, string type = "application/pdf")
    {
        await page.Locator("input[data-files]").SetInputFilesAsync(new FilePayload { Name = name, MimeType = type, Buffer = content });
        await Assertions.Expect(Row(name)).ToBeVisibleAsync();
    }

    public async Task UploadAsync(IReadOnlyDictionary<string, byte[]> files)
    {
        await page.Locator("input[data-files]").SetInputFilesAsync(files.Select(f => new FilePayload { Name = f.Key, MimeType = "application/pdf", Buffer = f.Value }));
        foreach (var name in files.Keys) await Assertions.Expect(Row(name)).ToBeVisibleAsync();
    }

    public async Task ExpectStateAsync(string name, string word, float seconds = 120) =>
        await Assertions.Expect(State(name, word)).ToBeVisibleAsync(new() { Timeout = seconds * 1000 });

    public async Task OpenAsync(string name)
    {
        await Row(name).GetByRole(AriaRole.Link).First.ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Button, new() { Name = "Close details" })).ToBeVisibleAsync();
    }

    public ILocator Text => page.Locator(".page-text pre");
}
