using BlazorAdmin.Features.Monitor;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace BlazorAdmin.Tests.Features.Monitor;

public sealed class CollectorServiceTests : IDisposable
{
    private readonly SampleRing _ring = new(6000);
    private readonly TickBroadcaster _broadcaster;
    private readonly HostCollector _collector = new("/", NullLogger<HostCollector>.Instance);
    private readonly Settings _settings = new();
    private readonly CollectorService _service;

    public CollectorServiceTests()
    {
        _broadcaster = new TickBroadcaster(_ring);
        _service = new CollectorService(_collector, _broadcaster, _settings, TimeProvider.System, NullLogger<CollectorService>.Instance);
    }

    public void Dispose()
    {
        _service.Dispose();
        _collector.Dispose();
    }

    [Fact]
    public async Task StartAsync_Running_FillsRingAndStops()
    {
        await _service.StartAsync(CancellationToken.None);
        await Eventually.Holds(() => _ring.Last >= 5);
        await _service.StopAsync(CancellationToken.None);
        var last = _ring.Last;
        _service.ExecuteTask!.IsCompletedSuccessfully.ShouldBeTrue();
        _broadcaster.Catalog.Metrics.ShouldNotBeEmpty();
        var times = new double[1];
        _ring.Read(last, 0, times, []);
        DateTimeOffset.FromUnixTimeMilliseconds((long)times[0]).ShouldBe(DateTimeOffset.UtcNow, TimeSpan.FromSeconds(30));
        _service.SinceLastSample.ShouldNotBeNull();
    }

    [Fact]
    public async Task Interval_ChangedWhileRunning_TakesEffect()
    {
        _settings.Set(10_000);
        await _service.StartAsync(CancellationToken.None);
        await Eventually.Holds(() => _ring.Last == 1);
        _settings.Set(50);
        await Eventually.Holds(() => _ring.Last >= 5);
        await _service.StopAsync(CancellationToken.None);
    }

    private sealed class Settings : IOptionsMonitor<MonitorOptions>
    {
        private Action<MonitorOptions, string?>? _changed;

        public MonitorOptions CurrentValue { get; private set; } = new();

        public MonitorOptions Get(string? name) => CurrentValue;

        public IDisposable? OnChange(Action<MonitorOptions, string?> listener)
        {
            _changed += listener;
            return null;
        }

        public void Set(int milliseconds)
        {
            CurrentValue = new MonitorOptions { IntervalMilliseconds = milliseconds };
            _changed?.Invoke(CurrentValue, null);
        }
    }
}
