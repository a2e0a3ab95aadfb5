using System.Diagnostics;
using System.Globalization;
using BlazorAdmin.Features.Monitor;
using Microsoft.Extensions.Logging.Abstractions;

namespace BlazorAdmin.Tests.Features.Monitor;

/// <summary>The collector on the machine that runs the tests, beside independent readings of the same files.</summary>
public sealed class HostCollectorTests : IDisposable
{
    private readonly HostCollector _collector = new("/", NullLogger<HostCollector>.Instance);
    private readonly float[] _row = new float[MetricCatalog.MaxColumns];

    public void Dispose() => _collector.Dispose();

    private static double Now => Stopwatch.GetTimestamp() / (double)Stopwatch.Frequency;

    private float this[string key] => _row[_collector.Catalog.Find(key).ShouldNotBeNull().Index];

    [Fact]
    public void Sample_SteadyMachine_AllocatesNothing()
    {
        for (var i = 0; i < 50; i++) _collector.Sample(_row, 1 + i * 0.1);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 200; i++) _collector.Sample(_row, 6 + i * 0.1);
        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBe(0);
    }

    [Fact]
    public void Sample_Memory_EqualsPlainReading()
    {
        _collector.Sample(_row, Now);
        var line = File.ReadAllText("/proc/meminfo").Split('\n').First(text => text.StartsWith("MemTotal:", StringComparison.Ordinal));
        var expected = long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) * 1024;
        this["memory.total"].ShouldBe(expected);
        this["memory.used"].ShouldBeInRange(1, expected);
    }

    [Fact]
    public void Sample_Cores_AreThoseOfTheMachine()
    {
        _collector.Sample(_row, Now);
        var expected = File.ReadAllLines("/proc/stat").Count(line => line.StartsWith("cpu", StringComparison.Ordinal)) - 1;
        _collector.Catalog.OfFamily(MetricFamily.Cpu).Count().ShouldBe(expected + 1);
    }

    [Fact]
    public async Task Sample_BusyThread_IsSeen()
    {
        using var stop = new CancellationTokenSource();
        var busy = new Thread(() =>
        {
            while (!stop.IsCancellationRequested) Thread.SpinWait(1000);
        });
        busy.Start();
        try
        {
            _collector.Sample(_row, Now);
            await Eventually.Holds(() =>
            {
                _collector.Sample(_row, Now);
                return this["cpu.total"] > 60f / Environment.ProcessorCount;
            });
        }
        finally
        {
            await stop.CancelAsync();
            busy.Join();
        }
    }

    [Fact]
    public void Sample_DiskWrites_AreSeenWhereThereIsADisk()
    {
        _collector.Sample(_row, Now);
        if (_collector.Catalog.Find("disk.total.write") is null) return;
        var path = Path.Combine(AppContext.BaseDirectory, $"written-{Guid.NewGuid():N}");
        try
        {
            using (var file = new FileStream(path, FileMode.CreateNew))
            {
                file.Write(new byte[4 << 20]);
                file.Flush(flushToDisk: true);
            }
            _collector.Sample(_row, Now);
            this["disk.total.write"].ShouldBeGreaterThan(0);
        }
        finally
        {
            File.Delete(path);
        }
    }
}
