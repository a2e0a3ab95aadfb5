using System.Diagnostics;
using BlazorAdmin.Benchmarks.Figures;
using BlazorAdmin.Features.Monitor;
using BlazorAdmin.Features.Monitor.Store;
using Microsoft.Extensions.Logging.Abstractions;

namespace BlazorAdmin.Benchmarks.Monitor;

/// <summary>How small a minute of this machine's own samples gets, and what packing it costs.</summary>
internal static class StoreFigures
{
    private const int Samples = 600;

    public static async Task MeasureAsync(FigureSink sink, CancellationToken cancellation)
    {
        sink.Say("Store: a minute of this machine at 100 ms");
        FigureSpec[] specs =
        [
            new("monitor.store.sample", "B/sample", Better.Lower) { Must = 2.5, Peer = "float and time as they are" },
            new("monitor.store.second", "B/rollup", Better.Lower),
            new("monitor.store.cpu", "% of a core", Better.Lower),
        ];
        await Runs.MeasureAsync(sink, specs, new SizeProbe(), Repetition.Once, async token =>
        {
            var (times, columns) = await CollectAsync(token);
            var start = Stopwatch.GetTimestamp();
            var raw = columns.Sum(values => (long)RawChunk.Pack(values).Length) + ClockChunk.Pack(times, times[0]).Length;
            var rollups = columns.Select(values => MetricRollup.Of(times, values, MetricLevel.Second.Step())).ToList();
            var seconds = rollups.Sum(series => (long)RollupChunk.Pack(series, MetricLevels.Floor(times[0], MetricLevels.Minute), MetricLevel.Second.Step()).Length);
            var cost = Stopwatch.GetElapsedTime(start).TotalSeconds / 60 * 100;
            return new RunResult([raw / (double)(Samples * columns.Count), seconds / (double)rollups.Sum(series => series.Count), cost], [12, double.NaN, double.NaN]);
        }, cancellation);
    }

    private static async Task<(long[] Times, List<float[]> Columns)> CollectAsync(CancellationToken cancellation)
    {
        var row = new float[MetricCatalog.MaxColumns];
        using var collector = new HostCollector("/", NullLogger<HostCollector>.Instance);
        collector.Sample(row, Now());
        var times = new long[Samples];
        var columns = collector.Catalog.Metrics.Select(metric => (metric.Index, Values: new float[Samples])).ToList();
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(100));
        for (var sample = 0; sample < Samples; sample++)
        {
            await timer.WaitForNextTickAsync(cancellation);
            collector.Sample(row, Now());
            times[sample] = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds();
            foreach (var (index, values) in columns) values[sample] = row[index];
        }

        return (times, [.. columns.Select(column => column.Values)]);
    }

    private static double Now() => Stopwatch.GetTimestamp() / (double)Stopwatch.Frequency;
}
