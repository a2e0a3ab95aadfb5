using System.Diagnostics;
using System.Globalization;
using BlazorAdmin.Benchmarks.Figures;
using BlazorAdmin.Features.Monitor;
using Microsoft.Extensions.Logging.Abstractions;

namespace BlazorAdmin.Benchmarks.Monitor;

/// <summary>One sample of all families, beside psutil reading processors, memory, disks and network.</summary>
internal static class TickFigures
{
    private const int Ticks = 500;

    // Debian's own, for which python3-psutil is; another one on the path would not find it.
    private static readonly string Python = File.Exists("/usr/bin/python3") ? "/usr/bin/python3" : "python3";

    private const string Peer = """
        import time, psutil
        took = []
        for _ in range(300):
            start = time.perf_counter_ns()
            psutil.cpu_percent(percpu=True); psutil.virtual_memory(); psutil.net_io_counters(); psutil.disk_io_counters()
            took.append(time.perf_counter_ns() - start)
        took.sort()
        print(took[len(took) // 2] / 1000)
        """;

    public static async Task MeasureAsync(FigureSink sink, CancellationToken cancellation)
    {
        var row = new float[MetricCatalog.MaxColumns];
        using var collector = new HostCollector("/", NullLogger<HostCollector>.Instance);
        collector.Sample(row, Now());
        sink.Say($"Collector: {collector.Catalog.Width} metrics of the machine");
        await Runs.MeasureAsync(
            sink, [new FigureSpec("monitor.tick.p50", "us", Better.Lower) { Must = 60, Peer = "psutil, four calls (python3-psutil)" }, new FigureSpec("monitor.tick.p99", "us", Better.Lower)], new LoopProbe(),
            async token =>
            {
                var took = new double[Ticks];
                for (var tick = 0; tick < Ticks; tick++)
                {
                    var start = Stopwatch.GetTimestamp();
                    collector.Sample(row, Now());
                    took[tick] = Stopwatch.GetElapsedTime(start).TotalMicroseconds;
                }

                return new RunResult([Runs.Median(took), Runs.Percentile(took, 0.99)], [await PeerAsync(token), double.NaN]);
            }, cancellation);
    }

    /// <summary>NaN where the peer is not installed.</summary>
    private static async Task<double> PeerAsync(CancellationToken cancellation)
    {
        try
        {
            using var python = Process.Start(new ProcessStartInfo(Python) { ArgumentList = { "-c", Peer }, RedirectStandardOutput = true, RedirectStandardError = true })!;
            var text = await python.StandardOutput.ReadToEndAsync(cancellation);
            await python.WaitForExitAsync(cancellation);
            return double.TryParse(text, CultureInfo.InvariantCulture, out var microseconds) ? microseconds : double.NaN;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return double.NaN;
        }
    }

    private static double Now() => Stopwatch.GetTimestamp() / (double)Stopwatch.Frequency;
}
