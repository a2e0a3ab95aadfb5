namespace BlazorAdmin.Features.Notifications;

/// <summary>When somebody wants to be left alone and when their daily mail goes, in their time zone.</summary>
internal static class NotificationClock
{
    /// <param name="minute">Minutes after midnight where the person is.</param>
    public static bool IsQuiet(int? from, int? until, int minute) =>
        from is { } start && until is { } end && start != end && (start < end ? minute >= start && minute < end : minute >= start || minute < end);

    public static int MinuteOf(DateTimeOffset now, TimeZoneInfo zone) => (int)TimeZoneInfo.ConvertTime(now, zone).TimeOfDay.TotalMinutes;

    /// <summary>The last moment, not after <paramref name="now"/>, at which the daily mail went or should have gone. On the day that skips the hour it is an hour later.</summary>
    public static DateTimeOffset LastDigest(DateTimeOffset now, TimeZoneInfo zone, int digestAt)
    {
        var day = TimeZoneInfo.ConvertTime(now, zone).Date;
        var today = At(day);
        return today <= now ? today : At(day.AddDays(-1));

        DateTimeOffset At(DateTime date)
        {
            var local = DateTime.SpecifyKind(date.AddMinutes(digestAt), DateTimeKind.Unspecified);
            if (zone.IsInvalidTime(local)) local = local.AddHours(1);
            return new DateTimeOffset(local, zone.GetUtcOffset(local)).ToUniversalTime();
        }
    }
}
