using BlazorAdmin.Data;
using BlazorAdmin.Features.Logs;
using BlazorAdmin.Live;
using BlazorAdmin.Tests.Data;
using BlazorAdmin.Tests.Live;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace BlazorAdmin.Tests.Features.Logs;

public sealed class LogWriterTests(DatabaseFixture fixture) : IClassFixture<DatabaseFixture>
{
    private readonly LogQueue _queue = new();
    private readonly Topic<LogsWritten> _topic = new("logs", new RecordingBus(), NullLogger<Topic<LogsWritten>>.Instance);

    [Fact]
    public async Task Flush_ManyLines_AreWrittenAndAnnouncedOnce()
    {
        var databases = new Switchable(fixture.ConnectionString);
        using var writer = Writer(databases);
        var announced = 0;
        using var subscription = _topic.Subscribe(message => announced += message.Count);
        for (var i = 0; i < 1_200; i++) _queue.Add(Entry("many"));

        await writer.FlushAsync(default);

        await using var db = databases.CreateDbContext();
        (await db.Set<LogEntry>().CountAsync(e => e.Slice == "many")).ShouldBe(1_200);
        announced.ShouldBe(1_200);
        _queue.Written.ShouldBe(1_200);
    }

    [Fact]
    public async Task Flush_DatabaseAwayThenBack_KeepsTheLinesAndSaysItOnce()
    {
        var (databases, log) = (new Switchable(fixture.ConnectionString) { IsAway = true }, new RecordingLogger());
        using var writer = Writer(databases, log);
        _queue.Add(Entry("away"));

        await writer.FlushAsync(default);
        await writer.FlushAsync(default);
        writer.IsFailing.ShouldBeTrue();
        databases.IsAway = false;
        await writer.FlushAsync(default);

        writer.IsFailing.ShouldBeFalse();
        await using var db = databases.CreateDbContext();
        (await db.Set<LogEntry>().CountAsync(e => e.Slice == "away")).ShouldBe(1);
        log.Lines.Select(l => l.Level).ShouldBe([LogLevel.Warning, LogLevel.Information]);
    }

    [Fact]
    public async Task Flush_LinesThatTheDatabaseRefuses_AreCountedAndHoldUpNobody()
    {
        var databases = new Switchable(fixture.ConnectionString);
        using var writer = Writer(databases);
        _queue.Add(new LogEntry { Slice = new string('x', 60), Category = "c", Message = "too long a slice", Node = "n" });
        await writer.FlushAsync(default);
        _queue.Add(Entry("after"));

        await writer.FlushAsync(default);

        _queue.Dropped.ShouldBe(1);
        await using var db = databases.CreateDbContext();
        (await db.Set<LogEntry>().CountAsync(e => e.Slice == "after")).ShouldBe(1);
    }

    [Fact]
    public async Task Flush_OneBadLineAmongMany_LosesItAlone()
    {
        var (databases, log) = (new Switchable(fixture.ConnectionString), new RecordingLogger());
        using var writer = Writer(databases, log);
        for (var i = 0; i < 500; i++) _queue.Add(i == 321 ? new LogEntry { Slice = new string('x', 60), Category = "c", Message = "m", Node = "n" } : Entry("beside"));

        await writer.FlushAsync(default);

        (_queue.Dropped, _queue.Written, writer.IsFailing).ShouldBe((1, 499, false));
        await using var db = databases.CreateDbContext();
        (await db.Set<LogEntry>().CountAsync(e => e.Slice == "beside")).ShouldBe(499);
        log.Lines.ShouldHaveSingleItem().Level.ShouldBe(LogLevel.Error);
    }

    [PostgresFact]
    public async Task Flush_HalfAPairOfSurrogates_LosesThatLineAlone()
    {
        var databases = new Switchable(fixture.ConnectionString);
        using var writer = Writer(databases);
        _queue.Add(Entry("halves"));
        _queue.Add(new LogEntry { At = DateTimeOffset.UtcNow, Slice = "halves", Category = "c", Message = "bad \uD83D", Node = "n" });
        _queue.Add(Entry("halves"));

        await writer.FlushAsync(default);

        (_queue.Dropped, writer.IsFailing).ShouldBe((1, false));
        await using var db = databases.CreateDbContext();
        (await db.Set<LogEntry>().CountAsync(e => e.Slice == "halves")).ShouldBe(2);
    }

