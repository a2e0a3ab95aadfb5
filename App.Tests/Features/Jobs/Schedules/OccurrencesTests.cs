using System.Globalization;
using BlazorAdmin.Features.Jobs.Schedules;

namespace BlazorAdmin.Tests.Features.Jobs.Schedules;

public sealed class OccurrencesTests
{
    [Theory]
    // Left out by the clock: once, at the first moment after.
    [InlineData("0 30 2 * * ?", "Europe/Berlin", "2026-03-28T12:00Z", "2026-03-29T01:00Z 2026-03-30T00:30Z")]
    [InlineData("0 30 2 * * ?", "America/New_York", "2026-03-07T12:00Z", "2026-03-08T07:00Z 2026-03-09T06:30Z")]
    [InlineData("0 0/15 2 * * ?", "Europe/Berlin", "2026-03-28T12:00Z", "2026-03-29T01:00Z 2026-03-30T00:00Z")]
    [InlineData("0 0 0/2 * * ?", "Europe/Berlin", "2026-03-28T23:00Z", "2026-03-29T01:00Z 2026-03-29T02:00Z 2026-03-29T04:00Z")]
    // Twice by the clock: the first time.
    [InlineData("0 30 2 * * ?", "Europe/Berlin", "2026-10-24T12:00Z", "2026-10-25T00:30Z 2026-10-26T01:30Z")]
    [InlineData("0 30 1 * * ?", "America/New_York", "2026-10-31T12:00Z", "2026-11-01T05:30Z 2026-11-02T06:30Z")]
    [InlineData("0 0/30 2 * * ?", "Europe/Berlin", "2026-10-24T12:00Z", "2026-10-25T00:00Z 2026-10-25T00:30Z 2026-10-26T01:00Z")]
    [InlineData("0 0 1/2 * * ?", "America/New_York", "2026-11-01T03:30Z", "2026-11-01T05:00Z 2026-11-01T08:00Z")]
    // Going on through it: by elapsed time.
    [InlineData("0 0/15 * * * ?", "Europe/Berlin", "2026-03-29T00:30Z", "2026-03-29T00:45Z 2026-03-29T01:00Z 2026-03-29T01:15Z")]
    [InlineData("0 7/15 * * * ?", "Europe/Berlin", "2026-03-29T00:40Z", "2026-03-29T00:52Z 2026-03-29T01:07Z 2026-03-29T01:22Z")]
    [InlineData("0 0/30 * * * ?", "America/New_York", "2026-11-01T05:15Z", "2026-11-01T05:30Z 2026-11-01T06:00Z 2026-11-01T06:30Z 2026-11-01T07:00Z")]
    [InlineData("0 0/30 * * * ?", "America/New_York", "2026-03-08T06:15Z", "2026-03-08T06:30Z 2026-03-08T07:00Z 2026-03-08T07:30Z")]
    // The calendar.
    [InlineData("0 0 12 29 2 ?", "Europe/Berlin", "2026-01-01T00:00Z", "2028-02-29T11:00Z 2032-02-29T11:00Z")]
    [InlineData("0 0 9 ? * MON-FRI", "UTC", "2026-11-20T09:00Z", "2026-11-23T09:00Z 2026-11-24T09:00Z")]
    [InlineData("30 59 23 L * ?", "UTC", "2026-02-01T00:00Z", "2026-02-28T23:59:30Z 2026-03-31T23:59:30Z")]
    public void Next_AcrossJumpsOfTheClock_IsDueOnceAndInOrder(string cron, string zone, string after, string expected)
    {
        var occurrences = Occurrences.Parse(cron, zone);
        var times = expected.Split(' ').Select(At).ToList();

        occurrences.Between(At(after), times[^1]).ShouldBe(times);
    }

    [Theory]
    [InlineData("Europe/Berlin")]
    [InlineData("America/New_York")]
    [InlineData("Australia/Lord_Howe")]
    [InlineData("Africa/Cairo")]
    [InlineData("UTC")]
    public void Between_AYearOfEveryQuarter_HasNoHoleAndNoDouble(string zone)
    {
        var from = new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

        var times = Occurrences.Parse("0 0/15 * * * ?", zone).Between(from.AddTicks(-1), from.AddYears(1)).ToList();

        times.Zip(times.Skip(1), (a, b) => b - a).Distinct().ShouldBe([TimeSpan.FromMinutes(15)]);
    }

