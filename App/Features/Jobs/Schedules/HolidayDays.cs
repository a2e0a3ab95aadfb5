using System.Collections.Frozen;
using System.Globalization;

namespace BlazorAdmin.Features.Jobs.Schedules;

/// <summary>The days of a <see cref="HolidayCalendar"/>, read.</summary>
public sealed class HolidayDays
{
    private const int LongestName = 100;

    private readonly FrozenSet<DateOnly> _once;
    private readonly FrozenSet<(int Month, int Day)> _yearly;

    private HolidayDays(IEnumerable<DateOnly> once, IEnumerable<(int, int)> yearly) => (_once, _yearly) = (once.ToFrozenSet(), yearly.ToFrozenSet());

    public static HolidayDays None { get; } = new([], []);

    public int Count => _once.Count + _yearly.Count;

    /// <summary>Reads one day a line: <c>2026-12-24</c> once, <c>--12-25</c> every year; a name may follow. Empty lines are fine.</summary>
    /// <param name="problems">The lines that cannot be read; the rest is taken.</param>
    public static HolidayDays Parse(string text, out IReadOnlyList<HolidayProblem> problems)
    {
        var found = new List<HolidayProblem>();
        var once = new HashSet<DateOnly>();
        var yearly = new HashSet<(int, int)>();
        var number = 0;
        foreach (var raw in text.ReplaceLineEndings("\n").Split('\n'))
        {
            number++;
            var line = raw.Trim();
            if (line.Length == 0) continue;
            var parts = line.Split((char[])[' ', '\t'], 2, StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
            var fault = parts is [_, { Length: > LongestName }] ? HolidayFault.LongName
                // A leap year, so that --02-29 is a day.
                : parts[0].StartsWith("--", StringComparison.Ordinal)
                    ? !DateOnly.TryParseExact("2024-" + parts[0][2..], "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) ? HolidayFault.NoDay
                    : yearly.Add((day.Month, day.Day)) ? null : HolidayFault.Twice
                : !DateOnly.TryParseExact(parts[0], "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var date) ? HolidayFault.NoDay
                : once.Add(date) ? null
                : (HolidayFault?)HolidayFault.Twice;
            if (fault is { } why) found.Add(new HolidayProblem(number, parts[0], why));
        }

        problems = found;
        return new HolidayDays(once, yearly);
    }

    public bool Contains(DateOnly day) => _once.Contains(day) || _yearly.Contains((day.Month, day.Day));

    /// <summary>Whether the day of <paramref name="at"/> in <paramref name="zone"/> is one.</summary>
    public bool Contains(DateTimeOffset at, TimeZoneInfo zone) => Count > 0 && Contains(DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(at, zone).DateTime));
}

public enum HolidayFault
{
    NoDay,
    Twice,
    LongName,
}

/// <param name="Line">From 1.</param>
public sealed record HolidayProblem(int Line, string Text, HolidayFault Fault);
