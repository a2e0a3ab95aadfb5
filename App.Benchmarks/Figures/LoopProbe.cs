using System.Diagnostics;

namespace BlazorAdmin.Benchmarks.Figures;

/// <summary>Steps of a dependent integer loop in millions a second, on every core at once: the slowest of them.</summary>
public sealed class LoopProbe : IProbe
{
    private const int Steps = 20_000_000;

    public string Name => "loop M/s";

    public double Reference => 600;

    public async Task<double> ReadAsync(CancellationToken cancellation)
    {
        var cores = Enumerable.Range(0, Environment.ProcessorCount).Select(_ => Task.Factory.StartNew(Loop, cancellation, TaskCreationOptions.LongRunning, TaskScheduler.Default));
        return (await Task.WhenAll(cores)).Min();
    }

    private static double Loop()
    {
        var start = Stopwatch.GetTimestamp();
        var state = 0x9E3779B97F4A7C15UL;
        for (var step = 0; step < Steps; step++)
        {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
        }

        // The result is used, so that the loop cannot be left out; xorshift never reaches zero.
        return state == 0 ? 0 : Steps / Stopwatch.GetElapsedTime(start).TotalSeconds / 1e6;
    }
}
