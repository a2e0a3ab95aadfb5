using System.Net;
using System.Text;
using System.Text.RegularExpressions;

namespace BlazorAdmin.E2E;

/// <summary>Collections that others do not see, editing with undo, bin and way back, and the page of one document.</summary>
[Collection(PortalCollection.Name)]
public sealed class LibraryTests(Portal portal) : Journey(portal)
{
    // What may not be seen is not found, and a page without a picture says so in the console.
    protected override bool IsExpected(string problem) => problem.Contains("404", StringComparison.Ordinal);

    [Fact]
    public async Task Collection_Restricted_ShowsOthersNeitherNameNorCount()
    {
        var name = $"Personnel {Guid.NewGuid():n}";
        var admin = await OpenAsync("Administrator", "/admin/documents/collections");
        await admin.GetByRole(AriaRole.Button, new() { Name = "New collection" }).First.ClickAsync();
        var dialog = admin.GetByRole(AriaRole.Dialog);
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Save" }).ClickAsync();
        await Assertions.Expect(dialog.GetByText("Name: give the collection a name.")).ToBeVisibleAsync();
        await dialog.GetByLabel("Name", new() { Exact = true }).FillAsync(name);
        await dialog.GetByRole(AriaRole.Checkbox, new() { Name = "Restricted" }).CheckAsync();
        await dialog.GetByLabel("Add a person").FillAsync(Portal.EmailOf("Administrator"));
        await dialog.GetByRole(AriaRole.List, new() { Name = "Found" }).GetByRole(AriaRole.Button).First.ClickAsync();
        await dialog.GetByRole(AriaRole.Combobox, new() { NameRegex = new Regex("^Right of") }).SelectOptionAsync("Edit");
        await admin.ScreenshotAsync(new() { Path = Path.Combine(Places.Results, "collection.png") });
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Save" }).ClickAsync();
        await Assertions.Expect(admin.GetByRole(AriaRole.Row).Filter(new() { HasText = name })).ToContainTextAsync("Restricted");

        var file = $"salaries-{Guid.NewGuid():n}.txt";
        await admin.GotoAsync("/documents");
        var mine = new DocumentsView(admin);
        await mine.UploadAsync(file, Encoding.UTF8.GetBytes("figures"), "text/plain");
        await mine.ExpectStateAsync(file, "Ready");
        var editor = await OpenAsync("Editor", "/admin/documents?sort=-created");
        await Assertions.Expect(new DocumentsView(editor).Row(file)).ToBeVisibleAsync();

        await EditAsync(admin, file, edit => edit.GetByLabel("Collection", new() { Exact = true }).SelectOptionAsync(new SelectOptionValue { Label = name }));

        await Assertions.Expect(new DocumentsView(editor).Row(file)).ToHaveCountAsync(0);
        await editor.GotoAsync("/admin/documents/collections");
        await Assertions.Expect(editor.GetByRole(AriaRole.Heading, new() { Name = "Collections", Level = 1 })).ToBeVisibleAsync();
        await Assertions.Expect(editor.GetByText(name)).ToHaveCountAsync(0);
        await Assertions.Expect(mine.Row(file)).ToContainTextAsync(name);
    }

    [Fact]
    public async Task Edit_TagsOfSeveral_AreThereAndTakenBack()
    {
        var (tag, first, second) = ($"t{Guid.NewGuid():n}", $"one-{Guid.NewGuid():n}.txt", $"two-{Guid.NewGuid():n}.txt");
        var page = await OpenAsync("Member", "/documents");
        var documents = new DocumentsView(page);
        foreach (var name in new[] { first, second })
        {
            await documents.UploadAsync(name, Encoding.UTF8.GetBytes(name), "text/plain");
            await documents.ExpectStateAsync(name, "Ready");
        }
        await documents.Row(first).GetByRole(AriaRole.Checkbox).CheckAsync();
        await EditAsync(page, second, edit => edit.GetByLabel("Add tags").FillAsync(tag));
        await Assertions.Expect(documents.Row(first)).ToContainTextAsync(tag);
        await Assertions.Expect(documents.Row(second)).ToContainTextAsync(tag);

        await page.GetByRole(AriaRole.Button, new() { Name = "Undo" }).ClickAsync();

        await Assertions.Expect(documents.Row(first)).Not.ToContainTextAsync(tag);
        await Assertions.Expect(documents.Row(second)).Not.ToContainTextAsync(tag);
    }

