using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Diagnostics;
using BlazorAdmin.Benchmarks.Figures;
using BlazorAdmin.Benchmarks.Hosting;
using BlazorAdmin.Benchmarks.Portal;

namespace BlazorAdmin.Benchmarks.Monitor;

/// <summary>Many people who watch the machine at ten samples a second, each over the circuit of their own page.</summary>
internal static class ViewerFigures
{
    private const int Viewers = 200;

    // As TickPayload writes it: mark, reserved, number, count of values, Unix time in milliseconds, values.
    private const uint Mark = 0x0001544c;
    private const int Header = 24;

    private static readonly TimeSpan Warm = TimeSpan.FromSeconds(45);
    private static readonly TimeSpan Watched = TimeSpan.FromSeconds(20);

    public static async Task MeasureAsync(FigureSink sink, ServedProgram program, HttpClient person, CancellationToken cancellation)
    {
        var alone = await ShareAsync(program, Watched, cancellation);
        sink.Say($"Viewers: {Viewers} circuits on {Pages.Charts}; without any the portal takes {alone:0.0} % of a core");
        await using var crowd = await CircuitCrowd.OpenAsync(person, new Uri(program.Address, Pages.Charts), Viewers, ready: null, cancellation);
        var lags = new ConcurrentBag<double>();
        foreach (var client in crowd.Clients)
            client.Streamed = bytes =>
            {
                if (bytes.Length >= Header && BinaryPrimitives.ReadUInt32LittleEndian(bytes) == Mark && bytes.Length == Header + (BinaryPrimitives.ReadInt32LittleEndian(bytes[12..]) * sizeof(float)))
                    lags.Add((DateTimeOffset.UtcNow - DateTimeOffset.UnixEpoch).TotalMilliseconds - BinaryPrimitives.ReadDoubleLittleEndian(bytes[16..]));
            };
        await Task.Delay(Warm, cancellation);
        FigureSpec[] specs =
        [
            new("monitor.viewers.cpu", "% of a core", Better.Lower) { Must = 6, Aim = 4.5, Peer = "the portal without viewers" },
            new("monitor.viewers.push.p50", "ms", Better.Lower),
            new("monitor.viewers.push.p99", "ms", Better.Lower) { Must = 15 },
            new("monitor.viewers.rate", "samples/s each", Better.Higher),
        ];
        await Runs.MeasureAsync(sink, specs, new LoopProbe(), Repetition.Few, async token =>
        {
            lags.Clear();
            var share = await ShareAsync(program, Watched, token);
            var taken = lags.ToArray();
            return new RunResult([share, Runs.Median(taken), Runs.Percentile(taken, 0.99), taken.Length / Watched.TotalSeconds / Viewers], [alone, double.NaN, double.NaN, double.NaN]);
        }, cancellation);
        await crowd.LeaveAsync(cancellation);
    }

    /// <summary>What a program computes, in percent of one core.</summary>
    internal static async Task<double> ShareAsync(ServedProgram program, TimeSpan time, CancellationToken cancellation)
    {
        var (before, start) = (program.ProcessorTime, Stopwatch.GetTimestamp());
        await Task.Delay(time, cancellation);
        return (program.ProcessorTime - before) / Stopwatch.GetElapsedTime(start) * 100;
    }
}
