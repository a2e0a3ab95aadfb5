using System.Collections.Concurrent;
using System.Diagnostics;
using BlazorAdmin.Benchmarks.Circuits;

namespace BlazorAdmin.Benchmarks.Portal;

/// <summary>Clicks at a steady rate, spread over many open circuits.</summary>
internal static class ClickLoad
{
    public const int Circuits = 200;

    /// <summary>Clicks a second over all circuits together.</summary>
    public const int Rate = 100;

    private static readonly TimeSpan Duration = TimeSpan.FromSeconds(8);
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    /// <returns>The times in milliseconds, and the clicks a second that were reached.</returns>
    public static async Task<(IReadOnlyCollection<double> Times, double Rate)> RunAsync(CircuitCrowd crowd, ClickScript script, CancellationToken cancellation, int rate = Rate)
    {
        var period = TimeSpan.FromSeconds((double)crowd.Clients.Count / rate);
        // Everybody clicks once at least.
        var duration = period > Duration ? period : Duration;
        var times = new ConcurrentBag<double>();
        var start = Stopwatch.GetTimestamp();
        await Task.WhenAll(crowd.Clients.Select((client, index) => ClickAsync(client, script, period * index / crowd.Clients.Count, period, duration, start, times, cancellation)));
        return (times, times.Count / Stopwatch.GetElapsedTime(start).TotalSeconds);
    }

    private static async Task ClickAsync(
        CircuitClient client, ClickScript script, TimeSpan first, TimeSpan period, TimeSpan duration, long start, ConcurrentBag<double> times, CancellationToken cancellation)
    {
        // Evenly spread over the period; a click that comes late does not delay those that follow.
        for (var due = first; due < duration; due += period)
        {
            var wait = due - Stopwatch.GetElapsedTime(start);
            if (wait > TimeSpan.Zero) await Task.Delay(wait, cancellation);
            PageNode target;
            string? before;
            lock (client.Document!)
            {
                target = script.Target(client.Document) ?? throw new CircuitException($"{script.Path} has lost what is to be clicked.");
                before = script.Outcome(client.Document);
            }

            var time = await client.ClickAsync(target, document => script.Outcome(document) is { } now && now != before, Limit, cancellation);
            times.Add(time.TotalMilliseconds);
        }
    }
}
