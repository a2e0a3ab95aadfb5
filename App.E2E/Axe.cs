using System.Text.Json;

namespace BlazorAdmin.E2E;

/// <summary>axe-core over what a page shows once it has come to rest.</summary>
internal static class Axe
{
    private static readonly string Script = File.ReadAllText(Path.Combine(Places.Repository, "node_modules", "axe-core", "axe.min.js"));

    /// <summary>What is half read has no width yet, and what is half faded in has other colours: waits until neither is there.</summary>
    public static async Task SettleAsync(IPage page)
    {
        await page.EvaluateAsync("() => document.fonts.ready");
        await Assertions.Expect(page.Locator("main .skeleton")).ToHaveCountAsync(0);
        await page.WaitForFunctionAsync("() => document.getAnimations().every(one => one.playState === 'finished' || one.effect.getComputedTiming().iterations === Infinity)");
    }

    /// <summary>Rule and places of everything serious or critical.</summary>
    public static async Task<IReadOnlyList<string>> ViolationsAsync(IPage page)
    {
        await SettleAsync(page);
        await page.EvaluateAsync(Script);
        var result = await page.EvaluateAsync<JsonElement>("() => axe.run(document, { resultTypes: ['violations'] })");
        return [.. result.GetProperty("violations").EnumerateArray()
            .Where(v => v.GetProperty("impact").GetString() is "serious" or "critical")
            .Select(v => $"{v.GetProperty("id").GetString()} at {string.Join(", ", v.GetProperty("nodes").EnumerateArray().Take(3).Select(n => n.GetProperty("target").ToString()))}")];
    }

    /// <summary>By how many pixels the page is wider than the window.</summary>
    public static Task<int> SidewaysAsync(IPage page) => page.EvaluateAsync<int>("() => document.documentElement.scrollWidth - document.documentElement.clientWidth");
}
