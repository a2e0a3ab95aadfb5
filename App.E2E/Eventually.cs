using System.Diagnostics;

namespace BlazorAdmin.E2E;

/// <summary>Waits for a state instead of for a time.</summary>
public static class Eventually
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    /// <summary>Returns once <paramref name="condition"/> holds; a refused connection counts as "not yet".</summary>
    /// <exception cref="TimeoutException">It did not hold within <paramref name="limit"/> (30 s by default).</exception>
    public static async Task Holds(Func<Task<bool>> condition, TimeSpan? limit = null, string? what = null)
    {
        var watch = Stopwatch.StartNew();
        Exception? last = null;
        using var timer = new PeriodicTimer(Pause);
        do
        {
            try
            {
                if (await condition()) return;
            }
            catch (Exception exception) when (exception is HttpRequestException or TaskCanceledException)
            {
                last = exception;
            }
        }
        while (watch.Elapsed < (limit ?? TimeSpan.FromSeconds(30)) && await timer.WaitForNextTickAsync());
        throw new TimeoutException($"Not within {limit ?? TimeSpan.FromSeconds(30)}: {what ?? "the condition"}", last);
    }
}
