using System.Diagnostics;
using BlazorAdmin.Data;
using BlazorAdmin.Features.Logs;

namespace BlazorAdmin.Tests.Features.Logs;

public sealed class TraceTests : IAsyncLifetime
{
    private static readonly ActivitySource Requests = new("Microsoft.AspNetCore");
    private static readonly ActivitySource Database = new("Npgsql");

    private readonly LogQueue _queue = new();
    private readonly SetOptions<LogsOptions> _options = new(new LogsOptions { TraceShare = 0, SlowMilliseconds = 600_000 });
    private TraceCollector? _collector;

    public Task InitializeAsync()
    {
        _collector = new TraceCollector(_queue, new NodeInfo("n1", Guid.NewGuid(), DateTimeOffset.UtcNow), _options, TimeProvider.System);
        return _collector.StartAsync(default);
    }

    public Task DisposeAsync() => _collector!.StopAsync(default);

    [Fact]
    public void Request_Failed_IsKeptWithItsStepsAndWithoutSecrets()
    {
        var trace = Request(activity =>
        {
            activity.SetTag("http.response.status_code", 500);
            activity.SetTag("url.query", "?token=geheim");
            using var step = Database.StartActivity("SELECT");
            step!.SetTag("db.statement", "SELECT 'password=geheim'");
        });

        var spans = Spans(trace);
        spans.Count.ShouldBe(2);
        var (root, child) = (spans.Single(s => s.ParentId is null), spans.Single(s => s.ParentId is not null));
        child.ParentId.ShouldBe(root.SpanId);
        root.Failed.ShouldBeTrue();
        string.Concat(spans.Select(s => s.Tags)).ShouldNotContain("geheim");
    }

    [Fact]
    public void Request_GoodAndQuick_IsKeptByTheShareOnly()
    {
        Spans(Request(_ => { })).ShouldBeEmpty();
        _options.Set(new LogsOptions { TraceShare = 1 });
        Spans(Request(_ => { })).Count.ShouldBe(1);
    }

    [Fact]
    public void Request_Slow_IsKept()
    {
        _options.Set(new LogsOptions { TraceShare = 0, SlowMilliseconds = 1 });
        Spans(Request(activity => activity.SetStartTime(DateTime.UtcNow.AddSeconds(-1)))).Count.ShouldBe(1);
    }

    [Fact]
    public void Request_LineOfAPage_IsNotKept()
    {
        _options.Set(new LogsOptions { TraceShare = 1 });
        Spans(Request(activity => activity.SetTag("url.path", "/_blazor"))).ShouldBeEmpty();
    }

    [Fact]
    public void Requests_MoreThanMayBeKept_AreCounted()
    {
        _options.Set(new LogsOptions { TraceShare = 1, MostSpansPerSecond = 1 });
        for (var i = 0; i < 50; i++) Request(_ => { });

        _queue.DroppedSpans.ShouldBeGreaterThan(0);
    }

    [Fact]
    public void Statement_OutsideOfATrace_IsNotEvenMade()
    {
        Activity.Current = null;
        Database.StartActivity("SELECT").ShouldBeNull();
    }

    [Fact]
    public void Order_Steps_StandBelowTheirParentsInTime()
    {
        var start = DateTimeOffset.UtcNow;
        var steps = TraceTree.Order([Span("c", "b", start.AddMilliseconds(30)), Span("a", null, start), Span("b", "a", start.AddMilliseconds(20)), Span("d", "a", start.AddMilliseconds(10)), Span("lost", "gone", start.AddMilliseconds(5))]);

        steps.Select(s => (s.Span.SpanId, s.Depth)).ShouldBe([("a", 0), ("d", 1), ("b", 1), ("c", 2), ("lost", 0)]);
        steps[2].Start.ShouldBe(TimeSpan.FromMilliseconds(20));
        TraceTree.Order([Span("x", "y", start), Span("y", "x", start)]).Count.ShouldBe(2);
    }

    private static string Request(Action<Activity> work)
    {
        Activity.Current = null;
        using var activity = Requests.StartActivity("GET /x", ActivityKind.Server)!;
        work(activity);
        return activity.TraceId.ToHexString();
    }

    // Other portals of this test run have activities too.
    private List<TraceSpan> Spans(string trace)
    {
        var found = new List<TraceSpan>();
        while (_queue.Spans.TryRead(out var span))
            if (span.TraceId == trace) found.Add(span);
        return found;
    }

    private static TraceSpan Span(string id, string? parent, DateTimeOffset at) => new() { TraceId = "t", SpanId = id, ParentId = parent, Name = id, Source = "s", StartedAt = at, Microseconds = 1000, Node = "n" };
}
