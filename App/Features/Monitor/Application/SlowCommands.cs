namespace BlazorAdmin.Features.Monitor.Application;

/// <summary>
/// The slowest database commands of the last hour, bounded: twelve spans of five minutes with fifty texts each, so that what
/// a busy span crowds out is only what is faster than fifty others of the same span.
/// </summary>
public sealed class SlowCommands(TimeProvider time)
{
    public const int LongestText = 4_000;

    /// <summary>Shorter runs are not slow and not even looked at.</summary>
    public static readonly TimeSpan Floor = TimeSpan.FromMilliseconds(10);

    private const int Spans = 12;
    private const int PerSpan = 50;
    private static readonly TimeSpan Span = TimeSpan.FromMinutes(5);

    private readonly Lock _gate = new();
    private readonly Dictionary<string, SlowCommand>[] _spans = [.. Enumerable.Range(0, Spans).Select(_ => new Dictionary<string, SlowCommand>(StringComparer.Ordinal))];
    private readonly long[] _numbers = new long[Spans];

    /// <summary>Takes a run that has ended. From any thread.</summary>
    public void Add(string text, TimeSpan duration, bool failed)
    {
        if (duration < Floor) return;
        if (text.Length > LongestText) text = string.Concat(text.AsSpan(0, LongestText), "…");
        var now = time.GetUtcNow();
        lock (_gate)
        {
            var span = Current(now);
            var known = span.GetValueOrDefault(text);
            if (known is null && span.Count >= PerSpan)
            {
                var fastest = span.Values.MinBy(command => command.Longest)!;
                if (fastest.Longest >= duration) return;
                span.Remove(fastest.Text);
            }
            span[text] = Merge(known, new SlowCommand(text, duration, now, 1, failed));
        }
    }

    /// <summary>One entry per text, slowest first.</summary>
    public IReadOnlyList<SlowCommand> List()
    {
        var number = Number(time.GetUtcNow());
        lock (_gate)
        {
            return [.. Enumerable.Range(0, Spans).Where(i => _numbers[i] > number - Spans).SelectMany(i => _spans[i].Values)
                .GroupBy(command => command.Text).Select(same => same.Aggregate(Merge))
                .OrderByDescending(command => command.Longest).Take(PerSpan)];
        }
    }

    private Dictionary<string, SlowCommand> Current(DateTimeOffset now)
    {
        var number = Number(now);
        var at = (int)(number % Spans);
        if (_numbers[at] != number)
        {
            _numbers[at] = number;
            _spans[at].Clear();
        }
        return _spans[at];
    }

    private static long Number(DateTimeOffset at) => at.UtcTicks / Span.Ticks;

    private static SlowCommand Merge(SlowCommand? first, SlowCommand second) =>
        first is null ? second : (first.Longest >= second.Longest ? first : second) with { Runs = first.Runs + second.Runs };
}
