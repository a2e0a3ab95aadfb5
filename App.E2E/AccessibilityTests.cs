using System.Text.Json;

namespace BlazorAdmin.E2E;

/// <summary>axe-core finds nothing serious on any page, in both themes, wide and narrow, and no page scrolls sideways.</summary>
[Collection(PortalCollection.Name)]
public sealed class AccessibilityTests(Portal portal) : Journey(portal)
{
    private static readonly string[] Pages =
        ["/", "/documents", "/notifications", "/about", "/account", "/account/password", "/account/sessions", "/admin/documents", "/admin/jobs", "/admin/jobs/queues", "/admin/jobs/queues?type=documents.read", "/admin/jobs/workers", "/admin/jobs/statistics", "/admin/schedules", "/admin/monitor", "/admin/users", "/admin/users/new", "/admin/roles", "/admin/audit", "/admin/tokens", "/admin/logs", "/admin/health"];

    private static readonly string Axe = File.ReadAllText(Path.Combine(Places.Repository, "node_modules", "axe-core", "axe.min.js"));

    // The script that looks for violations comes from outside and would itself be refused.
    protected override bool IsExpected(string problem) => problem.Contains("404", StringComparison.Ordinal) || problem.Contains("403", StringComparison.Ordinal);

    [Theory]
    [InlineData(ColorScheme.Light, 1366)]
    [InlineData(ColorScheme.Dark, 1366)]
    [InlineData(ColorScheme.Light, 360)]
    [InlineData(ColorScheme.Dark, 360)]
    public async Task Pages_CheckedWithAxe_HaveNothingSerious(ColorScheme scheme, int width)
    {
        var found = new List<string>();
        var page = await OpenAsync("Administrator", "/documents", scheme, width);
        await new DocumentsView(page).UploadAsync($"axe-{scheme}-{width}.pdf", SamplePdf.WithText("to be looked at"));
        foreach (var path in Pages.Append("/no-such-page"))
        {
            await page.GotoAsync(path);
            await page.GetByRole(AriaRole.Heading, new() { Level = 1 }).First.WaitForAsync();
            await page.EvaluateAsync("() => document.fonts.ready.then(() => new Promise(requestAnimationFrame))");
            // What is still being read has no width yet.
            await Assertions.Expect(page.Locator("main .skeleton")).ToHaveCountAsync(0);
            found.AddRange(await CheckAsync(page, path));
            if (await SidewaysAsync(page) is > 0 and var pixels) found.Add($"{path}: scrolls sideways by {pixels} px");
        }

        found.ShouldBeEmpty();
    }

    [Theory]
    [InlineData(ColorScheme.Light)]
    [InlineData(ColorScheme.Dark)]
    public async Task SignIn_CheckedWithAxe_HasNothingSerious(ColorScheme scheme)
    {
        var page = await OpenAsync(null, "/account/login", scheme);
        (await CheckAsync(page, "/account/login")).ShouldBeEmpty();
    }

    /// <summary>By how many pixels the page is wider than the window.</summary>
    private static Task<int> SidewaysAsync(IPage page) => page.EvaluateAsync<int>("() => document.documentElement.scrollWidth - document.documentElement.clientWidth");

    private static async Task<IEnumerable<string>> CheckAsync(IPage page, string path)
    {
        await page.EvaluateAsync(Axe);
        var result = await page.EvaluateAsync<JsonElement>("() => axe.run(document, { resultTypes: ['violations'] })");
        return [.. result.GetProperty("violations").EnumerateArray()
            .Where(v => v.GetProperty("impact").GetString() is "serious" or "critical")
            .Select(v => $"{path}: {v.GetProperty("id").GetString()} at {string.Join(", ", v.GetProperty("nodes").EnumerateArray().Take(3).Select(n => n.GetProperty("target").ToString()))}")];
    }
}
