using System.Globalization;
using Microsoft.Extensions.Localization;

namespace BlazorAdmin.Shell;

/// <summary>Writes times, sizes and amounts as the person reads them: their language, their time zone. One per circuit or request.</summary>
public sealed class Display(IStringLocalizer<ShellTexts> texts, TimeProvider time)
{
    private static readonly string[] Units = ["B", "kB", "MB", "GB", "TB", "PB"];

    /// <summary>The person's time zone; UTC until the shell has read their preference.</summary>
    public TimeZoneInfo Zone { get; private set; } = TimeZoneInfo.Utc;

    public DateTimeOffset Now => time.GetUtcNow();

    private static CultureInfo Culture => CultureInfo.CurrentCulture;

    /// <summary>Takes an IANA name such as Europe/Berlin; an unknown or empty name leaves the zone as it is and returns false.</summary>
    public bool UseZone(string? iana)
    {
        if (string.IsNullOrWhiteSpace(iana) || !TimeZoneInfo.TryFindSystemTimeZoneById(iana, out var zone))
            return false;
        Zone = zone;
        return true;
    }

    /// <summary>The day of the person's calendar.</summary>
    public DateOnly Day(DateTimeOffset at) => DateOnly.FromDateTime(Local(at).DateTime);

    /// <summary>When the day begins where the person is, in UTC.</summary>
    public DateTimeOffset StartOf(DateOnly day) => Instant(day.ToDateTime(TimeOnly.MinValue));

    /// <summary>The moment of a wall time where the person is, in UTC. One that the change of the clocks leaves out means the one an hour later.</summary>
    public DateTimeOffset Instant(DateTime wall)
    {
        wall = System.DateTime.SpecifyKind(wall, DateTimeKind.Unspecified);
        if (Zone.IsInvalidTime(wall)) wall = wall.AddHours(1);
        return new DateTimeOffset(wall, Zone.GetUtcOffset(wall)).ToUniversalTime();
    }

    public DateTimeOffset Local(DateTimeOffset at) => TimeZoneInfo.ConvertTime(at, Zone);

    /// <summary>Date and time to the second with the offset's name, for titles and details: "21 Nov 2026, 03:14:07 (UTC+01:00)".</summary>
    public string Exact(DateTimeOffset at)
    {
        var local = Local(at);
        var offset = local.Offset == TimeSpan.Zero ? "UTC" : local.ToString("'UTC'zzz", CultureInfo.InvariantCulture);
        return $"{Date(at)}, {local.ToString("T", Culture)} ({offset})";
    }

    public string Date(DateTimeOffset at) => Local(at).ToString(DatePattern, Culture);

    /// <summary>"21 Nov 2026, 03:14": short form for cells.</summary>
    public string DateTime(DateTimeOffset at) => $"{Date(at)}, {Local(at).ToString("t", Culture)}";

    /// <summary>Hours, minutes and seconds, for log lines.</summary>
    public string Clock(DateTimeOffset at) => Local(at).ToString("HH:mm:ss", CultureInfo.InvariantCulture);

    /// <summary>"now", "3 minutes ago", "in 2 hours", "yesterday"; beyond 30 days the date. The browser keeps it current in the same words.</summary>
    public string Ago(DateTimeOffset at)
    {
        var distance = time.GetUtcNow() - at;
        var span = distance.Duration();
        if (span < TimeSpan.FromSeconds(5)) return texts["Now"];
        var past = distance > TimeSpan.Zero;
        if (span < TimeSpan.FromSeconds(60)) return Relative("Seconds", (int)span.TotalSeconds, past);
        if (span < TimeSpan.FromMinutes(60)) return Relative("Minutes", (int)span.TotalMinutes, past);
        if (span < TimeSpan.FromHours(24)) return Relative("Hours", (int)span.TotalHours, past);
        var days = (int)span.TotalDays;
        if (days == 1) return texts[past ? "Yesterday" : "Tomorrow"];
        return days <= 30 ? Relative("Days", days, past) : Date(at);
    }

    /// <summary>"0.4 s", "41 s", "2 min 10 s", "3 h 4 min", "2 d 5 h": two units at most.</summary>
    public string Duration(TimeSpan span)
    {
        if (span < TimeSpan.Zero) span = TimeSpan.Zero;
        if (span < TimeSpan.FromMilliseconds(1)) return texts["DurationMilliseconds", "0"];
        if (span < TimeSpan.FromMilliseconds(100)) return texts["DurationMilliseconds", Math.Round(span.TotalMilliseconds).ToString("0", Culture)];
        if (span < TimeSpan.FromSeconds(10)) return texts["DurationSeconds", span.TotalSeconds.ToString("0.0", Culture)];
        if (span < TimeSpan.FromSeconds(60)) return texts["DurationSeconds", ((int)span.TotalSeconds).ToString(Culture)];
        if (span < TimeSpan.FromHours(1)) return Two("DurationMinutes", span.Minutes, "DurationSeconds", span.Seconds);
        if (span < TimeSpan.FromDays(1)) return Two("DurationHours", span.Hours, "DurationMinutes", span.Minutes);
        return Two("DurationDays", (int)span.TotalDays, "DurationHours", span.Hours);
    }

    /// <summary>Decimal units, as disks and networks are sold: 9.8 GB is 9,800,000,000 bytes.</summary>
    public string Bytes(long bytes)
    {
        double amount = Math.Abs((double)bytes);
        var unit = 0;
        while (Math.Round(amount, 1) >= 1000 && unit < Units.Length - 1)
        {
            amount /= 1000;
            unit++;
        }
        var digits = unit == 0 || amount >= 100 ? "0" : "0.#";
        return $"{(bytes < 0 ? "-" : "")}{amount.ToString(digits, Culture)}\u00A0{Units[unit]}";
    }

    /// <summary>A share from 0 to 1: "62 %", with one digit below 10 % where it says something.</summary>
    public string Percent(double share)
    {
        if (double.IsNaN(share)) return texts["Unknown"];
        var percent = share * 100;
        var digits = Math.Abs(percent) < 9.95 && Math.Abs(percent - Math.Round(percent)) >= 0.05 ? "0.0" : "0";
        var number = percent.ToString(digits, Culture);
        return $"{number}\u00A0%";
    }

    public string Number(long count) => count.ToString("N0", Culture);

    public string Number(double amount, int digits = 1) => amount.ToString($"N{digits}", Culture);

    /// <summary>A total that may have been cut off: "10,000+".</summary>
    public string Total(long count, bool more) => Number(count) + (more ? "+" : "");

    private static string DatePattern => Culture.TwoLetterISOLanguageName == "de" ? "d. MMM yyyy" : "d MMM yyyy";

    private string Relative(string unit, int count, bool past) => texts.Count(unit + (past ? "Ago" : "Ahead"), count);

    private string Two(string first, int a, string second, int b)
    {
        string head = texts[first, a.ToString(Culture)];
        return b == 0 ? head : $"{head} {texts[second, b.ToString(Culture)]}";
    }
}
