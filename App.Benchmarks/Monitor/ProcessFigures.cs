using System.ComponentModel;
using System.Diagnostics;
using BlazorAdmin.Benchmarks.Figures;
using BlazorAdmin.Features.Monitor.Processes;

namespace BlazorAdmin.Benchmarks.Monitor;

/// <summary>One walk of the machine's processes, beside the framework's own.</summary>
internal static class ProcessFigures
{
    private const int Walks = 30;

    public static async Task MeasureAsync(FigureSink sink, CancellationToken cancellation)
    {
        using var sampler = new ProcessSampler("/");
        var count = Walk(sampler);
        sink.Say($"Processes: {count}");
        FigureSpec[] specs =
        [
            new("monitor.processes", "ms", Better.Lower) { Peer = "Process.GetProcesses with processor time and memory" },
            new("monitor.processes.each", "us/process", Better.Lower) { Must = 15 },
        ];
        await Runs.MeasureAsync(sink, specs, new LoopProbe(), _ =>
        {
            var own = new List<double>();
            var framework = new List<double>();
            for (var walk = 0; walk < Walks; walk++)
            {
                own.Add(Milliseconds(() => count = Walk(sampler)));
                framework.Add(Milliseconds(Framework));
            }

            return Task.FromResult(new RunResult([Runs.Median(own), Runs.Median(own) * 1000 / Math.Max(1, count)], [Runs.Median(framework), double.NaN]));
        }, cancellation);
    }

    private static int Walk(ProcessSampler sampler) => sampler.Sample(Stopwatch.GetTimestamp() / (double)Stopwatch.Frequency, DateTimeOffset.UtcNow).Processes.Count;

    private static void Framework()
    {
        foreach (var process in Process.GetProcesses())
        {
            using (process)
            {
                try
                {
                    _ = process.TotalProcessorTime + TimeSpan.FromTicks(process.WorkingSet64);
                }
                catch (Exception exception) when (exception is InvalidOperationException or Win32Exception or IOException)
                {
                    continue; // it ended meanwhile
                }
            }
        }
    }

    private static double Milliseconds(Action action)
    {
        var start = Stopwatch.GetTimestamp();
        action();
        return Stopwatch.GetElapsedTime(start).TotalMilliseconds;
    }
}
