using BlazorAdmin.Features.Monitor.Store;

namespace BlazorAdmin.Tests.Features.Monitor.Store;

public sealed class MetricSketchTests
{
    private static readonly double[] Shares = [0, 0.01, 0.25, 0.5, 0.9, 0.95, 0.99, 0.999, 1];

    public static TheoryData<string> Families => ["log-normal", "pareto", "two humps", "around zero", "negative", "tiny"];

    [Theory]
    [MemberData(nameof(Families))]
    public void Quantile_OfManyNumbers_IsWithinOnePercent(string family)
    {
        var values = Draw(family, new Random(11), 100_000);
        var sum = new MetricSketchSum();
        foreach (var value in values) sum.Add(value);
        Array.Sort(values);
        foreach (var share in Shares) ShouldBeNear(sum.Quantile(share), values[(int)Math.Floor(share * (values.Length - 1))], $"{family} {share}");
    }

    [Theory]
    [MemberData(nameof(Families))]
    public void Merge_OfParts_IsTheSketchOfTheUnion(string family)
    {
        var random = new Random(12);
        var values = Draw(family, random, 20_000);
        var sum = new MetricSketchSum();
        for (var first = 0; first < values.Length;)
        {
            var length = Math.Min(random.Next(1, 700), values.Length - first);
            sum.Add(MetricSketch.Of(values.AsSpan(first, length)));
            first += length;
        }
        var (merged, whole) = (sum.ToSketch(), MetricSketch.Of(values));
        merged.Codes.ToArray().ShouldBe(whole.Codes.ToArray());
        merged.Counts.ToArray().ShouldBe(whole.Counts.ToArray());
        merged.Count.ShouldBe(values.Length);
    }

    [Fact]
    public void Add_NotFinite_IsLeftOut()
    {
        var sum = new MetricSketchSum();
        sum.Add(float.NaN);
        sum.Add(float.PositiveInfinity);
        sum.Count.ShouldBe(0);
        sum.Quantile(0.5).ShouldBe(double.NaN);
        MetricSketch.Of([float.NaN, 3, float.NegativeInfinity]).Count.ShouldBe(1);
    }

    [Fact]
    public void Code_ExtremesOfTheType_AreInTheirBuckets()
    {
        foreach (var value in new[] { float.MaxValue, float.MinValue, 1e-9f * 1.01f, -1e-8f })
            ShouldBeNear(MetricSketch.Value(MetricSketch.Code(value)), value, "extreme");
        MetricSketch.Code(float.Epsilon).ShouldBe(0);
    }

    [Fact]
    public void Clear_Used_BeginsAnew()
    {
        var sum = new MetricSketchSum();
        sum.Add(5);
        sum.Add(-7);
        sum.Clear();
        sum.Add(100);
        sum.Count.ShouldBe(1);
        ShouldBeNear(sum.Quantile(0), 100, "what was cleared is gone");
    }

    private static void ShouldBeNear(double found, double exact, string because) =>
        Math.Abs(found - exact).ShouldBeLessThanOrEqualTo(Math.Abs(exact) < 1e-9 ? 1e-9 : Math.Abs(exact) * MetricSketch.Accuracy * (1 + 1e-6), because);

    private static float[] Draw(string family, Random random, int count) =>
    [
        .. Enumerable.Range(0, count).Select(_ => (float)(family switch
        {
            "log-normal" => Math.Exp(2 * Normal(random)),
            "pareto" => Math.Pow(1 - random.NextDouble(), -1 / 1.2),
            "two humps" => random.Next(2) == 0 ? 10 + Normal(random) : 10_000 + 300 * Normal(random),
            "around zero" => random.Next(3) == 0 ? 0 : Normal(random),
            "negative" => -Math.Exp(Normal(random)) - 5,
            _ => Math.Exp(3 * Normal(random) - 15),
        })),
    ];

    private static double Normal(Random random) => Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
}
