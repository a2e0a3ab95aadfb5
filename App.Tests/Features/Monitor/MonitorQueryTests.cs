using BlazorAdmin.Features.Monitor;

namespace BlazorAdmin.Tests.Features.Monitor;

/// <summary>The Monitor tab's state and its address are one and the same.</summary>
public sealed class MonitorQueryTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 21, 12, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData("")]
    [InlineData("?range=7d")]
    [InlineData("?from=2026-11-20T10:00:00.000Z&to=2026-11-20T10:00:01.500Z")]
    [InlineData("?range=24h&compare=week&group=Disk&node=alpha%20one&hide=cpu.core.0,cpu.core.1&figures=1")]
    public void Address_ReadAndWritten_IsTheSame(string address)
    {
        var query = MonitorQuery.Parse(address);
        query.ToString().ShouldBe(address);
        query.IsBroken.ShouldBeFalse();
    }

    [Theory]
    [InlineData("?range=2h")]
    [InlineData("?from=yesterday&to=2026-11-20T10:00:00Z")]
    [InlineData("?from=2026-11-20T10:00:00Z")]
    [InlineData("?from=2026-11-20T10:00:00Z&to=2026-11-20T09:00:00Z")]
    [InlineData("?from=1990-01-01T00:00:00Z&to=2026-11-20T09:00:00Z")]
    public void Address_WithARangeThatCannotBeShown_SaysSoAndShowsTheDefault(string address)
    {
        var query = MonitorQuery.Parse(address);
        query.IsBroken.ShouldBeTrue();
        query.IsLive.ShouldBeTrue();
    }

    [Fact]
    public void Address_WithNonsenseElsewhere_IsLeftOut() =>
        MonitorQuery.Parse("?compare=moon&node=&unknown=%zz&hide=,").ToString().ShouldBe("");

    [Fact]
    public void IsLive_OtherNodeLongSpanOrComparison_IsPast()
    {
        MonitorQuery.Parse("?range=10m").IsLive.ShouldBeTrue();
        MonitorQuery.Parse("?range=1h").IsLive.ShouldBeFalse();
        MonitorQuery.Parse("?node=beta").IsLive.ShouldBeFalse();
        MonitorQuery.Parse("?compare=day").IsLive.ShouldBeFalse();
    }

    [Fact]
    public void Zoomed_AroundTheMiddle_NeverBeyondNow()
    {
        var query = new MonitorQuery().WithRange(Now.AddHours(-4), Now.AddHours(-2));
        query.Zoomed(0.5, Now).ShouldBe(query.WithRange(Now.AddHours(-3.5), Now.AddHours(-2.5)));
        var wide = query.Zoomed(8, Now).Range(Now);
        wide.To.ShouldBe(Now);
        (wide.To - wide.From).ShouldBe(TimeSpan.FromHours(16));
    }

    [Fact]
    public void Panned_KeepsTheLength_NeverBeyondNow()
    {
        var query = new MonitorQuery().WithRange(Now.AddHours(-2), Now.AddHours(-1));
        query.Panned(-0.5, Now).Range(Now).From.ShouldBe(Now.AddHours(-2.5));
        var last = query.Panned(5, Now).Range(Now);
        last.To.ShouldBe(Now);
        last.From.ShouldBe(Now.AddHours(-1));
    }

    [Fact]
    public void WithRange_TooShortOrReversed_IsMended()
    {
        var range = new MonitorQuery().WithRange(Now, Now.AddMilliseconds(-3)).Range(Now);
        (range.To - range.From).ShouldBe(MonitorQuery.Shortest);
        new MonitorQuery().WithRange(Now, Now.AddHours(-1)).Range(Now).From.ShouldBe(Now.AddHours(-1));
    }

    [Fact]
    public void Shift_ComparesWithTheChosenTime()
    {
        var range = new MonitorQuery { Span = MonitorSpan.Find("6h")! }.Range(Now);
        new MonitorQuery { Compare = MonitorComparison.Before }.Shift(range).ShouldBe(TimeSpan.FromHours(6));
        new MonitorQuery { Compare = MonitorComparison.Week }.Shift(range).ShouldBe(TimeSpan.FromDays(7));
        new MonitorQuery().Shift(range).ShouldBeNull();
    }

    [Fact]
    public void Toggled_Twice_IsAsBefore()
    {
        var query = new MonitorQuery().Toggled("cpu.total");
        query.Hidden.ShouldContain("cpu.total");
        query.Toggled("cpu.total").ToString().ShouldBe("");
    }
}
