using System.Diagnostics;

namespace BlazorAdmin.Benchmarks.Figures;

/// <summary>Repeats a measurement, each time between two readings of a probe, and makes figures of the medians.</summary>
public static class Runs
{
    /// <summary>Measures one figure.</summary>
    public static Task MeasureAsync(FigureSink sink, FigureSpec spec, IProbe probe, Func<CancellationToken, Task<RunResult>> run, CancellationToken cancellation) =>
        MeasureAsync(sink, [spec], probe, run, cancellation);

    /// <inheritdoc cref="MeasureAsync(FigureSink, FigureSpec[], IProbe, Repetition, Func{CancellationToken, Task{RunResult}}, CancellationToken)"/>
    public static Task MeasureAsync(FigureSink sink, FigureSpec[] specs, IProbe probe, Func<CancellationToken, Task<RunResult>> run, CancellationToken cancellation) =>
        MeasureAsync(sink, specs, probe, Repetition.Usual, run, cancellation);

    /// <summary>Measures several figures that come from the same runs.</summary>
    public static async Task MeasureAsync(
        FigureSink sink, FigureSpec[] specs, IProbe probe, Repetition repetition, Func<CancellationToken, Task<RunResult>> run, CancellationToken cancellation)
    {
        var all = new List<(RunResult Result, ProbeReading Probe)>();
        while (all.Count < repetition.Most && all.Count(r => r.Probe.Counts) < repetition.Count)
        {
            var before = await WaitForQuietAsync(probe, repetition.Patience, cancellation);
            var result = await run(cancellation);
            var after = await probe.ReadAsync(cancellation);
            var reading = new ProbeReading(probe.Name, Math.Min(before, after), probe.Reference);
            if (!reading.Counts) sink.Say($"  a run of {specs[0].Name} is void: {reading.Name} {reading.Value:N0}, {reading.Share:P0} of a quiet machine");
            all.Add((result, reading));
        }

        var counted = all.FindAll(r => r.Probe.Counts);
        var isVoid = counted.Count < repetition.Least;
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

    /// <summary>Others who use the machine are often done in a moment.</summary>
    private static async Task<double> WaitForQuietAsync(IProbe probe, TimeSpan patience, CancellationToken cancellation)
    {
        var start = Stopwatch.GetTimestamp();
        while (true)
        {
            var reading = await probe.ReadAsync(cancellation);
            if (new ProbeReading(probe.Name, reading, probe.Reference).Counts || Stopwatch.GetElapsedTime(start) > patience) return reading;
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
