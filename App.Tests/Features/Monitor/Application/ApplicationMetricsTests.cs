using System.Diagnostics;
using System.Diagnostics.Metrics;
using BlazorAdmin.Features.Documents.Reading;
using BlazorAdmin.Features.Jobs;
using BlazorAdmin.Features.Monitor;
using BlazorAdmin.Features.Monitor.Application;
using Microsoft.Extensions.Logging.Abstractions;

namespace BlazorAdmin.Tests.Features.Monitor.Application;

/// <summary>The listener on real meters. Other tests of this process measure too, so what is expected stands out from theirs.</summary>
[Collection(Alone.Name)]
public sealed class ApplicationMetricsTests : IDisposable
{
    private readonly FixedOptions _options = new();
    private readonly ApplicationMetrics _metrics;
    private double _now = 100;

    public ApplicationMetricsTests()
    {
        _metrics = new ApplicationMetrics(_options, TimeProvider.System, NullLogger<ApplicationMetrics>.Instance);
        _metrics.Listen();
        _metrics.Collect(_now);
    }

    public void Dispose() => _metrics.Dispose();

    private float this[string key]
    {
        get
        {
            var slot = _metrics.Slots.Single(one => one.Metrics.Any(metric => metric.Key == key));
            return _metrics.Values[slot.Offset + slot.Metrics.Select(metric => metric.Key).ToList().IndexOf(key)];
        }
    }

    private void Collect(double elapsed) => _metrics.Collect(_now += elapsed);

    [Fact]
    public void Runtime_MemoryAndThreads_AgreeWithTheProcess()
    {
        Measured.Agrees(() =>
        {
            Collect(1);
            this["app.memory"].ShouldBe(Environment.WorkingSet, Environment.WorkingSet * 0.3f);
            this["app.threadpool.threads"].ShouldBeInRange(0, 1000);
            GC.Collect();
            Collect(1);
            // Of the last collection, with the gaps that other tests' objects left in it.
            long heap = 0;
            foreach (var generation in GC.GetGCMemoryInfo(GCKind.Any).GenerationInfo) heap += generation.SizeAfterBytes;
            this["app.gc.heap"].ShouldBe(heap, heap * 0.3f);
        });
    }

    [Fact]
    public void Runtime_AllocationsAndExceptions_AreRates()
    {
        for (var i = 0; i < 50; i++)
        {
            GC.KeepAlive(new byte[1 << 20]);
            Should.Throw<InvalidOperationException>(() => throw new InvalidOperationException());
        }
        Collect(2);
        this["app.gc.allocated"].ShouldBeGreaterThan((50 << 20) / 2 * 0.9f);
        this["app.exceptions.rate"].ShouldBeGreaterThanOrEqualTo(25);
    }

    [Fact]
    public void Runtime_BusyThread_IsOneCore()
    {
        Measured.Agrees(() =>
        {
            Collect(0.1);
            var watch = Stopwatch.StartNew();
            while (watch.Elapsed < TimeSpan.FromSeconds(0.5)) Thread.SpinWait(1000);
            Collect(watch.Elapsed.TotalSeconds);
            // Half a second is asked for, and the machine may be busy with others.
            this["app.cpu"].ShouldBeInRange(0.1f, Environment.ProcessorCount * 1.5f);
        });
    }

    [Fact]
    public void Jobs_RunsThatSucceedAndFail_AreCountedAndTimed()
    {
        for (var i = 0; i < 2000; i++) JobsMeter.Ran("test.job", i % 4 == 0 ? JobOutcome.Failed : JobOutcome.Succeeded, TimeSpan.FromSeconds(300));
        Collect(10);
        this["app.jobs.rate"].ShouldBeGreaterThanOrEqualTo(200);
        this["app.jobs.failed.rate"].ShouldBeInRange(50, 60);
        this["app.jobs.p95"].ShouldBe(300e6f, 3.1e6f);
    }

