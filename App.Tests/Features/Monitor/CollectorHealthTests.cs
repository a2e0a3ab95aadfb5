using BlazorAdmin.Features.Monitor;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace BlazorAdmin.Tests.Features.Monitor;

public sealed class CollectorHealthTests
{
    [Fact]
    public async Task Check_SamplesStopComing_Degrades()
    {
        var time = new FakeTime();
        using var collector = new HostCollector("/", NullLogger<HostCollector>.Instance);
        var broadcaster = new TickBroadcaster(new SampleRing(100));
        var options = new Fixed();
        using var service = new CollectorService(collector, broadcaster, options, time, NullLogger<CollectorService>.Instance);
        var check = new CollectorHealth(service, broadcaster, options);
        (await check.CheckHealthAsync(new HealthCheckContext())).Status.ShouldBe(HealthStatus.Degraded);

        await service.StartAsync(CancellationToken.None);
        await Eventually.Holds(() => broadcaster.Ring.Last == 1 && time.Sleepers > 0);
        (await check.CheckHealthAsync(new HealthCheckContext())).Status.ShouldBe(HealthStatus.Healthy);
        await service.StopAsync(CancellationToken.None);
        time.Advance(TimeSpan.FromSeconds(6));
        (await check.CheckHealthAsync(new HealthCheckContext())).Status.ShouldBe(HealthStatus.Degraded);
    }

    private sealed class Fixed : IOptionsMonitor<MonitorOptions>
    {
        public MonitorOptions CurrentValue { get; } = new();

        public MonitorOptions Get(string? name) => CurrentValue;

        public IDisposable? OnChange(Action<MonitorOptions, string?> listener) => null;
    }
}
