using System.Diagnostics;

namespace BlazorAdmin.Tests;

/// <summary>Waits for a state instead of for a time.</summary>
public static class Eventually
{
    public static readonly TimeSpan DefaultTimeout = TimeSpan.FromSeconds(60);

    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(20);

    public static Task Holds(Func<bool> condition, TimeSpan? timeout = null, string? because = null) =>
        Holds(() => Task.FromResult(condition()), timeout, because);

    /// <summary>Asks until the condition holds; an exception of the condition counts as "not yet" and is shown when the time is over.</summary>
    public static async Task Holds(Func<Task<bool>> condition, TimeSpan? timeout = null, string? because = null)
    {
        var limit = timeout ?? DefaultTimeout;
        var waited = Stopwatch.StartNew();
        Exception? last = null;
        using var timer = new PeriodicTimer(Interval);
        do
        {
            try
            {
                if (await condition())
                    return;
                last = null;
            }
            catch (Exception exception)
            {
                last = exception;
            }
        }
        while (waited.Elapsed < limit && await timer.WaitForNextTickAsync());

        throw new TimeoutException($"Not within {limit.TotalSeconds:0.#} s: {because ?? "the awaited state"}.", last);
    }

    /// <summary>Asks until there is a value, and returns it.</summary>
    public static async Task<T> Yields<T>(Func<Task<T?>> source, TimeSpan? timeout = null, string? because = null)
        where T : class
    {
        T? value = null;
        await Holds(async () => (value = await source()) is not null, timeout, because);
        return value!;
    }
}
