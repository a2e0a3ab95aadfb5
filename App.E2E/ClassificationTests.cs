using System.Text;
using System.Text.RegularExpressions;

namespace BlazorAdmin.E2E;

/// <summary>From named documents to a model, its card and what it is not sure about; and two files that are the same.</summary>
[Collection(PortalCollection.Name)]
public sealed class ClassificationTests(Portal portal) : Journey(portal)
{
    private const int Each = 11;
    private static readonly string[] Kinds = ["Delivery note", "Protocol"];
    private static readonly string[] Words = ["delivery parcel goods shipped pallet carrier consignee quantity", "protocol council session speaker resolution ballot quorum adjourned"];

    // A page that is not permitted answers with 403, and the browser says so.
    protected override bool IsExpected(string problem) => problem.Contains("403", StringComparison.Ordinal) || problem.Contains("404", StringComparison.Ordinal);

    [FastTextFact]
    public async Task Types_NamedTrainedAndReviewed_ShowTheCardAndTheQueue()
    {
        var page = await OpenAsync("Editor", "/admin/documents/types");
        foreach (var kind in Kinds)
        {
            await page.GetByRole(AriaRole.Button, new() { Name = "Add type" }).First.ClickAsync();
            var dialog = page.GetByRole(AriaRole.Dialog);
            await dialog.GetByLabel("Name", new() { Exact = true }).FillAsync(kind);
            await dialog.GetByRole(AriaRole.Button, new() { Name = "Save" }).ClickAsync();
            await Assertions.Expect(page.GetByRole(AriaRole.Rowheader, new() { Name = kind })).ToBeVisibleAsync();
        }
        await page.ScreenshotAsync(new() { Path = Path.Combine(Places.Results, "types.png") });

        await page.GotoAsync("/admin/documents?size=100");
        var documents = new DocumentsView(page);
        var files = Enumerable.Range(0, Kinds.Length).SelectMany(kind => Enumerable.Range(0, Each).Select(i => (Kind: kind, Name: $"class-{kind}-{i}.txt"))).ToList();
        await documents.UploadAsync(files.ToDictionary(file => file.Name, file => Text(file.Kind, file.Name)));
        await documents.UploadAsync("class-unknown.txt", Text(0, "class-unknown"), "text/plain");
        foreach (var file in files)
        {
            await documents.ExpectStateAsync(file.Name, "Ready");
            await documents.Row(file.Name).GetByRole(AriaRole.Link).First.ClickAsync();
            var part = page.GetByRole(AriaRole.Region, new() { Name = "Kind of document" });
            await Assertions.Expect(page.Locator(".drawer").GetByText(file.Name).First).ToBeVisibleAsync();
            await part.GetByRole(AriaRole.Combobox).SelectOptionAsync(new SelectOptionValue { Label = Kinds[file.Kind] });
            await Assertions.Expect(part.Locator(".chip").Filter(new() { HasText = Kinds[file.Kind] })).ToBeVisibleAsync();
        }
        await documents.ExpectStateAsync("class-unknown.txt", "Ready");

        await page.GotoAsync("/admin/documents/types?tab=model");
        await page.GetByRole(AriaRole.Button, new() { Name = "Train a model" }).ClickAsync();
        var row = page.GetByRole(AriaRole.Row).Filter(new() { HasText = "In use" });
        await Assertions.Expect(row).ToBeVisibleAsync(new() { Timeout = 120_000 });
        await Assertions.Expect(page.GetByRole(AriaRole.Region, new() { Name = "Confusion matrix" })).ToContainTextAsync("Protocol");
        await page.ScreenshotAsync(new() { Path = Path.Combine(Places.Results, "model.png"), FullPage = true });

        // What is proposed may be 100 already, and what does not change is not told.
        foreach (var percent in new[] { "99", "100" })
        {
            await page.GetByLabel("Threshold in %").FillAsync(percent);
            await page.GetByLabel("Threshold in %").PressAsync("Tab");
        }
        await Assertions.Expect(page.GetByText("The threshold is set.").Last).ToBeVisibleAsync();
        await page.GetByRole(AriaRole.Tab, new() { NameRegex = new Regex("^Unsure") }).ClickAsync();
        var card = page.GetByRole(AriaRole.Region, new() { Name = "Document to decide" });
        await Assertions.Expect(card).ToBeVisibleAsync(new() { Timeout = 60_000 });
        await card.GetByRole(AriaRole.Button, new() { Name = "Why?" }).ClickAsync();
        await Assertions.Expect(card.GetByText(new Regex("Speaks for it:|No single word"))).ToBeVisibleAsync();
        await page.ScreenshotAsync(new() { Path = Path.Combine(Places.Results, "unsure.png") });
        var decided = await card.GetAttributeAsync("data-unsure");
        await card.GetByRole(AriaRole.Button, new() { NameRegex = new Regex("^It is:") }).PressAsync("a");
        await Assertions.Expect(page.Locator($"[data-unsure='{decided}']")).ToHaveCountAsync(0);

        var dark = await OpenAsync("Auditor", "/admin/documents/types?tab=model", ColorScheme.Dark);
        await Assertions.Expect(dark.GetByRole(AriaRole.Region, new() { Name = "Calibration" })).ToBeVisibleAsync();
        await Assertions.Expect(dark.GetByRole(AriaRole.Button, new() { Name = "Train a model" })).ToHaveCountAsync(0);
        await dark.ScreenshotAsync(new() { Path = Path.Combine(Places.Results, "model-dark.png"), FullPage = true });
        var member = await OpenAsync("Member", "/admin/documents/types");
        await Assertions.Expect(member.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToContainTextAsync("You may not open this");
        await Assertions.Expect(member.GetByRole(AriaRole.Tab)).ToHaveCountAsync(0);
    }

    [Fact]
    public async Task Upload_TheSameFileTwice_IsShownAndBecomesAVersion()
    {
        var page = await OpenAsync("Member", "/documents");
        var documents = new DocumentsView(page);
        var content = Text(1, "twice");
        await documents.UploadAsync("twice-a.txt", content, "text/plain");
        await documents.ExpectStateAsync("twice-a.txt", "Ready");
        await documents.UploadAsync("twice-b.txt", content, "text/plain");
        await documents.ExpectStateAsync("twice-b.txt", "Ready");

        await documents.OpenAsync("twice-b.txt");
        await Assertions.Expect(page.GetByText("Identical file")).ToBeVisibleAsync();
        await page.ScreenshotAsync(new() { Path = Path.Combine(Places.Results, "duplicate.png") });
        await page.GetByRole(AriaRole.Button, new() { Name = "New version of that one: twice-a.txt" }).ClickAsync();
        await page.GetByRole(AriaRole.Alertdialog).GetByRole(AriaRole.Button, new() { Name = "New version of that one" }).ClickAsync();

        await Assertions.Expect(page.GetByRole(AriaRole.Region, new() { Name = "Versions" })).ToContainTextAsync("Version 2");
        await Assertions.Expect(documents.Row("twice-a.txt")).ToHaveCountAsync(0);
    }

    private static byte[] Text(int kind, string name)
    {
        var random = new Random(name.Sum(c => c));
        var words = Words[kind].Split(' ');
        return Encoding.UTF8.GetBytes($"{name}\n" + string.Join(' ', Enumerable.Range(0, 40).Select(i => i % 3 == 0 ? "plain" + random.Next(40) : words[random.Next(words.Length)])));
    }
}
