using BlazorAdmin.Features.Monitor.Application;

namespace BlazorAdmin.Tests.Features.Monitor.Application;

public sealed class DurationSketchTests
{
    [Theory]
    [InlineData("log-normal")]
    [InlineData("Pareto")]
    [InlineData("two peaks")]
    public void Quantile_ManyDurations_IsWithinOnePercentOfExact(string family)
    {
        var random = new Random(7);
        var durations = Enumerable.Range(0, 100_000).Select(_ => family switch
        {
            "log-normal" => 0.02 * Math.Exp(Normal(random)),
            "Pareto" => Math.Min(500, 0.001 / Math.Pow(1 - random.NextDouble(), 1 / 1.2)),
            _ => random.Next(2) == 0 ? 0.001 + random.NextDouble() * 0.0005 : 2 + random.NextDouble(),
        }).ToArray();
        var sketch = new DurationSketch();
        foreach (var duration in durations) sketch.Record(duration);
        sketch.Turn().ShouldBe(durations.Length);
        Array.Sort(durations);
        foreach (var share in new[] { 0.25, 0.49, 0.9, 0.95, 0.99, 0.999 })
        {
            var exact = durations[(int)Math.Ceiling(share * durations.Length) - 1];
            sketch.Quantile(share).ShouldBe(exact, exact * 0.0101, $"{family} {share}");
        }
    }

    [Fact]
    public void Quantile_AfterTenTurns_ForgetsWhatLeft()
    {
        var sketch = new DurationSketch();
        double.IsNaN(sketch.Quantile(0.5)).ShouldBeTrue();
        sketch.Record(1);
        sketch.Turn();
        sketch.Record(0.001);
        for (var i = 0; i < 9; i++)
        {
            sketch.Turn();
            sketch.Quantile(1).ShouldBe(1, 0.01);
        }
        sketch.Turn();
        sketch.Count.ShouldBe(1);
        sketch.Quantile(1).ShouldBe(0.001, 0.00001);
        sketch.Turn();
        double.IsNaN(sketch.Quantile(1)).ShouldBeTrue();
    }

    [Fact]
    public void Record_FromManyThreads_LosesNothing()
    {
        var sketch = new DurationSketch();
        long turned = 0;
        Parallel.For(0, 8, thread =>
        {
            for (var i = 0; i < 20_000; i++) sketch.Record((i % 500 + 1) * 1e-3);
            if (thread == 0) Interlocked.Add(ref turned, sketch.Turn());
        });
        (turned + sketch.Turn()).ShouldBe(160_000);
        sketch.Count.ShouldBe(160_000);
    }

    [Fact]
    public void Record_BeyondTheEnds_StaysInTheFirstAndLastBucket()
    {
        var sketch = new DurationSketch();
        sketch.Record(0);
        sketch.Record(-1);
        sketch.Record(1e9);
        sketch.Record(double.NaN);
        sketch.Turn().ShouldBe(4);
        sketch.Quantile(0.1).ShouldBe(1e-6);
        sketch.Quantile(1).ShouldBeGreaterThan(900);
    }

    private static double Normal(Random random) => Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
}
