using System.Globalization;
using BlazorAdmin.Features.Notifications;

namespace BlazorAdmin.Tests.Features.Notifications;

public sealed class NotificationClockTests
{
    [Theory]
    [InlineData(null, null, 100, false)]
    [InlineData(600, 600, 600, false)]
    [InlineData(60, 120, 60, true)]
    [InlineData(60, 120, 119, true)]
    [InlineData(60, 120, 120, false)]
    [InlineData(1320, 360, 1439, true)]
    [InlineData(1320, 360, 0, true)]
    [InlineData(1320, 360, 359, true)]
    [InlineData(1320, 360, 360, false)]
    [InlineData(1320, 360, 720, false)]
    public void IsQuiet_AlsoOverMidnight(int? from, int? until, int minute, bool expected) => NotificationClock.IsQuiet(from, until, minute).ShouldBe(expected);

    [Theory]
    [InlineData("2026-11-21T07:00:00Z", 480, "2026-11-21T07:00:00Z")]
    [InlineData("2026-11-21T06:59:59Z", 480, "2026-11-20T07:00:00Z")]
    [InlineData("2026-11-21T22:30:00Z", 480, "2026-11-21T07:00:00Z")]
    // The night in which the clock skips from 2 to 3, and the one in which 2 to 3 comes twice.
    [InlineData("2026-03-29T03:00:00Z", 150, "2026-03-29T01:30:00Z")]
    [InlineData("2026-10-25T12:00:00Z", 150, "2026-10-25T01:30:00Z")]
    public void LastDigest_InTheZoneOfThePerson(string now, int digestAt, string expected) =>
        NotificationClock.LastDigest(At(now), TimeZoneInfo.FindSystemTimeZoneById("Europe/Berlin"), digestAt).ShouldBe(At(expected));

    private static DateTimeOffset At(string text) => DateTimeOffset.Parse(text, CultureInfo.InvariantCulture);
}
