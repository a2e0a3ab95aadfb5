using System.Diagnostics;

namespace BlazorAdmin.Benchmarks.Figures;

/// <summary>Repeats a measurement, each time between two readings of a probe, and makes figures of the medians.</summary>
public static class Runs
{
    public const int Count = 5;

    // A run on a busy machine is repeated; more than this and the machine is simply busy.
    private const int MostRuns = 2 * Count;
    private const int LeastCounted = 3;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    /// <summary>Measures one figure.</summary>
    public static Task MeasureAsync(FigureSink sink, FigureSpec spec, IProbe probe, Func<CancellationToken, Task<RunResult>> run, CancellationToken cancellation) =>
        MeasureAsync(sink, [spec], probe, run, cancellation);

    /// <summary>Measures several figures that come from the same runs.</summary>
    public static async Task MeasureAsync(FigureSink sink, FigureSpec[] specs, IProbe probe, Func<CancellationToken, Task<RunResult>> run, CancellationToken cancellation)
    {
        var all = new List<(RunResult Result, ProbeReading Probe)>();
        while (all.Count < MostRuns && all.Count(r => r.Probe.Counts) < Count)
        {
            var before = await WaitForQuietAsync(probe, cancellation);
            var result = await run(cancellation);
            var after = await probe.ReadAsync(cancellation);
            var reading = new ProbeReading(probe.Name, Math.Min(before, after), probe.Reference);
            if (!reading.Counts) sink.Say($"  a run of {specs[0].Name} is void: {reading.Name} {reading.Value:N0}, {reading.Share:P0} of a quiet machine");
            all.Add((result, reading));
        }

        var counted = all.FindAll(r => r.Probe.Counts);
        var isVoid = counted.Count < LeastCounted;
        if (isVoid) counted = all;
        for (var index = 0; index < specs.Length; index++)
        {
            var spec = specs[index];
            var peer = Median(counted.Select(r => r.Result.PeerValues[index]));
            sink.Add(new Figure(
                spec.Name, Median(counted.Select(r => r.Result.Values[index])), spec.Unit, spec.Better, spec.Must, spec.Aim,
                spec.Peer, spec.Peer is null || double.IsNaN(peer) ? null : peer,
                new ProbeReading(probe.Name, Median(counted.Select(r => r.Probe.Value)), probe.Reference), isVoid));
        }
    }

    /// <summary>Others who use the machine are often done in a moment; after a minute the run begins whatever the probe says.</summary>
    private static async Task<double> WaitForQuietAsync(IProbe probe, CancellationToken cancellation)
    {
        var start = Stopwatch.GetTimestamp();
        while (true)
        {
            var reading = await probe.ReadAsync(cancellation);
            if (new ProbeReading(probe.Name, reading, probe.Reference).Counts || Stopwatch.GetElapsedTime(start) > Patience) return reading;
            await Task.Delay(TimeSpan.FromSeconds(1), cancellation);
        }
    }

    /// <summary>The value below which the share <paramref name="share"/> of them lies (nearest rank); NaN of none.</summary>
    public static double Percentile(IEnumerable<double> values, double share)
    {
        var sorted = values.Order().ToArray();
        return sorted.Length == 0 ? double.NaN : sorted[Math.Clamp((int)Math.Ceiling(share * sorted.Length) - 1, 0, sorted.Length - 1)];
    }

    public static double Median(IEnumerable<double> values) => Percentile(values, 0.5);
}
