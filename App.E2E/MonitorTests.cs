using System.Text.RegularExpressions;

namespace BlazorAdmin.E2E;

/// <summary>The Monitor tab beyond watching: pausing, zooming, ranges, lines, figures, exports.</summary>
[Collection(PortalCollection.Name)]
public sealed partial class MonitorTests(Portal portal) : Journey(portal)
{
    [Fact]
    public async Task Monitor_PausedAndZoomed_HoldsAndStandsInTheAddress()
    {
        var page = await OpenAsync("Operator", "/admin/monitor");
        await Assertions.Expect(page.Locator("[data-live-chart] canvas").First).ToBeVisibleAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Pause" }).ClickAsync();
        await Assertions.Expect(page).ToHaveURLAsync(FixedRange());
        var chart = page.Locator("[data-past-chart='cpu']");
        await Assertions.Expect(chart.Locator("canvas")).ToBeVisibleAsync();
        await Assertions.Expect(page.Locator("[data-live-chart]")).ToHaveCountAsync(0);
        await Assertions.Expect(page.GetByRole(AriaRole.Img, new() { NameRegex = CpuWithValue() })).ToBeVisibleAsync();

        var paused = page.Url;
        var box = await chart.Locator(".u-over").BoundingBoxAsync() ?? throw new InvalidOperationException("The chart has no place.");
        await page.Mouse.MoveAsync(box.X + box.Width * 0.5f, box.Y + box.Height / 2);
        await Assertions.Expect(page.Locator("[data-past-time]").First).Not.ToBeEmptyAsync();
        await page.Mouse.DownAsync();
        await page.Mouse.MoveAsync(box.X + box.Width * 0.9f, box.Y + box.Height / 2, new() { Steps = 4 });
        await page.Mouse.UpAsync();
        await Assertions.Expect(page).Not.ToHaveURLAsync(paused);
        await Assertions.Expect(page).ToHaveURLAsync(FixedRange());

        await page.GetByRole(AriaRole.Button, new() { Name = "Zoom out" }).ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Live", Exact = true }).ClickAsync();
        await Assertions.Expect(page).ToHaveURLAsync(new Regex("/admin/monitor$"));
        await Assertions.Expect(page.Locator("[data-live-chart] canvas").First).ToBeVisibleAsync();
    }

    [Fact]
    public async Task Monitor_Line_IsSwitchedOffByAPressAndByTheLink()
    {
        var page = await OpenAsync("Operator", "/admin/monitor");
        var user = page.GetByRole(AriaRole.Button, new() { Name = "Core 0", Exact = true });
        await Assertions.Expect(user).ToHaveAttributeAsync("aria-pressed", "true");
        await user.ClickAsync();
        await Assertions.Expect(user).ToHaveAttributeAsync("aria-pressed", "false");
        await Assertions.Expect(page).ToHaveURLAsync(new Regex("hide=cpu.core.0"));
        await page.ReloadAsync();
        await Assertions.Expect(user).ToHaveAttributeAsync("aria-pressed", "false");
    }

    [Fact]
    public async Task Monitor_PastRange_ShowsFiguresAndIsExported()
    {
        var page = await OpenAsync("Operator", "/admin/monitor?range=1h");
        await Assertions.Expect(page.Locator("[data-past-chart] canvas").First).ToBeVisibleAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Figures" }).ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Table).GetByRole(AriaRole.Columnheader, new() { Name = "p95" })).ToBeVisibleAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Rowheader).First).ToBeVisibleAsync();
        foreach (var format in new[] { "CSV", "JSON" })
        {
            await page.Locator("summary").Filter(new() { HasText = "Export" }).ClickAsync();
            var download = await page.RunAndWaitForDownloadAsync(() => page.GetByRole(AriaRole.Link, new() { Name = format, Exact = true }).ClickAsync());
            var text = await File.ReadAllTextAsync(await download.PathAsync());
            text.ShouldContain("cpu.total");
        }
    }

    [Fact]
    public async Task Monitor_WrongRange_NamesFieldAndRemedy()
    {
        var page = await OpenAsync("Operator", "/admin/monitor?from=2026-01-02T00:00:00Z&to=2026-01-01T00:00:00Z");
        await Assertions.Expect(page.GetByRole(AriaRole.Alert)).ToContainTextAsync("from must lie before to");
        await page.Locator("summary").Filter(new() { HasText = "Other range" }).ClickAsync();
        await page.GetByLabel("From").FillAsync("2026-01-02T00:00");
        await page.GetByLabel("To", new() { Exact = true }).FillAsync("2026-01-01T00:00");
        await page.GetByRole(AriaRole.Button, new() { Name = "Apply" }).ClickAsync();
        await Assertions.Expect(page.GetByText("To: choose a time at least one second after From.")).ToBeVisibleAsync();
        await page.GetByLabel("To", new() { Exact = true }).FillAsync("2026-01-03T00:00");
        await page.GetByRole(AriaRole.Button, new() { Name = "Apply" }).ClickAsync();
        await Assertions.Expect(page).ToHaveURLAsync(new Regex("from=2026-01-01T23:00:00.000Z&to=2026-01-02T23:00:00.000Z"));
        await Assertions.Expect(page.GetByText("Nothing is kept of this range")).ToBeVisibleAsync();
    }

    [GeneratedRegex("from=.*&to=")]
    private static partial Regex FixedRange();

    [GeneratedRegex("^CPU: .*%")]
    private static partial Regex CpuWithValue();
}
