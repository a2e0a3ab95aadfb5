using System.Text.Json;

namespace BlazorAdmin.E2E;

/// <summary>From the kernel to the pixel: live numbers and charts of the machine, and what they cost when nobody looks.</summary>
[Collection(PortalCollection.Name)]
public sealed class LiveMetricsTests(Portal portal) : Journey(portal)
{
    private const string Statistics = """
        async () => {
          const url = performance.getEntriesByType("resource").map(entry => entry.name).find(name => name.includes("live-chart"));
          return url ? (await import(url)).statistics() : null;
        }
        """;

    private const string Pixels = """
        canvas => {
          const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
          let hash = 0;
          for (let i = 0; i < data.length; i += 97) hash = (hash * 31 + data[i]) | 0;
          return hash;
        }
        """;

    private static async Task<(long Ticks, long Last, int Areas)> ReadAsync(IPage page)
    {
        var stats = await page.EvaluateAsync<JsonElement>(Statistics);
        return (stats.GetProperty("ticks").GetInt64(), stats.GetProperty("last").GetInt64(), stats.GetProperty("areas").GetInt32());
    }

    /// <summary>Plays a tab in the background: a browser without a window never hides one.</summary>
    private static Task HideAsync(IPage page, bool hidden) => page.EvaluateAsync("""
        hidden => {
          Object.defineProperty(document, "hidden", { configurable: true, get: () => hidden });
          document.dispatchEvent(new Event("visibilitychange"));
        }
        """, hidden);

    [Fact]
    public async Task Dashboard_Operator_NumbersAndChartMove()
    {
        var page = await OpenAsync("Operator");
        var cpu = page.Locator("[data-widget='monitor.cpu'] [data-metric]").First;
        await Assertions.Expect(cpu).ToContainTextAsync("%");
        var canvas = page.Locator("[data-widget='monitor.cores'] canvas");
        var before = await canvas.EvaluateAsync<int>(Pixels);
        await Eventually.Holds(async () => await canvas.EvaluateAsync<int>(Pixels) != before, what: "the chart moves");
        var chart = page.GetByRole(AriaRole.Img, new() { Name = "CPU by core, last 60 s" });
        await Assertions.Expect(chart).ToHaveAttributeAsync("aria-label", new System.Text.RegularExpressions.Regex("Core 0 .*%"));
    }

    [Fact]
    public async Task Dashboard_TabHiddenAndShown_StopsAndContinuesWithoutGap()
    {
        var page = await OpenAsync("Operator");
        await page.Locator("[data-widget='monitor.cores'] canvas").WaitForAsync();
        await Eventually.Holds(async () => (await ReadAsync(page)).Ticks > 10, what: "samples arrive");
        await HideAsync(page, hidden: true);
        var still = 0;
        var last = -1L;
        await Eventually.Holds(async () =>
        {
            var now = (await ReadAsync(page)).Ticks;
            still = now == last ? still + 1 : 0;
            last = now;
            return still >= 10;
        }, what: "the stream stops");

        var hidden = await ReadAsync(page);
        await HideAsync(page, hidden: false);
        await Eventually.Holds(async () => (await ReadAsync(page)).Last > hidden.Last + 5, what: "the stream goes on");
        var shown = await ReadAsync(page);
        (shown.Ticks - hidden.Ticks).ShouldBe(shown.Last - hidden.Last);
    }

    [Fact]
    public async Task Monitor_Operator_ShowsAllFamiliesAndLongerTime()
    {
        var page = await OpenAsync("Operator", "/admin/monitor");
        await Assertions.Expect(page.GetByRole(AriaRole.Heading, new() { Name = "CPU by core" })).ToBeVisibleAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Memory", Exact = true }).ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Memory", Exact = true })).ToBeVisibleAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "5 min", Exact = true }).ClickAsync();
        await Assertions.Expect(page).ToHaveURLAsync(new System.Text.RegularExpressions.Regex("range=5m&group=Memory"));
        await Eventually.Holds(async () => (await ReadAsync(page)) is { Ticks: > 0, Areas: 1 }, what: "one area is drawn");
    }

    [Fact]
    public async Task Dashboard_Member_SeesNothingOfTheMachine()
    {
        var page = await OpenAsync("Member");
        await Assertions.Expect(page.Locator("[data-widget='dashboard.attention']")).ToBeVisibleAsync();
        await Assertions.Expect(page.Locator("[data-metric]")).ToHaveCountAsync(0);
    }
}
