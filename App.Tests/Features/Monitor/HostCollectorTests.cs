using System.Diagnostics;
using System.Globalization;
using BlazorAdmin.Features.Monitor;
using Microsoft.Extensions.Logging.Abstractions;

namespace BlazorAdmin.Tests.Features.Monitor;

/// <summary>The collector on the machine that runs the tests, beside independent readings of the same files.</summary>
[Collection(Alone.Name)]
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
        var now = 1.0;
        for (var i = 0; i < 50; i++) _collector.Sample(_row, now += 0.1);
        // A disk, an interface or a mount that appears meanwhile costs once.
        Measured.Agrees(() =>
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            for (var i = 0; i < 200; i++) _collector.Sample(_row, now += 0.1);
            (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBe(0);
        });
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
        _collector.Catalog.OfFamily(MetricFamily.Cpu).Count(metric => metric.Device is not null).ShouldBe(expected);
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

    [HostMetricFact("disk.total.write")]
    public void Sample_DiskWrites_AreSeenWhereThereIsADisk()
    {
        _collector.Sample(_row, Now);
        var path = Path.Combine(AppContext.BaseDirectory, $"written-{Guid.NewGuid():N}");
        try
        {
            Measured.Agrees(() =>
            {
                using (var file = new FileStream(path, FileMode.Create))
                {
                    file.Write(new byte[4 << 20]);
                    file.Flush(flushToDisk: true);
                }
                _collector.Sample(_row, Now);
                this["disk.total.write"].ShouldBeGreaterThan(0);
            });
        }
        finally
        {
            File.Delete(path);
        }
    }

    [HostMetricFact("space./.total")]
    public void Sample_Space_EqualsWhatStatSays()
    {
        _collector.Sample(_row, Now);
        Measured.Agrees(() =>
        {
            _collector.Sample(_row, Now);
            var said = Run("stat", "-f", "-c", "%b %a %S", "/").Split(' ').Select(number => double.Parse(number, CultureInfo.InvariantCulture)).ToArray();
            this["space./.total"].ShouldBe((float)(said[0] * said[2]), (float)(said[0] * said[2] * 0.001));
            this["space./.used"].ShouldBe((float)((said[0] - said[1]) * said[2]), (float)(said[0] * said[2] * 0.01));
        });
    }

    [Fact]
    public void Sample_ContextSwitches_AgreeWithAwk()
    {
        Measured.Agrees(() =>
        {
            _collector.Sample(_row, Now);
            var (began, before) = (Now, Switches());
            // Something to count, and time for the family's next reading.
            while (Now - began < 1.1) Run("true");
            var (ended, after) = (Now, Switches());
            _collector.Sample(_row, Now);
            this["system.switches"].ShouldBe((float)((after - before) / (ended - began)), (float)((after - before) / (ended - began) * 0.5));
        });
    }

    [Fact]
    public void Sample_CpuStates_AgreeWithAwk()
    {
        Measured.Agrees(() =>
        {
            var before = States();
            _collector.Sample(_row, Now);
            var began = Now;
            while (Now - began < 1.0) Thread.SpinWait(1000);
            _collector.Sample(_row, Now);
            var after = States();
            var all = after.Zip(before, (late, early) => late - early).Sum();
            // A tenth of the time lies between the two pairs of readings at most.
            this["cpu.state.user"].ShouldBe((float)((after[0] - before[0]) / all * 100), 10f);
            this["cpu.state.system"].ShouldBe((float)((after[2] - before[2]) / all * 100), 10f);
        });
    }

    [Fact]
    public void Sample_SlowFamilies_KeepTheirValuesBetween()
    {
        using var host = new HostFolder();
        host.Write("sys/class/thermal/thermal_zone0/temp", "30000\n").Write("sys/class/thermal/thermal_zone0/type", "cpu\n").Sample(10);
        host.Write("sys/class/thermal/thermal_zone0/temp", "40000\n");
        host.Sample(10.1);
        host["temperature.cpu"].ShouldBe(30f);
        host.Sample(16);
        host["temperature.cpu"].ShouldBe(40f);
    }

    [Fact]
    public void Families_SwitchedOffAndOnWhileRunning_GoAndComeAtOnce()
    {
        using var host = new HostFolder();
        host.Write("proc/loadavg", "0.09 1.20 12.12 4/108 6695\n").Sample(10);
        var column = host.Catalog.Find("load.1")!.Index;
        host.Options = new MonitorOptions { Families = { ["load"] = false } };
        host.Sample(10.1);
        host.Catalog.Find("load.1").ShouldBeNull();
        host.Options = new MonitorOptions();
        host.Sample(10.2);
        host.Catalog.Find("load.1")!.Index.ShouldBe(column);
        host["load.1"].ShouldBe(0.09f);
    }

    [Fact]
    public void SlowSeconds_ChangedWhileRunning_TakesEffect()
    {
        using var host = new HostFolder();
        host.Options = new MonitorOptions { SlowSeconds = 300 };
        host.Write("sys/class/thermal/thermal_zone0/temp", "30000\n").Write("sys/class/thermal/thermal_zone0/type", "cpu\n").Sample(10).Sample(400);
        host.Write("sys/class/thermal/thermal_zone0/temp", "40000\n").Sample(410);
        host["temperature.cpu"].ShouldBe(30f);
        host.Options = new MonitorOptions { SlowSeconds = 1 };
        host.Sample(411).Sample(411.1);
        host["temperature.cpu"].ShouldBe(40f);
    }

    [Fact]
    public void Collector_MeasuresItself()
    {
        _collector.Sample(_row, 10);
        this["collector.duration"].ShouldBe(float.NaN);
        _collector.Sample(_row, 10.15);
        this["collector.duration"].ShouldBeGreaterThan(0);
        this["collector.interval"].ShouldBe(150_000f, 1f);
    }

    private static double Switches() => double.Parse(Run("awk", "/^ctxt/ { print $2 }", "/proc/stat"), CultureInfo.InvariantCulture);

    private static double[] States() =>
        [.. Run("awk", "/^cpu / { print $2, $3, $4, $5, $6, $7, $8, $9 }", "/proc/stat").Split(' ').Select(ticks => double.Parse(ticks, CultureInfo.InvariantCulture))];

    private static string Run(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true })!;
        var text = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return text.Trim();
    }
}
