using System.ComponentModel.DataAnnotations;
using System.Diagnostics;
using BlazorAdmin.Data;
using BlazorAdmin.Features.Monitor;
using BlazorAdmin.Features.Monitor.Otlp;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging.Abstractions;

namespace BlazorAdmin.Tests.Features.Monitor.Otlp;

/// <summary>A collector of OTLP gets the machine's figures and the portal's traces, and learns of changes while the portal runs.</summary>
public sealed class OtlpPushTests
{
    private readonly TickBroadcaster _broadcaster = new(new SampleRing(10));
    private readonly OtlpState _state = new(TimeProvider.System);

    [Fact]
    public async Task Push_SwitchedOn_SendsFiguresAndTracesUnderTheirNames()
    {
        await using var collector = await OtlpCollector.StartAsync();
        Sample(42);
        var options = new SetOptions<OtlpOptions>(new OtlpOptions { Enabled = true, Endpoint = collector.Address.AbsoluteUri, IntervalSeconds = 1, Headers = "x-key=secret" });
        using var push = Push(options);
        await push.StartAsync(CancellationToken.None);
        using (var source = new ActivitySource("BlazorAdmin.Test"))
        using (source.StartActivity("a step"))
        {
            await Eventually.Holds(() => collector.Gauges.ContainsKey("blazoradmin_cpu_utilization_ratio"), because: "figures arrive");
        }

        await push.StopAsync(CancellationToken.None);
        collector.Gauges["blazoradmin_cpu_utilization_ratio"].ShouldBe(0.42, 1e-6);
        collector.Resource["service.name"].ShouldBe("BlazorAdmin");
        collector.Resource["service.instance.id"].ShouldBe("alpha");
        collector.Spans.Keys.ShouldContain("a step");
        collector.Keys.ShouldAllBe(key => key == "secret");
        _state.LastSuccess.ShouldNotBeNull();
        _state.Failure.ShouldBeNull();
    }

    [Fact]
    public async Task Push_Refused_SaysSoAndGoesOnWhenTheSettingsChange()
    {
        await using var collector = await OtlpCollector.StartAsync();
        collector.Status = StatusCodes.Status401Unauthorized;
        Sample(10);
        var options = new SetOptions<OtlpOptions>(new OtlpOptions { Enabled = true, Endpoint = collector.Address.AbsoluteUri, IntervalSeconds = 1, Traces = false });
        using var push = Push(options);
        await push.StartAsync(CancellationToken.None);
        await Eventually.Holds(() => _state.Failure is not null, because: "the refusal is noted");
        _state.Failure.ShouldBe("The collector answered 401.");

        collector.Status = StatusCodes.Status200OK;
        options.Set(new OtlpOptions { Enabled = true, Endpoint = collector.Address.AbsoluteUri + "/", IntervalSeconds = 1, Traces = false });
        await Eventually.Holds(() => _state.LastSuccess is not null && _state.Failure is null, because: "the collector takes it");
        options.Set(new OtlpOptions());
        await push.StopAsync(CancellationToken.None);
    }

    [Theory]
    [InlineData("", "", "Endpoint")]
    [InlineData("collector:4318", "", "Endpoint")]
    [InlineData("http://collector:4318", "token", "Headers")]
    public void Options_WithBadInput_NameFieldAndRemedy(string endpoint, string headers, string field)
    {
        var options = new OtlpOptions { Enabled = true, Endpoint = endpoint, Headers = headers };
        options.Validate(new ValidationContext(options)).ShouldHaveSingleItem().ErrorMessage!.ShouldStartWith(field);
    }

    private OtlpPush Push(SetOptions<OtlpOptions> options) => new(options, _broadcaster, _state, new NodeInfo("alpha", Guid.NewGuid(), DateTimeOffset.UtcNow), NullLogger<OtlpPush>.Instance);

    private void Sample(float cpu)
    {
        var catalog = new MetricCatalog(1, 1, [new Metric(0, "cpu.total", MetricFamily.Cpu, null, MetricKind.Percent)]);
        float[] row = [cpu];
        _broadcaster.Publish(catalog, _broadcaster.Ring.Append(0, row), 0, row);
    }
}
