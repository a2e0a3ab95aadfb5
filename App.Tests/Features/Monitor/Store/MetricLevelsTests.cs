using BlazorAdmin.Features.Monitor;
using BlazorAdmin.Features.Monitor.Store;

namespace BlazorAdmin.Tests.Features.Monitor.Store;

public sealed class MetricLevelsTests
{
    private static readonly DateTimeOffset Now = new(2026, 6, 1, 12, 0, 0, TimeSpan.Zero);
    private static readonly MonitorOptions Options = new();

    // Minutes of length, days ago, points wanted.
    [Theory]
    [InlineData(3, 0, 2000, MetricLevel.Raw)]
    [InlineData(10, 0, 2000, MetricLevel.Raw)]
    [InlineData(11, 0, 2000, MetricLevel.Second)]
    [InlineData(30, 0, 200, MetricLevel.Second)]
    [InlineData(300, 0, 2000, MetricLevel.Second)]
    [InlineData(400, 0, 2000, MetricLevel.Minute)]
    [InlineData(7 * 1440, 0, 2000, MetricLevel.Minute)]
    [InlineData(30 * 1440, 0, 2000, MetricLevel.Hour)]
    [InlineData(3, 3, 2000, MetricLevel.Second)]
    [InlineData(3, 20, 2000, MetricLevel.Minute)]
    [InlineData(3, 400, 2000, MetricLevel.Hour)]
    [InlineData(3, 9000, 2000, MetricLevel.Hour)]
    public void Choose_ByLengthAndAge_TakesTheFinestThatIsKeptAndFits(int minutes, int daysAgo, int points, MetricLevel level)
    {
        var to = Now.AddDays(-daysAgo);
        MetricLevels.Choose(new MetricRange(to.AddMinutes(-minutes), to), Now, points, 100, Options).ShouldBe(level);
    }

    [Fact]
    public void Choose_SlowerSampling_StaysRawForLonger() =>
        MetricLevels.Choose(new MetricRange(Now.AddHours(-1.5), Now), Now, 2000, 1000, Options).ShouldBe(MetricLevel.Raw);

    [Fact]
    public void StepFor_AnyRange_NeverGivesMorePointsThanWanted()
    {
        var random = new Random(31);
        foreach (var level in MetricLevels.FromFine)
        {
            for (var round = 0; round < 200; round++)
            {
                var from = Now.AddMilliseconds(-random.NextInt64(1, 400L * 86_400_000));
                var range = new MetricRange(from, from.AddMilliseconds(random.NextInt64(1, (long)(Now - from).TotalMilliseconds + 1)));
                var most = random.Next(2, 3000);
                var step = MetricLevels.StepFor(range, level, most);
                MetricLevels.Points(range.From.ToUnixTimeMilliseconds(), range.To.ToUnixTimeMilliseconds(), step).ShouldBeLessThanOrEqualTo(most);
                (step % Math.Max(1, level.Step())).ShouldBe(0);
            }
        }
    }

    [Fact]
    public void Spans_OfCoarserLevels_HoldWholeFinerOnes()
    {
        (MetricLevel.Minute.Span() % MetricLevel.Second.Span()).ShouldBe(0);
        MetricLevel.Minute.Span().ShouldBe(MetricLevel.Hour.Step());
        (MetricLevel.Hour.Span() % MetricLevel.Minute.Span()).ShouldBe(0);
    }
}
