using System.Diagnostics;

namespace BlazorAdmin.Benchmarks.Figures;

/// <summary>Steps of a dependent integer loop on one core, in millions a second.</summary>
public sealed class LoopProbe : IProbe
{
    private const int Steps = 20_000_000;

    public string Name => "loop M/s";

    public double Reference => 600;

    public Task<double> ReadAsync(CancellationToken cancellation)
    {
        var start = Stopwatch.GetTimestamp();
        var state = 0x9E3779B97F4A7C15UL;
        for (var step = 0; step < Steps; step++)
        {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
        }

        var elapsed = Stopwatch.GetElapsedTime(start);
        // The result is used, so that the loop cannot be left out; xorshift never reaches zero.
        return Task.FromResult(state == 0 ? 0 : Steps / elapsed.TotalSeconds / 1e6);
    }
}
