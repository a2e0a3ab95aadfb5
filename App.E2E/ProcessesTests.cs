using System.Text.RegularExpressions;

namespace BlazorAdmin.E2E;

/// <summary>Who uses the machine, and which database commands are slow.</summary>
[Collection(PortalCollection.Name)]
public sealed partial class ProcessesTests(Portal portal) : Journey(portal)
{
    [Fact]
    public async Task Processes_Operator_SearchesSortsAndSeesTheTree()
    {
        var page = await OpenAsync("Operator", "/admin/monitor/processes");
        var rows = page.Locator("tbody tr");
        await rows.Nth(3).WaitForAsync();
        // Rates need two readings.
        await Assertions.Expect(rows.First).ToContainTextAsync("%");
        await page.GetByRole(AriaRole.Columnheader, new() { Name = "Memory" }).GetByRole(AriaRole.Button).ClickAsync();
        await Assertions.Expect(page).ToHaveURLAsync(Sorted());
        await Assertions.Expect(page.GetByRole(AriaRole.Columnheader, new() { Name = "Memory" })).ToHaveAttributeAsync("aria-sort", "descending");
        await page.GetByRole(AriaRole.Searchbox, new() { Name = "Name, command, user or number" }).FillAsync("BlazorAdmin");
        await Assertions.Expect(rows.First).ToContainTextAsync("dotnet");
        await page.GetByRole(AriaRole.Button, new() { Name = "Tree" }).ClickAsync();
        await Assertions.Expect(page.Locator(".process").Last).ToHaveAttributeAsync("style", Nested());
        // Typed and clicked one right after the other: both stand in the address.
        await Assertions.Expect(page).ToHaveURLAsync(SearchedAsTree());
        await page.ReloadAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Button, new() { Name = "Tree" })).ToHaveAttributeAsync("aria-pressed", "true");
        await page.GetByRole(AriaRole.Link, new() { Name = "Slow commands" }).ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToHaveTextAsync("Slow database commands");
    }

    [Fact]
    public async Task Processes_Member_MayNotSeeThem()
    {
        var page = await OpenAsync("Member", "/admin/monitor/processes");
        await Assertions.Expect(page.GetByText("You may not open this")).ToBeVisibleAsync();
        await Assertions.Expect(page.Locator("tbody tr")).ToHaveCountAsync(0);
    }

    protected override bool IsExpected(string problem) => problem.Contains("403", StringComparison.Ordinal) || problem.Contains("404", StringComparison.Ordinal);

    [GeneratedRegex(@"\?sort=-memory$")]
    private static partial Regex Sorted();

    [GeneratedRegex(@"\?q=BlazorAdmin&view=tree&sort=-memory$")]
    private static partial Regex SearchedAsTree();

    [GeneratedRegex(@"--depth: [1-9]")]
    private static partial Regex Nested();
}
