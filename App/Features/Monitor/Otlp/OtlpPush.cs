using BlazorAdmin.Data;
using Microsoft.Extensions.Options;
using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace BlazorAdmin.Features.Monitor.Otlp;

/// <summary>Pushes what the runtime's meters, the portal's own and the machine's samples say, and the portal's traces, for as long as the settings ask for it.</summary>
internal sealed class OtlpPush(IOptionsMonitor<OtlpOptions> options, TickBroadcaster broadcaster, OtlpState state, NodeInfo node, ILogger<OtlpPush> logger) : IHostedService, IDisposable
{
    private static readonly string[] Meters = ["BlazorAdmin.*", "Microsoft.AspNetCore.*", "System.Runtime", "Npgsql"];
    private static readonly string[] Sources = ["BlazorAdmin*", "Microsoft.AspNetCore*", "Npgsql"];

    private readonly Lock _lock = new();
    private IDisposable? _following;
    private List<IDisposable> _running = [];
    private string _shown = "";

    public Task StartAsync(CancellationToken cancellationToken)
    {
        _following = options.OnChange(Apply);
        Apply(options.CurrentValue);
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken)
    {
        _following?.Dispose();
        // Disposing pushes what is left; the collector may be away, and that takes its time.
        return Task.Run(Stop, CancellationToken.None).WaitAsync(cancellationToken).ContinueWith(static _ => { }, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
    }

    public void Dispose()
    {
        _following?.Dispose();
        Stop();
    }

    private void Apply(OtlpOptions wanted)
    {
        var shown = $"{wanted.Enabled} {wanted.Endpoint} {wanted.Headers} {wanted.IntervalSeconds} {wanted.Metrics} {wanted.Traces}";
        lock (_lock)
        {
            if (shown == _shown) return;
            _shown = shown;
            foreach (var running in _running) running.Dispose();
            _running = [];
            state.Begin();
            if (!wanted.Enabled || wanted.Address is not { } address) return;
            var resource = ResourceBuilder.CreateEmpty().AddService("BlazorAdmin", serviceInstanceId: node.Name);
            if (wanted.Metrics) _running.AddRange(new HostMeter(broadcaster), PushMetrics(wanted, address, resource));
            if (wanted.Traces) _running.Add(PushTraces(wanted, address, resource));
            logger.Pushing(address.GetLeftPart(UriPartial.Authority));
        }
    }

    private MeterProvider PushMetrics(OtlpOptions wanted, Uri address, ResourceBuilder resource) =>
        Sdk.CreateMeterProviderBuilder().SetResourceBuilder(resource).AddMeter(Meters)
            .AddOtlpExporter((exporter, reader) =>
            {
                Configure(exporter, wanted, Under(address, "v1/metrics"));
                reader.PeriodicExportingMetricReaderOptions.ExportIntervalMilliseconds = wanted.IntervalSeconds * 1000;
            }).Build();

    private TracerProvider PushTraces(OtlpOptions wanted, Uri address, ResourceBuilder resource) =>
        Sdk.CreateTracerProviderBuilder().SetResourceBuilder(resource).AddSource(Sources).AddOtlpExporter(exporter => Configure(exporter, wanted, Under(address, "v1/traces"))).Build();

    private void Configure(OtlpExporterOptions exporter, OtlpOptions wanted, Uri endpoint)
    {
        exporter.Protocol = OtlpExportProtocol.HttpProtobuf;
        exporter.Endpoint = endpoint;
        if (wanted.Headers.Length > 0) exporter.Headers = wanted.Headers;
        exporter.HttpClientFactory = () => new HttpClient(new OtlpWatch(state)) { Timeout = TimeSpan.FromSeconds(10) };
    }

    private static Uri Under(Uri address, string path) => new(address.AbsoluteUri.TrimEnd('/') + '/' + path);

    private void Stop()
    {
        lock (_lock)
        {
            foreach (var running in _running) running.Dispose();
            _running = [];
        }
    }
}
