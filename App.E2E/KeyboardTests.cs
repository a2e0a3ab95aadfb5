namespace BlazorAdmin.E2E;

/// <summary>The portal without a mouse.</summary>
[Collection(PortalCollection.Name)]
public sealed class KeyboardTests(Portal portal) : Journey(portal)
{
    [Fact]
    public async Task Keyboard_SignInPaletteListAndDetails_NeedNoMouse()
    {
        await Portal.SignedInAs("Operator");
        var member = await OpenAsync("Member", "/documents");
        await new DocumentsView(member).UploadAsync("keys.pdf", SamplePdf.WithText("typed, not clicked"));

        var page = await OpenAsync(null, "/account/login");
        await page.Keyboard.TypeAsync(Portal.EmailOf("Operator"));
        await page.Keyboard.PressAsync("Tab");
        await page.Keyboard.TypeAsync(Portal.Password);
        await page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(page.GetByRole(AriaRole.Navigation, new() { Name = "Main" })).ToBeVisibleAsync();

        await page.Keyboard.PressAsync("Control+k");
        await Assertions.Expect(page.GetByRole(AriaRole.Combobox, new() { Name = "Search or run a command" })).ToBeFocusedAsync();
        await page.Keyboard.TypeAsync("jobs");
        await Assertions.Expect(page.GetByRole(AriaRole.Option, new() { Name = "Jobs" }).First).ToBeVisibleAsync();
        await page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Jobs", Level = 1 })).ToBeVisibleAsync();
        await Assertions.Expect(page.Locator("tr[data-row]").First).ToBeVisibleAsync();

        await page.Keyboard.PressAsync("j");
        await page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(page.GetByRole(AriaRole.Button, new() { Name = "Close details" })).ToBeVisibleAsync();
        await page.Keyboard.PressAsync("Escape");
        await Assertions.Expect(page.GetByRole(AriaRole.Button, new() { Name = "Close details" })).ToHaveCountAsync(0);
    }
}
