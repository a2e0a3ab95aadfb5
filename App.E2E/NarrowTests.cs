namespace BlazorAdmin.E2E;

/// <summary>What a telephone shows: 360 pixels.</summary>
[Collection(PortalCollection.Name)]
public sealed class NarrowTests(Portal portal) : Journey(portal)
{
    [Fact]
    public async Task List_LongFileName_TakesTheRoomThatTheStateLeaves()
    {
        const string name = "minutes of the general meeting of the harbour society 2026-05-14, second version, signed.txt";
        var page = await OpenAsync("Member", "/documents", width: 360);
        var documents = new DocumentsView(page);
        await documents.UploadAsync(name, "aye"u8.ToArray(), "text/plain");
        await documents.ExpectStateAsync(name, "Ready");

        var row = (await documents.Row(name).BoundingBoxAsync())!.Width;
        var title = (await documents.Row(name).Locator("td.at-title").BoundingBoxAsync())!;
        var state = (await documents.Row(name).Locator("td.at-state").BoundingBoxAsync())!;
        var file = (await documents.Row(name).Locator("td.at-title .file").BoundingBoxAsync())!;
        file.Width.ShouldBeGreaterThan(row / 2);
        (state.X - (title.X + title.Width)).ShouldBeInRange(0, 16);
    }

    [Theory]
    [InlineData("/admin/users/new", null)]
    [InlineData("/admin/roles", "New role")]
    public async Task Form_GroupOfChoices_HasNoFrameAndStaysInside(string path, string? open)
    {
        var page = await OpenAsync("Administrator", path, width: 360);
        if (open is not null) await page.GetByRole(AriaRole.Button, new() { Name = open }).ClickAsync();
        var group = page.Locator("form fieldset").First;
        await Assertions.Expect(group).ToHaveCSSAsync("border-top-width", "0px");
        var form = (await page.Locator("form.form").BoundingBoxAsync())!;
        var inside = (await group.BoundingBoxAsync())!;
        inside.X.ShouldBe(form.X, 0.5f);
        (inside.X + inside.Width).ShouldBeLessThanOrEqualTo(form.X + form.Width + 0.5f);
    }
}
