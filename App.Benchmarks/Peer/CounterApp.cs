namespace BlazorAdmin.Benchmarks.Peer;

/// <summary>Serves the counter page in a process of its own.</summary>
internal static class CounterApp
{
    /// <summary>The hidden word of the command line that starts it.</summary>
    public const string Verb = "serve-counter";

    public static async Task<int> RunAsync(string[] args)
    {
        var builder = WebApplication.CreateBuilder(args);
        builder.Logging.SetMinimumLevel(LogLevel.Warning);
        builder.Services.AddRazorComponents().AddInteractiveServerComponents();
        await using var app = builder.Build();
        app.UseAntiforgery();
        app.MapGet("/ready", () => "ready");
        app.MapRazorComponents<CounterDocument>().AddInteractiveServerRenderMode();
        await app.RunAsync();
        return 0;
    }
}
