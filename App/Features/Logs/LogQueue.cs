using System.Threading.Channels;

namespace BlazorAdmin.Features.Logs;

/// <summary>What waits to be written. Never full and never waiting: when the database is away or slow the oldest go, and are counted.</summary>
public sealed class LogQueue
{
    public const int Length = 10_000;
    public const int SpanLength = 5_000;

    // What the writer itself does must not come back as a line about the writer.
    private static readonly AsyncLocal<bool> Silent = new();

    private readonly Channel<LogEntry> _entries;
    private readonly Channel<TraceSpan> _spans;
    private long _dropped;
    private long _droppedSpans;
    private long _written;

    public LogQueue()
    {
        _entries = Channel.CreateBounded<LogEntry>(new BoundedChannelOptions(Length) { FullMode = BoundedChannelFullMode.DropOldest, SingleReader = true }, _ => CountDropped(1));
        _spans = Channel.CreateBounded<TraceSpan>(new BoundedChannelOptions(SpanLength) { FullMode = BoundedChannelFullMode.DropOldest, SingleReader = true }, _ => CountDroppedSpans(1));
    }

    /// <summary>True in the flow of the writer.</summary>
    public static bool IsSilent => Silent.Value;

    public ChannelReader<LogEntry> Entries => _entries.Reader;

    public ChannelReader<TraceSpan> Spans => _spans.Reader;

    /// <summary>Lines that were lost since the start.</summary>
    public long Dropped => Interlocked.Read(ref _dropped);

    /// <summary>Steps of traces that were lost since the start.</summary>
    public long DroppedSpans => Interlocked.Read(ref _droppedSpans);

    /// <summary>Lines that were written since the start.</summary>
    public long Written => Interlocked.Read(ref _written);

    /// <summary>Nothing that the current asynchronous method does from here on is logged or traced.</summary>
    public static void Silence() => Silent.Value = true;

    public void Add(LogEntry entry) => _entries.Writer.TryWrite(entry);

    public void Add(TraceSpan span) => _spans.Writer.TryWrite(span);

    internal void CountDropped(int count) => Interlocked.Add(ref _dropped, count);

    internal void CountDroppedSpans(int count) => Interlocked.Add(ref _droppedSpans, count);

    internal void CountWritten(int count) => Interlocked.Add(ref _written, count);
}
