namespace BlazorAdmin.Features.Monitor.Application;

/// <summary>Which instruments of the framework, of the database driver and of the portal's slices become which metrics.</summary>
internal sealed class ApplicationInstruments
{
    private const string Runtime = "System.Runtime";
    private const string Components = "Microsoft.AspNetCore.Components";
    private const string Circuits = "Microsoft.AspNetCore.Components.Server.Circuits";
    private const string Hosting = "Microsoft.AspNetCore.Hosting";

    private readonly Dictionary<(string Meter, string Instrument), MeterSlot> _slots = new()
    {
        [(Hosting, "http.server.request.duration")] = new DurationSlot("app.requests.rate", "app.requests.p50", "app.requests.p95", take: IsRequest),
        [(Hosting, "http.server.active_requests")] = new NumberSlot("app.requests.active", MetricKind.Count, rate: false),
        [(Circuits, "aspnetcore.components.circuit.active")] = new NumberSlot("app.circuits.active", MetricKind.Count, rate: false),
        [(Circuits, "aspnetcore.components.circuit.connected")] = new NumberSlot("app.circuits.connected", MetricKind.Count, rate: false),
        [("Microsoft.AspNetCore.Components.Lifecycle", "aspnetcore.components.render_diff.duration")] = new DurationSlot("app.render.rate", null, "app.render.p95"),
        [(Components, "aspnetcore.components.handle_event.duration")] = new DurationSlot("app.event.rate", null, "app.event.p95"),
        [("BlazorAdmin.Jobs", "blazoradmin.jobs.run.duration")] = new DurationSlot("app.jobs.rate", null, "app.jobs.p95", "app.jobs.failed.rate", IsFailure),
        [("BlazorAdmin.Documents", "blazoradmin.documents.reading.duration")] = new DurationSlot("app.conversions.rate", null, "app.conversions.p95", "app.conversions.failed.rate", IsFailure),
        [(Runtime, "dotnet.process.cpu.time")] = new NumberSlot("app.cpu", MetricKind.Cores, rate: true),
        [(Runtime, "dotnet.process.memory.working_set")] = new NumberSlot("app.memory", MetricKind.Bytes, rate: false),
        [(Runtime, "dotnet.gc.last_collection.heap.size")] = new NumberSlot("app.gc.heap", MetricKind.Bytes, rate: false),
        [(Runtime, "dotnet.gc.heap.total_allocated")] = new NumberSlot("app.gc.allocated", MetricKind.BytesPerSecond, rate: true),
        [(Runtime, "dotnet.gc.pause.time")] = new NumberSlot("app.gc.pause", MetricKind.Percent, rate: true, scale: 100),
        [(Runtime, "dotnet.thread_pool.thread.count")] = new NumberSlot("app.threadpool.threads", MetricKind.Count, rate: false),
        [(Runtime, "dotnet.thread_pool.queue.length")] = new NumberSlot("app.threadpool.queue", MetricKind.Count, rate: false),
        [(Runtime, "dotnet.monitor.lock_contentions")] = new NumberSlot("app.locks.rate", MetricKind.PerSecond, rate: true),
        [(Runtime, "dotnet.exceptions")] = new NumberSlot("app.exceptions.rate", MetricKind.PerSecond, rate: true),
    };

    public ApplicationInstruments()
    {
        _slots.Add(("Npgsql", "db.client.operation.duration"), Database);
        All = [.. _slots.Values];
        var offset = 0;
        foreach (var slot in All)
        {
            slot.Offset = offset;
            offset += slot.Metrics.Count;
        }
        Count = offset;
    }

    public IReadOnlyList<MeterSlot> All { get; }

    /// <summary>Metrics of all slots.</summary>
    public int Count { get; }

    /// <summary>Commands of the driver's own meter; a driver without one is measured where commands are sent.</summary>
    public DurationSlot Database { get; } = new("app.db.commands.rate", "app.db.p50", "app.db.p95");

    public MeterSlot? Find(string meter, string instrument) => _slots.GetValueOrDefault((meter, instrument));

    /// <summary>An open page is a request that lasts for hours and says nothing about the time of answers.</summary>
    private static Take IsRequest(ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        foreach (var tag in tags)
        {
            if (tag.Key == "http.response.status_code" && tag.Value is 101) return Take.No;
            if (tag.Key == "http.route" && tag.Value is string route && route.StartsWith("/_blazor", StringComparison.Ordinal)) return Take.No;
        }
        return Take.Yes;
    }

    private static Take IsFailure(ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        foreach (var tag in tags)
            if (tag.Key == "error.type") return Take.Failed;
        return Take.Yes;
    }
}
