using BlazorAdmin.Features.Dashboard;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace BlazorAdmin.Tests.Features.Dashboard;

public sealed class ComponentHealthTests
{
    [Fact]
    public async Task Read_ByMany_RunsTheChecksOnceInTenSeconds()
    {
        var (runs, sick) = (0, false);
        var time = new FakeTime();
        var services = new ServiceCollection().AddLogging();
        services.AddHealthChecks().AddCheck("a", () =>
        {
            runs++;
            return HealthCheckResult.Healthy();
        }).AddCheck("b", () => sick ? HealthCheckResult.Unhealthy("The disk is full.") : HealthCheckResult.Healthy());
        await using var provider = services.BuildServiceProvider();
        var health = new ComponentHealth(provider.GetRequiredService<HealthCheckService>(), time);

        await Task.WhenAll(health.ReadAsync(default), health.ReadAsync(default), health.ReadAsync(default));
        runs.ShouldBe(1);
        sick = true;
        (await health.ReadAsync(default)).ShouldAllBe(component => component.Status == HealthStatus.Healthy);
        time.Advance(TimeSpan.FromSeconds(10));
        (await health.ReadAsync(default)).ShouldBe([new("b", HealthStatus.Unhealthy, "The disk is full."), new("a", HealthStatus.Healthy, null)]);
        runs.ShouldBe(2);
    }
}
