using System.Collections.Concurrent;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace BlazorAdmin.Tests.Features.Monitor.Otlp;

/// <summary>A collector that takes OTLP over HTTP and reads the messages by the published numbers of their fields (opentelemetry-proto 1.x).</summary>
internal sealed class OtlpCollector : IAsyncDisposable
{
    private readonly WebApplication _app;

    private OtlpCollector(WebApplication app) => _app = app;

    public Uri Address => new(_app.Urls.First());

    /// <summary>Names and values of what came as gauges.</summary>
    public ConcurrentDictionary<string, double> Gauges { get; } = new();

    public ConcurrentDictionary<string, string> Resource { get; } = new();

    public ConcurrentDictionary<string, byte> Metrics { get; } = new();

    public ConcurrentDictionary<string, byte> Spans { get; } = new();

    public ConcurrentQueue<string> Keys { get; } = [];

    /// <summary>What it answers.</summary>
    public int Status { get; set; } = StatusCodes.Status200OK;

    public static async Task<OtlpCollector> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        var app = builder.Build();
        var collector = new OtlpCollector(app);
        app.MapPost("/v1/metrics", (RequestDelegate)(http => collector.TakeAsync(http, collector.TakeMetrics)));
        app.MapPost("/v1/traces", (RequestDelegate)(http => collector.TakeAsync(http, collector.TakeSpans)));
        await app.StartAsync();
        return collector;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private async Task TakeAsync(HttpContext http, Action<ReadOnlyMemory<byte>> take)
    {
        using var body = new MemoryStream();
        await http.Request.Body.CopyToAsync(body);
        http.Response.StatusCode = Status;
        if (Status != StatusCodes.Status200OK) return;
        Keys.Enqueue(http.Request.Headers["x-key"].ToString());
        take(body.ToArray());
    }

    // ExportMetricsServiceRequest.resource_metrics(1) { resource(1), scope_metrics(2) { metrics(2) { name(1), gauge(5) { data_points(1) { as_double(4) } } } } }
    private void TakeMetrics(ReadOnlyMemory<byte> message)
    {
        foreach (var resource in Parts(message, 1))
        {
            TakeResource(resource);
            foreach (var metric in Parts(resource, 2).SelectMany(scope => Parts(scope, 2)))
            {
                var name = Text(Parts(metric, 1).Single());
                Metrics[name] = 0;
                foreach (var point in Parts(metric, 5).SelectMany(gauge => Parts(gauge, 1)))
                    if (Fields(point).FirstOrDefault(field => field.Number == 4) is { Value.Length: 8 } value) Gauges[name] = BitConverter.ToDouble(value.Value.Span);
            }
        }
    }

    // ExportTraceServiceRequest.resource_spans(1) { resource(1), scope_spans(2) { spans(2) { name(5) } } }
    private void TakeSpans(ReadOnlyMemory<byte> message)
    {
        foreach (var resource in Parts(message, 1))
        {
            TakeResource(resource);
            foreach (var span in Parts(resource, 2).SelectMany(scope => Parts(scope, 2))) Spans[Text(Parts(span, 5).Single())] = 0;
        }
    }

    // Resource.attributes(1) { key(1), value(2) { string_value(1) } }
    private void TakeResource(ReadOnlyMemory<byte> resource)
    {
        foreach (var attribute in Parts(resource, 1).SelectMany(one => Parts(one, 1)))
            if (Parts(attribute, 2).SelectMany(value => Parts(value, 1)).Select(Text).FirstOrDefault() is { } text) Resource[Text(Parts(attribute, 1).Single())] = text;
    }

    private static string Text(ReadOnlyMemory<byte> bytes) => Encoding.UTF8.GetString(bytes.Span);

    private static IEnumerable<ReadOnlyMemory<byte>> Parts(ReadOnlyMemory<byte> message, int number) => Fields(message).Where(field => field.Number == number && field.IsPart).Select(field => field.Value);

    private static List<(int Number, bool IsPart, ReadOnlyMemory<byte> Value)> Fields(ReadOnlyMemory<byte> message)
    {
        var fields = new List<(int, bool, ReadOnlyMemory<byte>)>();
        var at = 0;
        while (at < message.Length)
        {
            var tag = Number(message.Span, ref at);
            var length = (tag & 7) switch
            {
                0 => Skip(message.Span, at),
                1 => 8,
                2 => (int)Number(message.Span, ref at),
                5 => 4,
                _ => throw new InvalidDataException($"Wire type {tag & 7}"),
            };
            fields.Add(((int)(tag >> 3), (tag & 7) == 2, message.Slice(at, length)));
            at += length;
        }

        return fields;
    }

    private static ulong Number(ReadOnlySpan<byte> bytes, ref int at)
    {
        ulong number = 0;
        for (var shift = 0; ; shift += 7)
        {
            var one = bytes[at++];
            number |= (ulong)(one & 0x7F) << shift;
            if (one < 0x80) return number;
        }
    }

    private static int Skip(ReadOnlySpan<byte> bytes, int at)
    {
        var length = 1;
        while (bytes[at + length - 1] >= 0x80) length++;
        return length;
    }
}
