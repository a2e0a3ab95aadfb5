using System.Globalization;

namespace BlazorAdmin.Shell.Lists;

/// <summary>Filters that are days: what a person picks on their calendar, and the instants that the query names so that a link means the same to everybody.</summary>
internal static class ListDays
{
    public const string Format = "yyyy-MM-dd";

    /// <summary>The filter's value for a day; the last day of a range counts as a whole.</summary>
    public static string Write(Display display, RangeEnd end, DateOnly day) =>
        display.StartOf(end == RangeEnd.To ? day.AddDays(1) : day).ToString("yyyy-MM-dd'T'HH:mm'Z'", CultureInfo.InvariantCulture);

    /// <summary>The day that stands in the field; null for a value that is no time.</summary>
    public static DateOnly? Read(Display display, RangeEnd end, string? value) =>
        Instant(value) is { } at ? display.Day(end == RangeEnd.To ? at.AddTicks(-1) : at) : null;

    public static DateTimeOffset? Instant(string? value) =>
        DateTimeOffset.TryParse(value, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var at) && at.Year is > 1 and < 9999 ? at : null;
}
