using BlazorAdmin.Features.Monitor;
using BlazorAdmin.Features.Monitor.Store;

namespace BlazorAdmin.Tests.Features.Monitor.Store;

public sealed class LineTests
{
    private static readonly MetricRange Range = new(DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch.AddSeconds(60));

    [Fact]
    public void SampleLine_Gap_IsOnePointOfNaN()
    {
        var line = new SampleLine();
        foreach (var at in new long[] { 100, 200, 300, 900, 1000, 1100 }) line.Add(at, at);
        var drawn = line.ToLine("x", MetricKind.Percent, Range, 100, 2000);
        drawn.Times.ShouldBe([100, 200, 300, 400, 900, 1000, 1100]);
        float.IsNaN(drawn.Mean[3]).ShouldBeTrue();
        drawn.Mean.Where(float.IsFinite).Count().ShouldBe(6);
    }

    [Fact]
    public void SampleLine_OneSampleLate_IsDrawnThrough()
    {
        var line = new SampleLine();
        foreach (var at in new long[] { 100, 200, 480, 500 }) line.Add(at, 1);
        line.ToLine("x", MetricKind.Percent, Range, 100, 2000).Times.Length.ShouldBe(4);
    }

    [Fact]
    public void SampleLine_TakenLessOftenThanNow_HasNoGaps()
    {
        var line = new SampleLine();
        for (var at = 0; at < 60_000; at += 1000) line.Add(at, 1);
        line.ToLine("x", MetricKind.Percent, Range, 100, 2000).Mean.ShouldAllBe(mean => float.IsFinite(mean));
    }

    [Fact]
    public void SampleLine_MoreThanWanted_IsDrawnTogetherWithItsExtremes()
    {
        var line = new SampleLine();
        for (var at = 0; at < 60_000; at += 100) line.Add(at, at == 31_400 ? 99 : 1);
        var drawn = line.ToLine("x", MetricKind.Percent, Range, 100, 50);
        drawn.Times.Length.ShouldBeLessThanOrEqualTo(50);
        drawn.Max.Max().ShouldBe(99);
        drawn.Min.ShouldAllBe(min => min == 1);
    }

    [Fact]
    public void SampleLine_NaN_IsNoPoint()
    {
        var line = new SampleLine();
        line.Add(100, float.NaN);
        line.ToLine("x", MetricKind.Percent, Range, 100, 2000).Times.ShouldBeEmpty();
    }

    [Fact]
    public void LineBuilder_Gaps_TakeThePlaceOfEmptyPoints()
    {
        var builder = new LineBuilder(0, 60_000, 1000);
        for (var second = 0; second < 60; second++)
            if (second is < 10 or 12 or > 40) builder.Add(second * 1000, second);
        var line = builder.ToLine("x", MetricKind.Percent);
        line.Times.Length.ShouldBeLessThanOrEqualTo(60);
        line.Times.Where((_, i) => float.IsNaN(line.Mean[i])).ShouldBe([13_000]);
    }

    [Fact]
    public void LineBuilder_EverySeventhSecond_IsNoGap()
    {
        var builder = new LineBuilder(0, 60_000, 1000);
        for (var second = 0; second < 60; second += 7) builder.Add(second * 1000, 1);
        builder.ToLine("x", MetricKind.Percent).Mean.ShouldAllBe(mean => float.IsFinite(mean));
    }

    [Fact]
    public void LineBuilder_RollupsAndSamples_WeighByCount()
    {
        var builder = new LineBuilder(0, 60_000, 60_000);
        builder.Add(new MetricRollup(0, 9, 1, 3, 2, MetricSketch.Empty));
        builder.Add(30_000, 12);
        var line = builder.ToLine("x", MetricKind.Percent);
        (line.Min.Single(), line.Max.Single(), line.Mean.Single()).ShouldBe((1, 12, 3));
    }

    [Fact]
    public void TheilSen_LineWithOutliers_IsItsSlope()
    {
        var random = new Random(41);
        var points = Enumerable.Range(0, 100).Select(i => ((double)i, i % 9 == 0 ? 1e6 * random.NextDouble() : 5 + 0.25 * i)).ToList();
        TheilSen.Slope(points)!.Value.ShouldBe(0.25, 1e-9 + 0.01);
        TheilSen.Slope(points.Take(7).ToList()).ShouldBeNull();
    }
}
