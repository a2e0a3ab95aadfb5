using BlazorAdmin.Features.Monitor.Store;

namespace BlazorAdmin.Tests.Features.Monitor.Store;

public sealed class MetricRollupTests
{
    private const long Minute = 1_767_600_000_000;

    [Theory]
    [InlineData(21)]
    [InlineData(22)]
    public void Of_Samples_EqualsWhatIsCountedByHand(int seed)
    {
        var random = new Random(seed);
        var (times, values) = (TestSeries.Times(random, Minute, 600), TestSeries.Any(random, 600));
        var rollups = MetricRollup.Of(times, values, 1000).ToDictionary(r => r.At);
        var expected = times.Zip(values).Where(s => float.IsFinite(s.Second)).GroupBy(s => s.First / 1000 * 1000).ToDictionary(g => g.Key, g => g.Select(s => s.Second).ToArray());
        rollups.Keys.ShouldBe(expected.Keys, ignoreOrder: true);
        foreach (var (at, numbers) in expected)
        {
            rollups[at].Count.ShouldBe(numbers.Length);
            rollups[at].Min.ShouldBe(numbers.Min());
            rollups[at].Max.ShouldBe(numbers.Max());
            ((double)rollups[at].Mean).ShouldBe(numbers.Average(n => (double)n), Math.Max(1e-30, numbers.Max(n => Math.Abs((double)n)) * 1e-6));
            rollups[at].Sketch.Count.ShouldBe(numbers.Length);
        }
    }

    [Fact]
    public void Merge_OfSeconds_EqualsTheMinuteOfTheSamples()
    {
        var random = new Random(23);
        var (times, values) = (TestSeries.Times(random, Minute, 500), TestSeries.Traffic(random, 500, 0.5));
        var merged = MetricRollup.Merge(Minute, MetricRollup.Of(times, values, 1000), new MetricSketchSum())!;
        var whole = MetricRollup.Of(times, values, 60_000).Single();
        (merged.Count, merged.Min, merged.Max).ShouldBe((whole.Count, whole.Min, whole.Max));
        ((double)merged.Mean).ShouldBe(whole.Mean, whole.Max * 1e-6);
        merged.Sketch.Codes.ToArray().ShouldBe(whole.Sketch.Codes.ToArray());
        merged.Sketch.Counts.ToArray().ShouldBe(whole.Sketch.Counts.ToArray());
    }

    [Fact]
    public void Merge_SingleSpike_KeepsItExactly()
    {
        var values = Enumerable.Repeat(1f, 600).ToArray();
        values[321] = 98.7654f;
        var seconds = MetricRollup.Of([.. Enumerable.Range(0, 600).Select(i => Minute + i * 100L)], values, 1000);
        var minute = MetricRollup.Merge(Minute, seconds, new MetricSketchSum())!;
        MetricRollup.Merge(Minute, [minute, minute with { Max = 3 }], new MetricSketchSum())!.Max.ShouldBe(98.7654f);
    }

    [Fact]
    public void Merge_OfNothing_IsNothing() => MetricRollup.Merge(Minute, [], new MetricSketchSum()).ShouldBeNull();
}