    [Fact]
    public async Task Bin_DeletedDocument_ComesBackAndIsErased()
    {
        var name = $"binned-{Guid.NewGuid():n}.txt";
        var page = await OpenAsync("Support", "/documents");
        var documents = new DocumentsView(page);
        await documents.UploadAsync(name, Encoding.UTF8.GetBytes(name), "text/plain");
        await documents.ExpectStateAsync(name, "Ready");
        await documents.OpenAsync(name);
        var link = await page.GetByRole(AriaRole.Link, new() { Name = "Open page" }).GetAttributeAsync("href");
        await DeleteAsync(page);
        await Assertions.Expect(documents.Row(name)).ToHaveCountAsync(0);
        (await page.APIRequest.GetAsync(link + "/original")).Status.ShouldBe((int)HttpStatusCode.NotFound);

        await page.GotoAsync("/documents/bin");
        await documents.Row(name).GetByRole(AriaRole.Checkbox).CheckAsync();
        await page.ScreenshotAsync(new() { Path = Path.Combine(Places.Results, "bin.png") });
        await page.GetByRole(AriaRole.Button, new() { Name = "Bring back" }).ClickAsync();
        await Assertions.Expect(documents.Row(name)).ToHaveCountAsync(0);
        (await page.APIRequest.GetAsync(link + "/original")).Status.ShouldBe((int)HttpStatusCode.OK);

        await page.GotoAsync(link!);
        await Assertions.Expect(page.GetByRole(AriaRole.Heading, new() { Name = name, Level = 1 })).ToBeVisibleAsync();
        await DeleteAsync(page);
        await Assertions.Expect(page.GetByText("There is no such document")).ToBeVisibleAsync();
        await page.GotoAsync("/documents/bin");
        await documents.Row(name).GetByRole(AriaRole.Checkbox).CheckAsync();
        await page.Locator(".list-bulk").GetByRole(AriaRole.Button, new() { Name = "Erase now" }).ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Alertdialog)).ToContainTextAsync(name);
        await page.GetByRole(AriaRole.Alertdialog).GetByRole(AriaRole.Button, new() { Name = "Erase now" }).ClickAsync();
        await Assertions.Expect(documents.Row(name)).ToHaveCountAsync(0);
    }

    [Theory]
    [InlineData(ColorScheme.Light, 1280)]
    [InlineData(ColorScheme.Dark, 1280)]
    [InlineData(ColorScheme.Light, 360)]
    public async Task DocumentPage_InAnyLook_HasNoViolation(ColorScheme scheme, int width)
    {
        var name = $"look-{Guid.NewGuid():n}.pdf";
        var page = await OpenAsync("Member", "/documents", scheme, width);
        var documents = new DocumentsView(page);
        await documents.UploadAsync(name, SamplePdf.WithText("The first page speaks of cranes", "The second page speaks of herons"));
        await documents.ExpectStateAsync(name, "Ready");
        await documents.OpenAsync(name);
        var link = await page.GetByRole(AriaRole.Link, new() { Name = "Open page" }).GetAttributeAsync("href");

        await page.GotoAsync($"{link}?page=2&q=herons");

        await Assertions.Expect(page.Locator("mark")).ToHaveTextAsync("herons");
        await page.ScreenshotAsync(new() { Path = Path.Combine(Places.Results, $"document-{scheme}-{width}.png"), FullPage = true });
        (await Axe.ViolationsAsync(page)).ShouldBeEmpty();
        await page.GetByRole(AriaRole.Tab, new() { Name = "History" }).ClickAsync();
        await Assertions.Expect(page).ToHaveURLAsync(new Regex("tab=history"));
        await Assertions.Expect(page.GetByRole(AriaRole.List, new() { Name = "What people did" })).ToContainTextAsync("Documents added");
        (await Axe.ViolationsAsync(page)).ShouldBeEmpty();
    }

    private static async Task EditAsync(IPage page, string name, Func<ILocator, Task> fill)
    {
        await new DocumentsView(page).Row(name).GetByRole(AriaRole.Checkbox).CheckAsync();
        await page.Locator(".list-bulk").GetByRole(AriaRole.Button, new() { Name = "Edit" }).ClickAsync();
        var dialog = page.GetByRole(AriaRole.Dialog);
        await fill(dialog);
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Apply" }).ClickAsync();
        await Assertions.Expect(dialog).ToHaveCountAsync(0);
    }

    private static async Task DeleteAsync(IPage page)
    {
        await page.GetByRole(AriaRole.Button, new() { Name = "Delete", Exact = true }).ClickAsync();
        await page.GetByRole(AriaRole.Alertdialog).GetByRole(AriaRole.Button, new() { Name = "Delete" }).ClickAsync();
    }
}