    [Fact]
    public void Documents_Readings_AreCountedAndTimed()
    {
        for (var i = 0; i < 1000; i++) ReadingMeter.Read(i % 2 == 0 ? ReadOutcome.TimedOut : ReadOutcome.Damaged, TimeSpan.FromSeconds(200));
        Collect(10);
        this["app.conversions.rate"].ShouldBeGreaterThanOrEqualTo(100);
        this["app.conversions.failed.rate"].ShouldBeGreaterThanOrEqualTo(50);
        this["app.conversions.p95"].ShouldBe(200e6f, 2.1e6f);
    }

    [Fact]
    public void Requests_OpenPages_AreNotTimedAsRequests()
    {
        using var meter = new Meter("Microsoft.AspNetCore.Hosting");
        var durations = meter.CreateHistogram<double>("http.server.request.duration", "s");
        for (var i = 0; i < 2000; i++)
        {
            durations.Record(700, new("http.response.status_code", 101), new("http.route", "/_blazor"));
            durations.Record(700, new("http.response.status_code", 200), new("http.route", "/_blazor/negotiate"));
            durations.Record(50, new KeyValuePair<string, object?>("http.response.status_code", 200));
        }
        Collect(1);
        this["app.requests.p95"].ShouldBe(50e6f, 0.6e6f);
        this["app.requests.rate"].ShouldBeInRange(2000, 3000);
    }

    [Fact]
    public void Circuits_OpenedAndClosed_AreALevel()
    {
        using var meter = new Meter("Microsoft.AspNetCore.Components.Server.Circuits");
        var active = meter.CreateUpDownCounter<long>("aspnetcore.components.circuit.active");
        Collect(1);
        var before = this["app.circuits.active"];
        active.Add(7);
        active.Add(-2);
        Collect(1);
        (this["app.circuits.active"] - before).ShouldBe(5);
        Collect(1);
        (this["app.circuits.active"] - before).ShouldBe(5);
    }

    [Fact]
    public void Record_Steady_AllocatesNothing()
    {
        var span = TimeSpan.FromMilliseconds(3);
        for (var i = 0; i < 100; i++) JobsMeter.Ran("test.job", JobOutcome.Succeeded, span);
        Measured.Agrees(() =>
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            for (var i = 0; i < 1000; i++) JobsMeter.Ran("test.job", JobOutcome.Succeeded, span);
            (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBe(0);
        });
    }

    [Fact]
    public async Task Start_Running_FillsColumnsOfTheCatalog()
    {
        using var metrics = new ApplicationMetrics(_options, TimeProvider.System, NullLogger<ApplicationMetrics>.Instance);
        using var collector = new HostCollector("/nowhere", NullLogger<HostCollector>.Instance, () => _options.CurrentValue, new ApplicationReader(metrics));
        var row = new float[MetricCatalog.MaxColumns];
        await metrics.StartAsync(CancellationToken.None);
        var now = 0.0;
        await Eventually.Holds(() =>
        {
            collector.Sample(row, now += 0.1);
            return collector.Catalog.Find("app.memory") is { } memory && row[memory.Index] > 1e6 && row[collector.Catalog.Find("app.cpu")!.Index] >= 0;
        });
        collector.Catalog.Find("cpu.total").ShouldBeNull();
        await metrics.StopAsync(CancellationToken.None);
        metrics.ExecuteTask!.IsCompletedSuccessfully.ShouldBeTrue();
    }

    [Fact]
    public void Catalog_InstrumentAppearsLater_GetsItsColumn()
    {
        using var collector = new HostCollector("/nowhere", NullLogger<HostCollector>.Instance, () => _options.CurrentValue, new ApplicationReader(_metrics));
        var row = new float[MetricCatalog.MaxColumns];
        collector.Sample(row, 1);
        using var meter = new Meter("Microsoft.AspNetCore.Components");
        meter.CreateHistogram<double>("aspnetcore.components.handle_event.duration", "s");
        Collect(1);
        collector.Sample(row, 1.1);
        collector.Sample(row, 1.2);
        row[collector.Catalog.Find("app.event.rate").ShouldNotBeNull().Index].ShouldBeGreaterThanOrEqualTo(0);
        for (var i = 0; i < 20; i++) collector.Sample(row, 2 + i * 0.1);
        var now = 5.0;
        Measured.Agrees(() =>
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            for (var i = 0; i < 100; i++) collector.Sample(row, now += 0.1);
            (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBe(0);
        });
    }
}
