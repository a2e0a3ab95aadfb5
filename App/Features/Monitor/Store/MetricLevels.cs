namespace BlazorAdmin.Features.Monitor.Store;

/// <summary>Lengths of the levels and the choice among them. All lengths are in milliseconds.</summary>
internal static class MetricLevels
{
    /// <summary>A level is read for a range as long as it has at most this many times the points that are wanted; they are then drawn together.</summary>
    public const int Oversampling = 10;

    /// <summary>The same for raw samples, of which ten are a second anyway.</summary>
    private const int RawOversampling = 3;

    public const long Minute = 60_000;

    public static readonly IReadOnlyList<MetricLevel> FromFine = [MetricLevel.Raw, MetricLevel.Second, MetricLevel.Minute, MetricLevel.Hour];

    /// <summary>Length of one number of a rollup; 0 for raw samples, which have their own times.</summary>
    public static long Step(this MetricLevel level) => level switch
    {
        MetricLevel.Raw => 0,
        MetricLevel.Second => 1_000,
        MetricLevel.Minute => Minute,
        _ => 60 * Minute,
    };

    /// <summary>Length of the span that one chunk stands for.</summary>
    public static long Span(this MetricLevel level) => level switch
    {
        MetricLevel.Raw or MetricLevel.Second => Minute,
        MetricLevel.Minute => 60 * Minute,
        _ => 24 * 60 * Minute,
    };

    public static TimeSpan Keep(this MetricLevel level, MonitorOptions options) => level switch
    {
        MetricLevel.Raw => TimeSpan.FromHours(options.KeepRawHours),
        MetricLevel.Second => TimeSpan.FromDays(options.KeepSecondsDays),
        MetricLevel.Minute => TimeSpan.FromDays(options.KeepMinutesDays),
        _ => TimeSpan.FromDays(options.KeepHoursDays),
    };

    /// <summary>The largest multiple of <paramref name="length"/> that is not after <paramref name="unixMilliseconds"/>.</summary>
    public static long Floor(long unixMilliseconds, long length)
    {
        var rest = unixMilliseconds % length;
        return unixMilliseconds - (rest < 0 ? rest + length : rest);
    }

    public static DateTimeOffset At(long unixMilliseconds) => DateTimeOffset.FromUnixTimeMilliseconds(unixMilliseconds);

    /// <summary>
    /// The finest level that is still kept for the start of the range and has not too many points for it. A range beyond everything is read from the hours.
    /// </summary>
    /// <param name="interval">Milliseconds between two raw samples.</param>
    /// <param name="oversampling">How many times the wanted points are not too many; 1 for those who read every point.</param>
    public static MetricLevel Choose(MetricRange range, DateTimeOffset now, int maxPoints, int interval, MonitorOptions options, int oversampling = Oversampling)
    {
        foreach (var level in FromFine)
        {
            if (range.From < now - level.Keep(options)) continue;
            var step = level == MetricLevel.Raw ? interval : level.Step();
            var most = level == MetricLevel.Raw ? Math.Min(oversampling, RawOversampling) : oversampling;
            if (range.Length.TotalMilliseconds / step <= (double)maxPoints * most) return level;
        }
        return MetricLevel.Hour;
    }

    /// <summary>Length of one point so that a range has at most <paramref name="maxPoints"/>, a multiple of the level's own.</summary>
    public static long StepFor(MetricRange range, MetricLevel level, int maxPoints)
    {
        var from = range.From.ToUnixTimeMilliseconds();
        var to = range.To.ToUnixTimeMilliseconds();
        var unit = Math.Max(1, level.Step());
        var step = unit * Math.Max(1, (to - from) / unit / maxPoints);
        // Points begin at multiples of their length, so a range can cut one more than its length says.
        while (Points(from, to, step) > maxPoints) step += unit;
        return step;
    }

    /// <summary>Points of that length that a range touches.</summary>
    public static long Points(long from, long to, long step) => to <= from ? 0 : (Floor(to - 1, step) - Floor(from, step)) / step + 1;
}
