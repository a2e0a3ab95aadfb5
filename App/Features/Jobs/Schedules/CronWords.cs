using System.Globalization;
using Microsoft.Extensions.Localization;

namespace BlazorAdmin.Features.Jobs.Schedules;

/// <summary>Says the usual cron expressions in words; the others have none, and people read the expression itself.</summary>
internal static class CronWords
{
    private static readonly string[] Days = ["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"];

    public static string? Say(string cron, IStringLocalizer<SchedulesTexts> texts)
    {
        var fields = cron.Trim().ToUpperInvariant().Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        if (fields.Length is not (6 or 7) || fields is [_, _, _, _, _, _, not "*"]) return null;
        var (second, minute, hour, day, month, weekday) = (fields[0], fields[1], fields[2], fields[3], fields[4], fields[5]);
        var anyDay = IsAny(day) && IsAny(weekday) && IsAny(month);
        if (anyDay && hour == "*")
        {
            if (minute == "*") return second == "*" ? texts["CronEverySecond"].Value : Step(second, 60) is { } seconds ? texts["CronEverySeconds", seconds].Value : Number(second) is not null ? texts["CronEveryMinute"].Value : null;
            if (Number(second) is null) return null;
            return Step(minute, 60) is { } minutes ? texts["CronEveryMinutes", minutes].Value : Number(minute) is { } at ? texts["CronEveryHour", at.ToString("00", CultureInfo.InvariantCulture)].Value : null;
        }

        if (anyDay && Step(hour, 24) is { } hours && Number(minute) is { } past && Number(second) is not null) return texts["CronEveryHours", hours, past.ToString("00", CultureInfo.InvariantCulture)].Value;
        if (Times(hour, minute, second) is not { } times) return null;
        if (anyDay) return texts["CronDaily", times].Value;
        if (IsAny(day) && IsAny(month)) return Weekdays(weekday, texts) is { } days ? texts["CronOnDays", days, times].Value : null;
        if (!IsAny(weekday)) return null;
        if (IsAny(month)) return day == "L" ? texts["CronLastDay", times].Value : Number(day) is { } date ? texts["CronMonthly", date, times].Value : null;
        return Number(day) is { } dayOfYear && Number(month) is >= 1 and <= 12 and var name
            ? texts["CronYearly", dayOfYear, CultureInfo.CurrentCulture.DateTimeFormat.GetMonthName(name), times].Value
            : null;
    }

    private static bool IsAny(string field) => field is "*" or "?";

    private static int? Number(string field) => int.TryParse(field, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;

    /// <summary>The n of "*/n" or "a/n", where it divides the whole: otherwise the steps are not even.</summary>
    private static int? Step(string field, int whole) =>
        field.Split('/') is [var from, var step] && (from == "*" || Number(from) is not null) && Number(step) is > 1 and var n && whole % n == 0 && (Number(from) ?? 0) < n ? n : null;

    private static string? Times(string hours, string minute, string second)
    {
        if (Number(minute) is not { } m || Number(second) is not { } s) return null;
        var said = new List<string>();
        foreach (var hour in hours.Split(','))
        {
            if (Number(hour) is not (>= 0 and <= 23 and var h)) return null;
            said.Add(new TimeOnly(h, m, s).ToString(s == 0 ? "t" : "T", CultureInfo.CurrentCulture));
        }

        return said.Count > 6 ? null : string.Join(", ", said);
    }

    private static string? Weekdays(string field, IStringLocalizer<SchedulesTexts> texts)
    {
        if (field.Split('-') is [var first, var last]) return Day(first) is { } from && Day(last) is { } to ? texts["CronFromTo", from, to].Value : null;
        var names = field.Split(',').Select(Day).ToList();
        return names.Contains(null) ? null : string.Join(", ", names);
    }

    private static string? Day(string field)
    {
        var index = Number(field) is { } number ? number - 1 : Array.IndexOf(Days, field);
        return index is >= 0 and <= 6 ? CultureInfo.CurrentCulture.DateTimeFormat.GetDayName((DayOfWeek)index) : null;
    }
}
