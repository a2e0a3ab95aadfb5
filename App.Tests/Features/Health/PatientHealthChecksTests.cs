using BlazorAdmin.Data;
using BlazorAdmin.Features.Health;
using BlazorAdmin.Live;
using BlazorAdmin.Tests.Features.Logs;
using BlazorAdmin.Tests.Live;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace BlazorAdmin.Tests.Features.Health;

public sealed class PatientHealthChecksTests : IAsyncDisposable
{
    private readonly TaskCompletionSource<HealthCheckResult> _hangs = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly SetOptions<HealthOptions> _options = new(new HealthOptions { TimeoutSeconds = 1 });
    private readonly ServiceProvider _services = new ServiceCollection().BuildServiceProvider();
    private readonly FakeTime _time = new();
    private HealthStatus _state = HealthStatus.Healthy;
    private int _asked;

    public ValueTask DisposeAsync() => _services.DisposeAsync();

    [Fact]
    public async Task Check_OneHangs_TheOthersAnswerAndItIsNotStartedTwice()
    {
        var checks = Checks(TimeProvider.System, ("good", () => Task.FromResult(HealthCheckResult.Healthy("fine"))), ("hanging", Hang), ("broken", () => throw new InvalidOperationException("no such file")));

        var report = await checks.CheckHealthAsync();

        report.Entries["good"].Status.ShouldBe(HealthStatus.Healthy);
        report.Entries["hanging"].Description.ShouldNotBeNull().ShouldContain("did not answer within 1 s");
        report.Entries["broken"].Description.ShouldBe("no such file");
        report.Status.ShouldBe(HealthStatus.Unhealthy);
        (await checks.CheckHealthAsync()).Entries["hanging"].Description.ShouldNotBeNull().ShouldContain("has not answered for");
        _asked.ShouldBe(1);
        _hangs.SetResult(HealthCheckResult.Healthy("at last"));
        await Eventually.Holds(async () => (await checks.CheckHealthAsync()).Entries["hanging"].Status == HealthStatus.Healthy);
    }

    [Fact]
    public async Task Check_CallersGiveUpAndComeAgain_RunsOnceAndIsReusedForASecond()
    {
        var checks = Checks(_time, ("slow", Hang));
        using (var ending = new CancellationTokenSource())
        {
            var impatient = Enumerable.Range(0, 20).Select(_ => checks.CheckHealthAsync(ending.Token)).ToList();
            await ending.CancelAsync();
            foreach (var one in impatient) await Should.ThrowAsync<OperationCanceledException>(() => one);
        }

        var patient = Enumerable.Range(0, 20).Select(_ => checks.CheckHealthAsync()).ToList();
        await Eventually.Holds(() => Volatile.Read(ref _asked) == 1);
        _hangs.SetResult(HealthCheckResult.Healthy("at last"));
        foreach (var report in await Task.WhenAll(patient)) report.Entries["slow"].Description.ShouldBe("at last");

        await checks.CheckHealthAsync();
        _asked.ShouldBe(1);
        _time.Advance(TimeSpan.FromSeconds(1));
        await checks.CheckHealthAsync();
        _asked.ShouldBe(2);
    }

    [Fact]
    public async Task Check_Predicate_RunsOnlyWhatItNames() =>
        (await Checks(TimeProvider.System, ("a", Now), ("b", Now)).CheckHealthAsync(r => r.Name == "b")).Entries.Keys.ShouldBe(["b"]);

    [Fact]
    public async Task Watch_StateChanges_KnowsSinceWhen()
    {
        var topic = new Topic<HealthChanged>("health", new RecordingBus(), NullLogger<Topic<HealthChanged>>.Instance);
        using var watch = new HealthWatch(Checks(_time, ("x", Now)), new DatabaseState(), new NodeInfo("n", Guid.NewGuid(), DateTimeOffset.UtcNow), _options, topic, _time, NullLogger<HealthWatch>.Instance);
        var told = 0;
        using var subscription = topic.Subscribe(_ => told++);
        var start = _time.GetUtcNow();

        await watch.RunAsync(default);
        _time.Advance(TimeSpan.FromMinutes(1));
        await watch.RunAsync(default);
        watch.Components.ShouldHaveSingleItem().Since.ShouldBe(start);
        _state = HealthStatus.Degraded;
        _time.Advance(TimeSpan.FromMinutes(1));
        await watch.RunAsync(default);

        var component = watch.Components.ShouldHaveSingleItem();
        (component.Status, component.Since, component.CheckedAt).ShouldBe((HealthStatus.Degraded, start.AddMinutes(2), start.AddMinutes(2)));
        told.ShouldBe(3);
        var watching = watch.Watch();
        watch.Watchers.ShouldBe(1);
        watching.Dispose();
        watching.Dispose();
        watch.Watchers.ShouldBe(0);
    }

    private Task<HealthCheckResult> Now() => Task.FromResult(new HealthCheckResult(_state));

    private Task<HealthCheckResult> Hang()
    {
        Interlocked.Increment(ref _asked);
        return _hangs.Task;
    }

    private PatientHealthChecks Checks(TimeProvider time, params (string Name, Func<Task<HealthCheckResult>> Check)[] checks)
    {
        var registered = new HealthCheckServiceOptions();
        foreach (var (name, check) in checks) registered.Registrations.Add(new HealthCheckRegistration(name, new Delegated(check), null, null));
        return new PatientHealthChecks(_services.GetRequiredService<IServiceScopeFactory>(), Options.Create(registered), _options, time, NullLogger<PatientHealthChecks>.Instance);
    }

    private sealed class Delegated(Func<Task<HealthCheckResult>> check) : IHealthCheck
    {
        public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) => check();
    }
}