    [Theory]
    [InlineData("Europe/Berlin", 2, 30)]
    [InlineData("America/New_York", 1, 30)]
    [InlineData("America/New_York", 2, 0)]
    public void Between_AYearOfDailyTimes_HasOneForEachDay(string zone, int hour, int minute)
    {
        var occurrences = Occurrences.Parse(string.Create(CultureInfo.InvariantCulture, $"0 {minute} {hour} * * ?"), zone);
        var from = new DateTimeOffset(2026, 1, 1, 12, 0, 0, TimeSpan.Zero);

        var days = occurrences.Between(from, from.AddDays(365)).Select(at => DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(at, occurrences.Zone).DateTime)).ToList();

        days.ShouldBe(Enumerable.Range(1, 365).Select(day => DateOnly.FromDateTime(from.Date).AddDays(day)));
    }

    [Fact]
    public void Next_FromAnyMomentAroundTheJump_AgreesWithTheWholeOrder()
    {
        foreach (var (zone, day) in new[] { ("Europe/Berlin", "2026-03-28T22:00Z"), ("Europe/Berlin", "2026-10-24T22:00Z"), ("America/New_York", "2026-03-08T04:00Z"), ("America/New_York", "2026-11-01T03:00Z") })
            foreach (var cron in new[] { "0 0/20 * * * ?", "0 30 2 * * ?", "0 30 1 * * ?", "0 0/20 2 * * ?", "0 0 0/3 * * ?", "30 5,35 1-3 * * ?" })
            {
                var occurrences = Occurrences.Parse(cron, zone);
                var whole = occurrences.Between(At(day), At(day).AddHours(12)).ToList();
                for (var at = At(day); at < whole[^1]; at = at.AddSeconds(247)) occurrences.Next(at).ShouldBe(whole.First(w => w > at), $"{cron} in {zone} after {at:o}");
            }
    }

    [Fact]
    public void Last_LongTimeOfASecondlySchedule_IsBoundedAndSaysSo()
    {
        var until = new DateTimeOffset(2026, 6, 1, 0, 0, 0, TimeSpan.Zero);
        var secondly = Occurrences.Parse("* * * * * ?", "UTC");

        var last = secondly.Last(until.AddYears(-3), until, 1000, out var cut);

        (last.Count, last[0], last[^1], cut).ShouldBe((1000, until.AddSeconds(-999), until, true));
        secondly.Last(until.AddSeconds(-3), until, 1000, out cut).Count.ShouldBe(3);
        cut.ShouldBeFalse();
        Occurrences.Parse("0 0 0 1 1 ?", "UTC").Last(until.AddYears(-3), until, 2, out cut).Select(at => at.Year).ShouldBe([2025, 2026]);
        cut.ShouldBeTrue();
    }

    [Theory]
    [InlineData("0 0 25 * * ?", "UTC", false)]
    [InlineData("0 0 * * *", "UTC", false)]
    [InlineData("", "UTC", false)]
    [InlineData("nonsense", "UTC", false)]
    [InlineData("0 0 3 * * ?", "Europe/Atlantis", true)]
    [InlineData("0 0 3 * * ?", "", true)]
    public void TryParse_WhatCannotBeRead_SaysWhichOfTheTwo(string cron, string zone, bool isZone)
    {
        Occurrences.TryParse(cron, zone, out var problem).ShouldBeNull();
        problem!.IsZone.ShouldBe(isZone);
    }

    [Fact]
    public void Holidays_OnceYearlyAndFaults_AreReadLineByLine()
    {
        var days = HolidayDays.Parse("2026-12-24 Christmas Eve\n\n--12-25\n  --02-29 leap\n24.12.2026\n--13-01\n2026-12-24\n--12-26 " + new string('x', 101), out var problems);

        days.Count.ShouldBe(3);
        days.Contains(new DateOnly(2026, 12, 24)).ShouldBeTrue();
        days.Contains(new DateOnly(2027, 12, 24)).ShouldBeFalse();
        days.Contains(new DateOnly(2031, 12, 25)).ShouldBeTrue();
        // The day is the zone's: in Berlin it has begun already.
        days.Contains(At("2030-12-24T23:30Z"), TimeZoneInfo.FindSystemTimeZoneById("Europe/Berlin")).ShouldBeTrue();
        days.Contains(At("2030-12-24T23:30Z"), TimeZoneInfo.Utc).ShouldBeFalse();
        problems.ShouldBe([new(5, "24.12.2026", HolidayFault.NoDay), new(6, "--13-01", HolidayFault.NoDay), new(7, "2026-12-24", HolidayFault.Twice), new(8, "--12-26", HolidayFault.LongName)]);
    }

    private static DateTimeOffset At(string text) => DateTimeOffset.Parse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal).ToUniversalTime();
}
