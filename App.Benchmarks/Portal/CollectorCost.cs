using System.Diagnostics;
using BlazorAdmin.Benchmarks.Figures;
using BlazorAdmin.Features.Monitor;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Win32.SafeHandles;

namespace BlazorAdmin.Benchmarks.Portal;

/// <summary>What one sample of the machine costs, beside a plain read of the same files.</summary>
internal static class CollectorCost
{
    private const int Ticks = 500;
    private const int PacedTicks = 40;
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(50);

    public static async Task MeasureAsync(FigureSink sink, CancellationToken cancellation)
    {
        if (!OperatingSystem.IsLinux())
        {
            sink.Say("  the collector reads Linux only: left out");
            return;
        }

        var row = new float[MetricCatalog.MaxColumns];
        using var files = FilesOfEverySample(row);
        using var collector = new HostCollector("/", NullLogger<HostCollector>.Instance);
        collector.Sample(row, Now());
        sink.Say($"Collector: holds {files.Count} files open, {collector.Catalog.Width} metrics");

        await Runs.MeasureAsync(
            sink, new FigureSpec("portal.collector.tick", "us", Better.Lower) { Must = 60, Peer = "plain read of the same files" },
            new LoopProbe(), _ => Task.FromResult(Tick(collector, row, files)), cancellation);
        await Runs.MeasureAsync(
            sink, new FigureSpec("portal.collector.tick.paced", "us", Better.Lower) { Peer = "plain read of the same files" },
            new LoopProbe(), token => PacedTickAsync(collector, row, files, token), cancellation);
        await Runs.MeasureAsync(
            sink, new FigureSpec("portal.collector.allocation", "B/tick", Better.Lower) { Must = 0, Peer = "File.ReadAllText of the same files" },
            new SizeProbe(), _ => Task.FromResult(RunResult.Of(Allocated(() => collector.Sample(row, Now())), Allocated(files.ReadAsText))), cancellation);
    }

    /// <summary>Without those of the families that rest between samples: the peer reads all of its files each time.</summary>
    private static OpenFiles FilesOfEverySample(float[] row)
    {
        var options = new MonitorOptions();
        foreach (var resting in new[] { MetricFamily.Pressure, MetricFamily.System, MetricFamily.Swap, MetricFamily.DiskSpace, MetricFamily.Temperature, MetricFamily.CpuFrequency })
            options.Families[resting.ToString()] = false;
        using var collector = new HostCollector("/", NullLogger<HostCollector>.Instance, () => options);
        collector.Sample(row, Now());
        return OpenFiles.OfThisProcess();
    }

    /// <summary>One tick after the other, as such costs are usually stated.</summary>
    private static RunResult Tick(HostCollector collector, float[] row, OpenFiles files)
    {
        var own = new List<double>();
        var plain = new List<double>();
        for (var tick = 0; tick < Ticks; tick++)
        {
            own.Add(Microseconds(() => collector.Sample(row, Now())));
            plain.Add(Microseconds(files.Read));
        }

        return RunResult.Of(Runs.Median(own), Runs.Median(plain));
    }

    /// <summary>Ten a second, as in the portal: between two ticks the processor forgets the code, the data and its clock speed.</summary>
    private static async Task<RunResult> PacedTickAsync(HostCollector collector, float[] row, OpenFiles files, CancellationToken cancellation)
    {
        var own = new List<double>();
        var plain = new List<double>();
        using var timer = new PeriodicTimer(Interval);
        for (var tick = 0; tick < PacedTicks; tick++)
        {
            await timer.WaitForNextTickAsync(cancellation);
            own.Add(Microseconds(() => collector.Sample(row, Now())));
            await timer.WaitForNextTickAsync(cancellation);
            plain.Add(Microseconds(files.Read));
        }

        return RunResult.Of(Runs.Median(own), Runs.Median(plain));
    }

    private static double Microseconds(Action action)
    {
        var start = Stopwatch.GetTimestamp();
        action();
        return Stopwatch.GetElapsedTime(start).TotalMicroseconds;
    }

    private static double Allocated(Action action)
    {
        action();
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var tick = 0; tick < Ticks; tick++) action();
        return (GC.GetAllocatedBytesForCurrentThread() - before) / (double)Ticks;
    }

    private static double Now() => Stopwatch.GetTimestamp() / (double)Stopwatch.Frequency;

    /// <summary>The kernel's text files that this process has open: exactly those that the collector reads.</summary>
    private sealed class OpenFiles : IDisposable
    {
        private readonly string[] _paths;
        private readonly SafeFileHandle[] _handles;
        private readonly byte[] _buffer = new byte[1 << 16];

        private OpenFiles(string[] paths)
        {
            _paths = paths;
            _handles = [.. paths.Select(path => File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete))];
        }

        public int Count => _paths.Length;

        public static OpenFiles OfThisProcess() => new([.. Directory.EnumerateFiles("/proc/self/fd")
            .Select(handle => File.ResolveLinkTarget(handle, returnFinalTarget: false)?.FullName)
            .OfType<string>()
            .Where(path => path.StartsWith("/proc/", StringComparison.Ordinal) || path.StartsWith("/sys/", StringComparison.Ordinal))
            .Where(File.Exists)
            .Distinct()
            .Order(StringComparer.Ordinal)]);

        public void Read()
        {
            foreach (var handle in _handles)
                for (var length = 0; RandomAccess.Read(handle, _buffer.AsSpan(length), length) is var read and > 0;)
                    length += read;
        }

        public void ReadAsText()
        {
            foreach (var path in _paths) File.ReadAllText(path);
        }

        public void Dispose()
        {
            foreach (var handle in _handles) handle.Dispose();
        }
    }
}
