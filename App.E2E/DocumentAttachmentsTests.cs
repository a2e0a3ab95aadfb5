using System.Text;

namespace BlazorAdmin.E2E;

/// <summary>From a mail to what was attached to it and back; both go together.</summary>
[Collection(PortalCollection.Name)]
public sealed class DocumentAttachmentsTests(Portal portal) : Journey(portal)
{
    private const string Mail = "From: a@example.org\nTo: b@example.org\nSubject: =?utf-8?Q?Gr=C3=BC=C3=9Fe?=\nMIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=\"xx\"\n\n"
        + "--xx\nContent-Type: text/plain; charset=utf-8\n\nThe offer is attached\n"
        + "--xx\nContent-Type: text/csv\nContent-Disposition: attachment; filename=\"prices of cranes.csv\"\n\nbird;price\ncrane;12\nheron;9\n\n--xx--\n";

    [Fact]
    public async Task Upload_Mail_ItsAttachmentIsADocumentAndGoesWithIt()
    {
        var page = await OpenAsync("Member", "/documents");
        var documents = new DocumentsView(page);
        await documents.UploadAsync("greetings.eml", Encoding.UTF8.GetBytes(Mail), "message/rfc822");
        await documents.ExpectStateAsync("greetings.eml", "Ready");
        await documents.ExpectStateAsync("prices of cranes.csv", "Ready");

        await documents.OpenAsync("greetings.eml");
        await Assertions.Expect(documents.Text).ToContainTextAsync("Subject: Grüße");
        await page.GetByRole(AriaRole.Region, new() { Name = "Attachments" }).GetByRole(AriaRole.Link, new() { Name = "prices of cranes.csv" }).ClickAsync();
        await Assertions.Expect(documents.Text).ToContainTextAsync("crane");
        await Assertions.Expect(page.GetByText("Attachment of")).ToBeVisibleAsync();
        await page.GetByText("Attachment of").GetByRole(AriaRole.Link, new() { Name = "greetings.eml" }).ClickAsync();
        await Assertions.Expect(documents.Text).ToContainTextAsync("The offer is attached");

        await page.GetByRole(AriaRole.Button, new() { Name = "Delete" }).ClickAsync();
        await page.GetByRole(AriaRole.Alertdialog).GetByRole(AriaRole.Button, new() { Name = "Delete" }).ClickAsync();
        await Assertions.Expect(documents.Row("greetings.eml")).ToHaveCountAsync(0);
        await Assertions.Expect(documents.Row("prices of cranes.csv")).ToHaveCountAsync(0);
    }
}