    [Fact]
    public async Task Flush_SameStepTwice_KeepsOneAndTheOthers()
    {
        var databases = new Switchable(fixture.ConnectionString);
        using var writer = Writer(databases);
        var trace = Guid.NewGuid().ToString("N");
        for (var i = 0; i < 2; i++)
        {
            _queue.Add(Step(trace, "1"));
            _queue.Add(Step(trace, "1"));
            _queue.Add(Step(trace, $"{2 + i}"));
            await writer.FlushAsync(default);
        }

        (_queue.DroppedSpans, writer.IsFailing).ShouldBe((3, false));
        await using var db = databases.CreateDbContext();
        (await db.Set<TraceSpan>().Where(s => s.TraceId == trace).Select(s => s.SpanId).Order().ToListAsync()).ShouldBe(["1", "2", "3"]);
    }

    [Fact]
    public async Task Stop_TimeIsOver_CountsWhatIsLostAndReturns()
    {
        var log = new RecordingLogger();
        using var writer = Writer(new Switchable(fixture.ConnectionString), log);
        _queue.Add(Entry("lost"));
        _queue.Add(Span("lost", DateTimeOffset.UtcNow));

        await writer.StopAsync(new CancellationToken(canceled: true));

        (_queue.Dropped, _queue.DroppedSpans).ShouldBe((1, 1));
        log.Lines.ShouldHaveSingleItem().Level.ShouldBe(LogLevel.Warning);
    }

    [Fact]
    public async Task CleanUp_OldLinesAndTooMany_Go()
    {
        var databases = new Switchable(fixture.ConnectionString);
        await using (var db = databases.CreateDbContext())
        {
            await db.Set<LogEntry>().ExecuteDeleteAsync();
            await db.Set<TraceSpan>().ExecuteDeleteAsync();
            db.AddRange(Enumerable.Range(0, 1_500).Select(_ => Entry("kept")));
            await db.SaveChangesAsync();
            db.AddRange(Enumerable.Range(0, 20).Select(_ => Entry("old", DateTimeOffset.UtcNow.AddDays(-15))));
            db.Add(Span("old", DateTimeOffset.UtcNow.AddDays(-4)));
            db.Add(Span("new", DateTimeOffset.UtcNow));
            await db.SaveChangesAsync();
        }

        using var cleanUp = new LogCleanUp(databases, new DatabaseState(), new SetOptions<LogsOptions>(new LogsOptions { MostRows = 1_000 }), TimeProvider.System, NullLogger<LogCleanUp>.Instance);
        (await cleanUp.DeleteLinesAsync(default)).ShouldBe(20 + 500);
        (await cleanUp.DeleteSpansAsync(default)).ShouldBe(1);

        await using var after = databases.CreateDbContext();
        (await after.Set<LogEntry>().CountAsync()).ShouldBe(1_000);
        (await after.Set<TraceSpan>().Select(s => s.Name).ToListAsync()).ShouldBe(["new"]);
    }

    private LogWriter Writer(Switchable databases, ILogger? log = null) => new(
        databases, DataSetup.DialectOf(TestServer.Provider), new DatabaseState(), _queue, _topic, TimeProvider.System, log is null ? NullLogger<LogWriter>.Instance : new Typed(log));

    private static LogEntry Entry(string slice, DateTimeOffset? at = null) => new() { At = at ?? DateTimeOffset.UtcNow, Level = 2, Slice = slice, Category = "c", Message = "m", Node = "n" };

    private static TraceSpan Step(string trace, string id) => new() { TraceId = trace, SpanId = id, Name = "twice", Source = "s", StartedAt = DateTimeOffset.UtcNow, Node = "n" };

    private static TraceSpan Span(string name, DateTimeOffset at) => new() { TraceId = Guid.NewGuid().ToString("N"), SpanId = "0123456789abcdef", Name = name, Source = "s", StartedAt = at, Node = "n" };

    /// <summary>A database that a test takes away.</summary>
    private sealed class Switchable(string connectionString) : IDbContextFactory<AppDbContext>
    {
        private readonly TestDatabases _databases = new(connectionString);

        public bool IsAway { get; set; }

        public AppDbContext CreateDbContext() => IsAway ? throw new TimeoutException("The database is away.") : _databases.CreateDbContext();
    }

    private sealed class Typed(ILogger log) : ILogger<LogWriter>
    {
        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => log.BeginScope(state);

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) => log.Log(logLevel, eventId, state, exception, formatter);
    }
}
