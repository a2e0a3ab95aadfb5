using System.Net;
using System.Text;
using System.Text.RegularExpressions;

namespace BlazorAdmin.E2E;

/// <summary>From a dropped file to its text, watched live; and what is refused.</summary>
[Collection(PortalCollection.Name)]
public sealed class DocumentsTests(Portal portal) : Journey(portal)
{
    protected override bool IsExpected(string problem) => problem.Contains("404", StringComparison.Ordinal);

    [Fact]
    public async Task Upload_Pdf_TextAppearsAndEditorSeesItLive()
    {
        var editor = await OpenAsync("Editor", "/admin/documents");
        await Assertions.Expect(editor.GetByRole(AriaRole.Heading, new() { Name = "Documents", Level = 1 })).ToBeVisibleAsync();
        var member = await OpenAsync("Member", "/documents");
        var documents = new DocumentsView(member);

        await documents.UploadAsync("minutes.pdf", SamplePdf.WithText("The first page speaks of cranes", "The second page speaks of herons"));
        await documents.ExpectStateAsync("minutes.pdf", "Ready");
        await documents.OpenAsync("minutes.pdf");
        await Assertions.Expect(documents.Text).ToContainTextAsync("cranes");
        await member.GetByRole(AriaRole.Region, new() { Name = "Text" }).GetByRole(AriaRole.Button, new() { Name = "Next page" }).ClickAsync();
        await Assertions.Expect(documents.Text).ToContainTextAsync("herons");
        await Assertions.Expect(member).ToHaveURLAsync(new Regex(@"[?&]item=[^&]+&page=2$"));
        await member.ReloadAsync();
        await Assertions.Expect(documents.Text).ToContainTextAsync("herons");
        await member.GoBackAsync();
        await Assertions.Expect(documents.Text).ToContainTextAsync("cranes");

        await new DocumentsView(editor).ExpectStateAsync("minutes.pdf", "Ready");
    }

    [Fact]
    public async Task Upload_ScannedPage_IsRecognised()
    {
        var page = await OpenAsync("Member", "/documents");
        var documents = new DocumentsView(page);
        await documents.UploadAsync("scan.pdf", SamplePdf.Scanned(1));
        await documents.ExpectStateAsync("scan.pdf", "Ready");
        await documents.OpenAsync("scan.pdf");
        await Assertions.Expect(page.GetByText("Recognised from the picture")).ToBeVisibleAsync();
        await Assertions.Expect(documents.Text).ToContainTextAsync("HELL");
    }

