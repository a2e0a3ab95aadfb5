using Quartz;

namespace BlazorAdmin.Features.Jobs.Schedules;

/// <summary>
/// When a cron expression is due: the one answer that preview, firing, catching up and backfill share. Quartz reads the
/// expression against the clock on the wall; what happens where that clock jumps is decided here.
/// </summary>
/// <remarks>
/// Readings that the clock leaves out are due once, at the first moment after the jump; readings that come twice are due the
/// first time. Where the expression goes on through the jump (due in the hours before, in and after it, as "every 15
/// minutes" is), elapsed time counts instead: readings left out stay out, and those that come twice are due twice.
/// </remarks>
public sealed class Occurrences
{
    /// <summary>Most that one act handles: catching up, backfill.</summary>
    public const int Most = 1000;

    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Neighbourhood = TimeSpan.FromHours(1);

    private readonly CronExpression _cron;

    private Occurrences(CronExpression cron, TimeZoneInfo zone) => (_cron, Zone) = (cron, zone);

    public TimeZoneInfo Zone { get; }

    /// <param name="cron">Seconds, minutes, hours, day of month, month, weekday, and a year if wanted.</param>
    /// <param name="zone">IANA name.</param>
    /// <param name="problem">Which of the two cannot be read and why; null if both can.</param>
    public static Occurrences? TryParse(string cron, string zone, out OccurrenceProblem? problem)
    {
        problem = null;
        if (string.IsNullOrWhiteSpace(zone) || !TimeZoneInfo.TryFindSystemTimeZoneById(zone, out var found))
        {
            problem = new OccurrenceProblem(IsZone: true, zone);
            return null;
        }

        try
        {
            return new Occurrences(new CronExpression(cron.Trim(), TimeZoneInfo.Utc), found);
        }
        catch (Exception exception) when (exception is FormatException or ArgumentException)
        {
            problem = new OccurrenceProblem(IsZone: false, exception.Message);
            return null;
        }
    }

    /// <exception cref="FormatException">The expression or the zone cannot be read.</exception>
    public static Occurrences Parse(string cron, string zone) =>
        TryParse(cron, zone, out var problem) ?? throw new FormatException(problem!.IsZone ? $"There is no time zone named '{zone}'." : problem.Reason);

    /// <summary>The first after <paramref name="after"/>; null if there is none any more.</summary>
    public DateTimeOffset? Next(DateTimeOffset after)
    {
        var wall = TimeZoneInfo.ConvertTime(after, Zone);
        if (!Zone.SupportsDaylightSavingTime || !Zone.IsAmbiguousTime(wall.DateTime)) return At(NextReading(wall.DateTime));
        var twice = Jump.Around(Zone, wall.DateTime);
        if (wall.Offset == twice.Before)
        {
            if (NextReading(wall.DateTime) is not { } later) return null;
            if (later < twice.LastReading) return new DateTimeOffset(later, twice.Before).ToUniversalTime();
            // The first pass has no more; the second begins where the clock went back to.
            if (GoesOn(twice) && NextReading(twice.FirstReading - Second) is { } again && again < twice.LastReading) return new DateTimeOffset(again, twice.After).ToUniversalTime();
            return At(later);
        }

        if (!GoesOn(twice)) return At(NextReading(twice.LastReading - Second));
        return NextReading(wall.DateTime) is not { } next ? null
            : next < twice.LastReading ? new DateTimeOffset(next, twice.After).ToUniversalTime()
            : At(next);
    }

    /// <summary>Those after <paramref name="after"/> up to and including <paramref name="until"/>, in order; lazily.</summary>
    public IEnumerable<DateTimeOffset> Between(DateTimeOffset after, DateTimeOffset until)
    {
        for (var next = Next(after); next is { } at && at <= until; next = Next(at)) yield return at;
    }

    /// <summary>The last of those after <paramref name="after"/> up to <paramref name="until"/>, in order, at most <paramref name="most"/>; cheap however long ago it starts.</summary>
    /// <param name="cut">True if there are earlier ones.</param>
    public IReadOnlyList<DateTimeOffset> Last(DateTimeOffset after, DateTimeOffset until, int most, out bool cut)
    {
        cut = false;
        for (var back = Neighbourhood; ; back *= 2)
        {
            var whole = until - after <= back;
            var found = new Queue<DateTimeOffset>();
            foreach (var at in Between(whole ? after : until - back, until))
            {
                found.Enqueue(at);
                if (found.Count <= most) continue;
                found.Dequeue();
                cut = true;
            }

            if (!whole && found.Count < most) continue;
            cut |= !whole && Next(after) < found.Peek();
            return [.. found];
        }
    }

    private DateTime? NextReading(DateTime after) =>
        _cron.GetNextValidTimeAfter(new DateTimeOffset(DateTime.SpecifyKind(after, DateTimeKind.Unspecified), TimeSpan.Zero)) is { } next
            ? DateTime.SpecifyKind(next.UtcDateTime, DateTimeKind.Unspecified)
            : null;

    /// <summary>The moment of a reading; of one that comes twice the first.</summary>
    private DateTimeOffset? At(DateTime? reading)
    {
        if (reading is not { } wall) return null;
        if (Zone.IsInvalidTime(wall))
        {
            var gap = Jump.Around(Zone, wall);
            return GoesOn(gap) ? At(NextReading(gap.LastReading - Second)) : gap.At;
        }

        var offset = Zone.IsAmbiguousTime(wall) ? Jump.Around(Zone, wall).Before : Zone.GetUtcOffset(wall);
        return new DateTimeOffset(wall, offset).ToUniversalTime();
    }

    private bool GoesOn(Jump jump) =>
        HasReading(jump.FirstReading - Neighbourhood, jump.FirstReading) && HasReading(jump.FirstReading, jump.LastReading) && HasReading(jump.LastReading, jump.LastReading + Neighbourhood);

    private bool HasReading(DateTime from, DateTime before) => NextReading(from - Second) < before;

    /// <summary>A change of the zone's offset: the readings from first to last (exclusive) are left out, or come twice.</summary>
    private readonly record struct Jump(DateTimeOffset At, TimeSpan Before, TimeSpan After)
    {
        public DateTime FirstReading => (At + (Before < After ? Before : After)).DateTime;

        public DateTime LastReading => (At + (Before < After ? After : Before)).DateTime;

        /// <summary>The jump that touches <paramref name="reading"/>.</summary>
        public static Jump Around(TimeZoneInfo zone, DateTime reading)
        {
            var low = new DateTimeOffset(reading, TimeSpan.Zero).AddDays(-1);
            var high = low.AddDays(2);
            var before = zone.GetUtcOffset(low);
            while (high - low > Second)
            {
                var middle = new DateTimeOffset((low.UtcTicks + high.UtcTicks) / 2 / TimeSpan.TicksPerSecond * TimeSpan.TicksPerSecond, TimeSpan.Zero);
                if (zone.GetUtcOffset(middle) == before) low = middle;
                else high = middle;
            }

            return new Jump(high, before, zone.GetUtcOffset(high));
        }
    }
}

/// <param name="Reason">The unknown zone, or why the expression cannot be read.</param>
public sealed record OccurrenceProblem(bool IsZone, string Reason);
