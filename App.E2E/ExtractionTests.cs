using System.Text;
using System.Text.RegularExpressions;

namespace BlazorAdmin.E2E;

/// <summary>Entities in a text that people confirm and put right, and the rules for them.</summary>
[Collection(PortalCollection.Name)]
public sealed class ExtractionTests(Portal portal) : Journey(portal)
{
    // A forbidden page says so in the console.
    protected override bool IsExpected(string problem) => problem.Contains("403", StringComparison.Ordinal) || problem.Contains("404", StringComparison.Ordinal);

    [Theory]
    [InlineData(ColorScheme.Light)]
    [InlineData(ColorScheme.Dark)]
    public async Task Text_EntitiesAreJudgedMarkedAndPutRight(ColorScheme scheme)
    {
        var name = $"bill-{scheme}.txt";
        var page = await OpenAsync("Editor", "/documents", scheme);
        var documents = new DocumentsView(page);
        await documents.UploadAsync(name, Encoding.UTF8.GetBytes($"Muster GmbH\nRechnung Nr. R-17 {scheme}\nDatum 05.03.2024\nGesamtbetrag 119,00 EUR"), "text/plain");
        await documents.ExpectStateAsync(name, "Ready");
        await documents.OpenAsync(name);

        var date = page.GetByRole(AriaRole.Button, new() { NameRegex = new Regex("^Date: 05.03.2024") });
        await date.FocusAsync();
        await page.Keyboard.PressAsync("Enter");
        var chosen = page.GetByRole(AriaRole.Region, new() { Name = "Chosen entity" });
        await chosen.GetByRole(AriaRole.Button, new() { Name = "Confirm" }).ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Button, new() { NameRegex = new Regex(@"^Date: 05.03.2024 \(confirmed\)") })).ToBeVisibleAsync();
        await page.GetByRole(AriaRole.Group, new() { Name = "Kinds that are marked" }).GetByRole(AriaRole.Button, new() { NameRegex = new Regex("^Amount") }).ClickAsync();
        await Assertions.Expect(page).ToHaveURLAsync(new Regex("hide=amount"));
        await Assertions.Expect(page.GetByRole(AriaRole.Button, new() { NameRegex = new Regex("^Amount: ") })).ToHaveCountAsync(0);
        await Axe.SettleAsync(page);
        (await Axe.ViolationsAsync(page)).ShouldBeEmpty();
        await page.ScreenshotAsync(new() { Path = Path.Combine(Places.Results, $"extraction-{scheme}.png"), FullPage = true });

        await page.GetByRole(AriaRole.Button, new() { Name = "Mark words" }).ClickAsync();
        var dialog = page.GetByRole(AriaRole.Dialog);
        await dialog.GetByLabel("Words").FillAsync("Rechnung");
        await dialog.GetByLabel("Kind").FillAsync("Note");
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Mark", Exact = true }).ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Button, new() { NameRegex = new Regex("^Note: Rechnung") })).ToBeVisibleAsync();

        await page.GetByRole(AriaRole.Button, new() { Name = "Edit Total" }).ClickAsync();
        await dialog.GetByLabel("Value").FillAsync("120.00 EUR");
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Save" }).ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Row, new() { NameRegex = new Regex("^Total") })).ToContainTextAsync("found was “119.00 EUR”");

        await page.GetByRole(AriaRole.Button, new() { Name = "Correct text" }).ClickAsync();
        await dialog.GetByLabel("Text").FillAsync("Muster GmbH\nam 05.03.2024 und am 06.04.2024");
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Save text" }).ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Button, new() { NameRegex = new Regex("^Date: 06.04.2024") })).ToBeVisibleAsync();
        await Assertions.Expect(page.GetByText("A person put this text right.")).ToBeVisibleAsync();
    }

    [Fact]
    public async Task Rule_TriedSavedSwitchedAndDeleted()
    {
        var page = await OpenAsync("Editor", "/admin/documents/rules");
        await page.GetByRole(AriaRole.Button, new() { Name = "New rule" }).ClickAsync();
        var dialog = page.GetByRole(AriaRole.Dialog);
        await dialog.GetByLabel("Name", new() { Exact = true }).FillAsync("Journey number");
        await dialog.GetByLabel("Regular expression").FillAsync("(J");
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Save" }).ClickAsync();
        await Assertions.Expect(dialog.GetByText("cannot be read at character")).ToBeVisibleAsync();
        await dialog.GetByLabel("Regular expression").FillAsync(@"J-\d+");
        await dialog.GetByLabel("Try it on this text").FillAsync("from J-1 to J-22");
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Try", Exact = true }).ClickAsync();
        await Assertions.Expect(dialog.GetByText("Found 2 places.")).ToBeVisibleAsync();
        await page.ScreenshotAsync(new() { Path = Path.Combine(Places.Results, "extraction-rule.png") });
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Save" }).ClickAsync();

        var row = page.GetByRole(AriaRole.Row, new() { NameRegex = new Regex("^Journey number") });
        await Assertions.Expect(row).ToContainTextAsync("On");
        await row.GetByRole(AriaRole.Button, new() { Name = "Switch Journey number off" }).ClickAsync();
        await Assertions.Expect(row).ToContainTextAsync("Off");
        await row.GetByRole(AriaRole.Button, new() { Name = "Delete Journey number" }).ClickAsync();
        await page.GetByRole(AriaRole.Alertdialog).GetByRole(AriaRole.Button, new() { Name = "Delete" }).ClickAsync();
        await Assertions.Expect(row).ToHaveCountAsync(0);
        await page.GetByRole(AriaRole.Tab, new() { Name = "Validation" }).ClickAsync();
        await Assertions.Expect(page).ToHaveURLAsync(new Regex("tab=validation"));
    }

    [Fact]
    public async Task Rules_OpenedByOthers_AreForbiddenOrOnlyShown()
    {
        var member = await OpenAsync("Member", "/admin/documents/rules");
        await Assertions.Expect(member.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToContainTextAsync("You may not open this");
        var auditor = await OpenAsync("Auditor", "/admin/documents/rules");
        await Assertions.Expect(auditor.GetByRole(AriaRole.Tab, new() { Name = "Quality" })).ToBeVisibleAsync();
        await Assertions.Expect(auditor.GetByRole(AriaRole.Button, new() { Name = "New rule" })).ToHaveCountAsync(0);
    }
}