    [Fact]
    public async Task Upload_ScannedPage_ShowsImageQualityAndSearchableCopyToItsOwnerOnly()
    {
        var page = await OpenAsync("Member", "/documents");
        var documents = new DocumentsView(page);
        await documents.UploadAsync("sheet.pdf", SamplePdf.Scanned(1));
        await documents.ExpectStateAsync("sheet.pdf", "Ready");
        await documents.OpenAsync("sheet.pdf");

        var image = page.GetByRole(AriaRole.Img, new() { Name = "Image of page 1" });
        await Assertions.Expect(image).ToBeVisibleAsync();
        await Assertions.Expect(image).ToHaveJSPropertyAsync("complete", true);
        await Assertions.Expect(page.Locator(".quality .chip")).ToHaveTextAsync(new Regex(@"^\d+ (good|fair|poor)$"));
        await page.ScreenshotAsync(new() { Path = Path.Combine(Places.Results, "documents-scan.png"), FullPage = true });
        var source = (await image.GetAttributeAsync("src"))!;
        var copy = (await page.GetByRole(AriaRole.Link, new() { Name = "Searchable PDF" }).GetAttributeAsync("href"))!;

        var drawn = await page.APIRequest.GetAsync(source);
        drawn.Status.ShouldBe((int)HttpStatusCode.OK);
        (drawn.Headers["content-type"], drawn.Headers["x-content-type-options"]).ShouldBe(("image/jpeg", "nosniff"));
        foreach (var word in new[] { "private", "no-store" }) drawn.Headers["cache-control"].ShouldContain(word);
        drawn.Headers["content-security-policy"].ShouldContain("sandbox");
        (await (await page.APIRequest.GetAsync(copy)).BodyAsync()).AsSpan(0, 5).SequenceEqual("%PDF-"u8).ShouldBeTrue();

        var stranger = await OpenAsync("Support", "/documents");
        foreach (var link in new[] { source, copy }) (await stranger.APIRequest.GetAsync(link)).Status.ShouldBe((int)HttpStatusCode.NotFound);
        (await page.APIRequest.GetAsync(source.Replace("/pages/1/", "/pages/7/", StringComparison.Ordinal))).Status.ShouldBe((int)HttpStatusCode.NotFound);

        await page.GetByRole(AriaRole.Button, new() { Name = "Delete" }).ClickAsync();
        await page.GetByRole(AriaRole.Alertdialog).GetByRole(AriaRole.Button, new() { Name = "Delete" }).ClickAsync();
        await Assertions.Expect(documents.Row("sheet.pdf")).ToHaveCountAsync(0);
        foreach (var link in new[] { source, copy }) (await page.APIRequest.GetAsync(link)).Status.ShouldBe((int)HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task Upload_DamagedAndWronglyNamedFiles_EndInNamedStates()
    {
        var page = await OpenAsync("Member", "/documents");
        var documents = new DocumentsView(page);
        await documents.UploadAsync("broken.pdf", SamplePdf.WithText("lost")[..300]);
        await documents.UploadAsync("program.pdf", [0x7f, (byte)'E', (byte)'L', (byte)'F', 2, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
        await documents.UploadAsync("nothing.txt", [], "text/plain");

        await documents.ExpectStateAsync("broken.pdf", "Damaged");
        await documents.ExpectStateAsync("program.pdf", "Not supported");
        await documents.ExpectStateAsync("nothing.txt", "Empty");
    }

    [Fact]
    public async Task Download_OtherPersonsDocument_DoesNotExist()
    {
        var owner = await OpenAsync("Support", "/documents");
        var documents = new DocumentsView(owner);
        await documents.UploadAsync("private.txt", Encoding.UTF8.GetBytes("for my eyes only"), "text/plain");
        await documents.ExpectStateAsync("private.txt", "Ready");
        await documents.OpenAsync("private.txt");
        var link = await owner.GetByRole(AriaRole.Link, new() { Name = "Original" }).GetAttributeAsync("href");

        var stranger = await OpenAsync("Member", "/documents");
        (await owner.APIRequest.GetAsync(link!)).Status.ShouldBe((int)HttpStatusCode.OK);
        (await stranger.APIRequest.GetAsync(link!)).Status.ShouldBe((int)HttpStatusCode.NotFound);
        await new DocumentsView(stranger).UploadAsync("the stranger's.txt", Encoding.UTF8.GetBytes($"for theirs {Guid.NewGuid()}"), "text/plain");
        await Assertions.Expect(new DocumentsView(stranger).Row("private.txt")).ToHaveCountAsync(0);
    }

    [Fact]
    public async Task Delete_Own_NamesItAndItIsGone()
    {
        var page = await OpenAsync("Member", "/documents");
        var documents = new DocumentsView(page);
        await documents.UploadAsync("outdated.txt", Encoding.UTF8.GetBytes("yesterday's news"), "text/plain");
        await documents.ExpectStateAsync("outdated.txt", "Ready");
        await documents.OpenAsync("outdated.txt");
        var link = await page.GetByRole(AriaRole.Link, new() { Name = "Original" }).GetAttributeAsync("href");

        await page.GetByRole(AriaRole.Button, new() { Name = "Delete" }).ClickAsync();
        var question = page.GetByRole(AriaRole.Alertdialog);
        await Assertions.Expect(question).ToContainTextAsync("outdated.txt");
        await question.GetByRole(AriaRole.Button, new() { Name = "Delete" }).ClickAsync();

        await Assertions.Expect(documents.Row("outdated.txt")).ToHaveCountAsync(0);
        (await page.APIRequest.GetAsync(link!)).Status.ShouldBe((int)HttpStatusCode.NotFound);
    }
}
