using System.Text.Json;
using BlazorAdmin.Benchmarks.Hosting;
using Microsoft.Playwright;

namespace BlazorAdmin.Benchmarks.Portal;

/// <summary>What a browser with an empty cache fetches for a page, as it comes over the wire.</summary>
internal sealed class FirstLoad : IAsyncDisposable
{
    private static readonly string[] Flags = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"];
    private static readonly TimeSpan Settled = TimeSpan.FromSeconds(2);

    private readonly IPlaywright _playwright;
    private readonly IBrowser _browser;

    private FirstLoad(IPlaywright playwright, IBrowser browser) => (_playwright, _browser) = (playwright, browser);

    public static async Task<FirstLoad> StartAsync()
    {
        var playwright = await Playwright.CreateAsync();
        var browser = await playwright.Chromium.LaunchAsync(new BrowserTypeLaunchOptions { ExecutablePath = Environment.GetEnvironmentVariable("CHROMIUM") ?? "/usr/bin/chromium", Args = Flags });
        return new FirstLoad(playwright, browser);
    }

    /// <returns>Kilobytes over the wire with headers, kilobytes after decompression, and the answers in descending size.</returns>
    public async Task<(double Wire, double Decoded, IReadOnlyList<(string Path, double Kilobytes)> Parts)> MeasureAsync(Uri page, HttpClient signedIn, string shown)
    {
        await using var context = await NewContextAsync(page, signedIn);
        var tab = await context.NewPageAsync();
        var protocol = await context.NewCDPSessionAsync(tab);
        var paths = new Dictionary<string, string>();
        var sizes = new Dictionary<string, double>();
        var decoded = 0.0;
        protocol.Event("Network.requestWillBeSent").OnEvent += (_, e) => paths[Text(e, "requestId")] = e!.Value.GetProperty("request").GetProperty("url").GetString()!;
        protocol.Event("Network.loadingFinished").OnEvent += (_, e) => sizes[Text(e, "requestId")] = e!.Value.GetProperty("encodedDataLength").GetDouble();
        protocol.Event("Network.dataReceived").OnEvent += (_, e) => decoded += e!.Value.GetProperty("dataLength").GetDouble();
        await protocol.SendAsync("Network.enable");
        await tab.GotoAsync(page.AbsoluteUri);
        await tab.Locator(shown).First.WaitForAsync();
        // Scripts that a page imports when it is live come after the page itself.
        await tab.WaitForTimeoutAsync((float)Settled.TotalMilliseconds);
        var parts = sizes.Select(size => (new Uri(paths[size.Key]).AbsolutePath, size.Value / 1024)).OrderByDescending(part => part.Item2).ToList();
        return (sizes.Values.Sum() / 1024, decoded / 1024, parts);
    }

    /// <summary>A window of somebody who is signed in, with the page open.</summary>
    public async Task<IBrowserContext> OpenAsync(Uri page, HttpClient signedIn)
    {
        var context = await NewContextAsync(page, signedIn);
        await (await context.NewPageAsync()).GotoAsync(page.AbsoluteUri);
        return context;
    }

    public async ValueTask DisposeAsync()
    {
        await _browser.DisposeAsync();
        _playwright.Dispose();
    }

    private async Task<IBrowserContext> NewContextAsync(Uri page, HttpClient signedIn)
    {
        var context = await _browser.NewContextAsync(new BrowserNewContextOptions { Locale = "en-GB", ViewportSize = new ViewportSize { Width = 1440, Height = 900 } });
        await context.AddCookiesAsync(Cookies(page, signedIn));
        return context;
    }

    private static IEnumerable<Cookie> Cookies(Uri page, HttpClient signedIn) =>
        signedIn.DefaultRequestHeaders.GetValues("Cookie").SelectMany(header => header.Split("; ")).Select(cookie => cookie.Split('=', 2))
            .Select(pair => new Cookie { Name = pair[0], Value = pair[1], Url = page.GetLeftPart(UriPartial.Authority) });

    private static string Text(JsonElement? parameters, string name) => parameters!.Value.GetProperty(name).GetString()!;
}
