using System.Buffers;
using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text;
using System.Text.Json;
using BlazorAdmin.Data;
using BlazorAdmin.Features.Jobs;
using Microsoft.Extensions.Options;

namespace BlazorAdmin.Features.Logs;

/// <summary>
/// Keeps the traces of all jobs, of failed and slow requests, and of a share of the others: the steps wait in memory until the first
/// step has ended and it is known what became of it. The share is drawn at the beginning (head sampling).
/// </summary>
public sealed class TraceCollector(LogQueue queue, NodeInfo node, IOptionsMonitor<LogsOptions> options, TimeProvider time) : IHostedService, IDisposable
{
    private const string Requests = "Microsoft.AspNetCore";
    private const string Components = "Microsoft.AspNetCore.Components";
    private const string Database = "Npgsql";

    /// <summary>Steps of one trace; what comes after them is counted as lost.</summary>
    private const int MostSteps = 200;

    private const int MostTags = 20;
    private const int TagLength = 2_000;
    private const int StatementLength = 100;

    // Its own name: tests run several portals in one process, and activities are the process's.
    private readonly string _kept = $"BlazorAdmin.Trace.{Guid.NewGuid():N}";
    private readonly Lock _lock = new();
    private ActivityListener? _listener;
    private long _second;
    private int _inSecond;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        _listener = new ActivityListener
        {
            ShouldListenTo = static source => source.Name is Requests or Components or Database or JobTrace.SourceName,
            Sample = static (ref ActivityCreationOptions<ActivityContext> creation) =>
                // A statement of the engine's own belongs to no trace, and costs nothing that way.
                LogQueue.IsSilent || (creation.Source.Name == Database && creation.Parent == default) ? ActivitySamplingResult.None : ActivitySamplingResult.AllData,
            ActivityStarted = Begin,
            ActivityStopped = End,
        };
        ActivitySource.AddActivityListener(_listener);
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken)
    {
        Dispose();
        return Task.CompletedTask;
    }

    public void Dispose() => _listener?.Dispose();

    // Steps find their trace through their parent, so that traces that nobody ends are collected with their activities.
    private void Begin(Activity activity)
    {
        var trace = activity.Parent is { } parent ? parent.GetCustomProperty(_kept) as Trace : new Trace(Random.Shared.NextDouble() < options.CurrentValue.TraceShare);
        activity.SetCustomProperty(_kept, trace);
    }

    private void End(Activity activity)
    {
        if (activity.GetCustomProperty(_kept) is not Trace trace) return;
        if (activity.Parent is not null)
        {
            if (!trace.Add(activity, MostSteps)) queue.CountDroppedSpans(1);
            return;
        }

        var steps = trace.Close();
        if (!IsKept(activity, trace)) return;
        if (!HasRoom(steps.Count + 1))
        {
            queue.CountDroppedSpans(steps.Count + 1);
            return;
        }

        queue.Add(Span(activity));
        foreach (var step in steps) queue.Add(Span(step));
    }

    private bool IsKept(Activity root, Trace trace)
    {
        if (root.Source.Name == JobTrace.SourceName) return true;
        // The line of a page stands for hours and is neither slow nor a step of anything.
        if (root.GetTagItem("url.path") is string path && path.StartsWith("/_blazor", StringComparison.Ordinal)) return false;
        return trace.IsDrawn || root.Status == ActivityStatusCode.Error || root.GetTagItem("http.response.status_code") is >= 500 || root.Duration.TotalMilliseconds >= options.CurrentValue.SlowMilliseconds;
    }

    private bool HasRoom(int steps)
    {
        var second = time.GetUtcNow().ToUnixTimeSeconds();
        lock (_lock)
        {
            if (second != _second) (_second, _inSecond) = (second, 0);
            if (_inSecond >= options.CurrentValue.MostSpansPerSecond) return false;
            _inSecond += steps;
            return true;
        }
    }

    private TraceSpan Span(Activity activity) => new()
    {
        TraceId = activity.TraceId.ToHexString(), SpanId = activity.SpanId.ToHexString(), ParentId = activity.Parent?.SpanId.ToHexString(),
        Name = LogMask.Clean(NameOf(activity), 200), Source = LogMask.Cut(activity.Source.Name, 100),
        StartedAt = new DateTimeOffset(activity.StartTimeUtc, TimeSpan.Zero), Microseconds = (long)activity.Duration.TotalMicroseconds,
        Failed = activity.Status == ActivityStatusCode.Error || activity.GetTagItem("http.response.status_code") is >= 500, Node = node.Name, Tags = Tags(activity),
    };

    // The driver calls every statement by the name of its database.
    private static string NameOf(Activity activity) => activity.Source.Name == Database && (activity.GetTagItem("db.query.text") ?? activity.GetTagItem("db.statement")) is string statement
        ? string.Join(' ', (statement.Length > StatementLength ? statement[..StatementLength] : statement).Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries))
        : activity.DisplayName;

    private static string? Tags(Activity activity)
    {
        var buffer = new ArrayBufferWriter<byte>(256);
        var count = 0;
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            foreach (var (name, value) in activity.EnumerateTagObjects())
            {
                // Links that sign somebody in have their secret in the query.
                if (value is null || name == "url.query" || name.StartsWith("db.npgsql.", StringComparison.Ordinal) || ++count > MostTags) continue;
                json.WriteString(name, LogMask.IsSecret(name) ? LogMask.Masked : LogMask.Clean(Convert.ToString(value, System.Globalization.CultureInfo.InvariantCulture) ?? "", TagLength));
            }

            if (activity.Status == ActivityStatusCode.Error && activity.StatusDescription is { Length: > 0 } error) json.WriteString("error", LogMask.Clean(error, TagLength));
            json.WriteEndObject();
        }

        return count == 0 && activity.StatusDescription is null ? null : Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    private sealed class Trace(bool isDrawn)
    {
        private readonly ConcurrentQueue<Activity> _steps = new();
        private int _count;
        private volatile bool _closed;

        public bool IsDrawn => isDrawn;

        /// <summary>False if there is no room; what ends after its trace is passed over.</summary>
        public bool Add(Activity step, int most)
        {
            if (_closed) return true;
            if (Interlocked.Increment(ref _count) > most) return false;
            _steps.Enqueue(step);
            return true;
        }

        public IReadOnlyList<Activity> Close()
        {
            _closed = true;
            var steps = _steps.ToArray();
            _steps.Clear();
            return steps;
        }
    }
}
