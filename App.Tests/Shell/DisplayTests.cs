using BlazorAdmin.Shell;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Localization;

namespace BlazorAdmin.Tests.Shell;

public sealed class DisplayTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 21, 2, 30, 0, TimeSpan.Zero);

    [Theory]
    [InlineData("en", 0, "now")]
    [InlineData("en", 1 * 60, "1 minute ago")]
    [InlineData("en", 41, "41 seconds ago")]
    [InlineData("en", 3 * 60 + 20, "3 minutes ago")]
    [InlineData("en", -2 * 3600, "in 2 hours")]
    [InlineData("en", 86400, "yesterday")]
    [InlineData("en", 5 * 86400, "5 days ago")]
    [InlineData("en", 90 * 86400, "23 Aug 2026")]
    [InlineData("de", 0, "jetzt")]
    [InlineData("de", 60, "vor 1 Minute")]
    [InlineData("de", 3 * 60, "vor 3 Minuten")]
    [InlineData("de", -86400, "morgen")]
    [InlineData("de", 86400 * 2, "vor 2 Tagen")]
    [InlineData("de", 90 * 86400, "23. Aug. 2026")]
    public void Ago_Distance_ReadsAsPeopleSay(string culture, int secondsAgo, string expected)
    {
        using var context = new ShellContext(culture);
        Of(context).Ago(Now.AddSeconds(-secondsAgo)).ShouldBe(expected);
    }

    [Theory]
    [InlineData("en", 0, "0\u00A0B")]
    [InlineData("en", 999, "999\u00A0B")]
    [InlineData("en", 1_000, "1\u00A0kB")]
    [InlineData("en", 999_960, "1\u00A0MB")]
    [InlineData("en", 9_800_000_000, "9.8\u00A0GB")]
    [InlineData("de", 9_800_000_000, "9,8\u00A0GB")]
    [InlineData("en", 123_456_789, "123\u00A0MB")]
    [InlineData("en", long.MaxValue, "9223\u00A0PB")]
    public void Bytes_Amount_HasOneDigitAtMost(string culture, long bytes, string expected)
    {
        using var context = new ShellContext(culture);
        Of(context).Bytes(bytes).ShouldBe(expected);
    }

    [Theory]
    [InlineData("en", 0.624, "62\u00A0%")]
    [InlineData("en", 0.012, "1.2\u00A0%")]
    [InlineData("en", 1, "100\u00A0%")]
    [InlineData("de", 0.012, "1,2\u00A0%")]
    [InlineData("en", double.NaN, "unknown")]
    public void Percent_Share_IsRounded(string culture, double share, string expected)
    {
        using var context = new ShellContext(culture);
        Of(context).Percent(share).ShouldBe(expected);
    }

    [Theory]
    [InlineData("en", 0.0412, "41 ms")]
    [InlineData("en", 1.94, "1.9 s")]
    [InlineData("en", 41.9, "41 s")]
    [InlineData("en", 130, "2 min 10 s")]
    [InlineData("en", 120, "2 min")]
    [InlineData("en", 11_040, "3 h 4 min")]
    [InlineData("en", 190_800, "2 d 5 h")]
    [InlineData("de", 190_800, "2 T. 5 Std.")]
    [InlineData("en", -5, "0 ms")]
    public void Duration_Span_HasTwoUnitsAtMost(string culture, double seconds, string expected)
    {
        using var context = new ShellContext(culture);
        Of(context).Duration(TimeSpan.FromSeconds(seconds)).ShouldBe(expected);
    }

    [Fact]
    public void Exact_OtherZone_NamesTheOffset()
    {
        using var context = new ShellContext();
        var display = Of(context);
        display.UseZone("Europe/Berlin").ShouldBeTrue();
        display.Exact(Now).ShouldBe("21 Nov 2026, 3:30:00\u202FAM (UTC+01:00)");
        display.Clock(Now).ShouldBe("03:30:00");
    }

    [Fact]
    public void Exact_German_IsNative()
    {
        using var context = new ShellContext("de");
        var display = Of(context);
        display.UseZone("Europe/Berlin");
        display.Exact(Now).ShouldBe("21. Nov. 2026, 03:30:00 (UTC+01:00)");
    }

    [Fact]
    public void UseZone_UnknownName_KeepsTheZone()
    {
        using var context = new ShellContext();
        var display = Of(context);
        display.UseZone("Mars/Olympus").ShouldBeFalse();
        display.Zone.ShouldBe(TimeZoneInfo.Utc);
    }

    [Theory]
    [InlineData("en", "10,000+")]
    [InlineData("de", "10.000+")]
    public void Total_CutOff_EndsWithPlus(string culture, string expected)
    {
        using var context = new ShellContext(culture);
        Of(context).Total(10_000, more: true).ShouldBe(expected);
    }

    private static Display Of(ShellContext context) =>
        new(context.Services.GetRequiredService<IStringLocalizer<ShellTexts>>(), new FakeTime(Now));
}
