namespace BlazorAdmin.E2E;

/// <summary>
/// A journey of one or more people through the portal. Keeps a trace of a failed one, and fails on a script error, a
/// Content-Security-Policy report, or a failed asset.
/// </summary>
public abstract class Journey(Portal portal) : IAsyncLifetime
{
    private static int _journeys;

    private readonly List<IBrowserContext> _contexts = [];
    private readonly List<string> _problems = [];

    protected Portal Portal => portal;

    /// <summary>Texts of console problems that the journey provokes itself.</summary>
    protected virtual bool IsExpected(string problem) => false;

    public Task InitializeAsync() => Task.CompletedTask;

    /// <summary>A new browser window of somebody with <paramref name="role"/>; null: nobody signed in.</summary>
    protected async Task<IPage> OpenAsync(string? role, string path = "/", ColorScheme scheme = ColorScheme.Light, int width = 1366, int height = 900, string locale = "en-GB")
    {
        var context = await Portal.Browser.NewContextAsync(new BrowserNewContextOptions
        {
            BaseURL = Portal.Address.ToString(),
            StorageState = role is null ? null : await Portal.SignedInAs(role),
            Locale = locale,
            TimezoneId = "Europe/Berlin",
            ColorScheme = scheme,
            ViewportSize = new ViewportSize { Width = width, Height = height },
            AcceptDownloads = true,
        });
        return await OpenInAsync(context, path);
    }

    protected async Task<IPage> OpenInAsync(IBrowserContext context, string path)
    {
        _contexts.Add(context);
        context.SetDefaultTimeout(30_000);
        await context.Tracing.StartAsync(new TracingStartOptions { Screenshots = true, Snapshots = true });
        var page = await context.NewPageAsync();
        page.Console += (_, message) =>
        {
            if (message.Type == "error" && !IsExpected(message.Text)) _problems.Add(message.Text);
        };
        page.PageError += (_, error) =>
        {
            if (!IsExpected(error)) _problems.Add(error);
        };
        await page.GotoAsync(path);
        return page;
    }

    public async Task DisposeAsync()
    {
        // A later journey of the same class must not write over the trace of one that failed.
        var name = $"{GetType().Name}-{Interlocked.Increment(ref _journeys)}";
        await File.WriteAllTextAsync(Path.Combine(Places.Results, $"{GetType().Name}-portal.log"), Portal.Process.Output);
        var number = 0;
        foreach (var context in _contexts)
        {
            await context.Tracing.StopAsync(new TracingStopOptions { Path = Path.Combine(Places.Results, $"{name}-{number++}.zip") });
            await context.DisposeAsync();
        }

        _problems.ShouldBeEmpty();
    }
}
