using BlazorAdmin.Features.Monitor.Store;

namespace BlazorAdmin.Tests.Features.Monitor.Store;

public sealed class ChunkTests
{
    private const long Start = 1_767_600_000_000;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void RawChunk_AnyNumbers_ComeBackBitForBit(int seed)
    {
        var random = new Random(seed);
        for (var round = 0; round < 60; round++)
        {
            var values = TestSeries.Any(random, random.Next(1, 700));
            Bits(RawChunk.Unpack(RawChunk.Pack(values))).ShouldBe(Bits(values));
        }
    }

    [Fact]
    public void RawChunk_SameNumber_TakesAFewBytes()
    {
        var values = Enumerable.Repeat(float.NaN, 600).ToArray();
        var data = RawChunk.Pack(values);
        data.Length.ShouldBeLessThan(10);
        Bits(RawChunk.Unpack(data)).ShouldBe(Bits(values));
    }

    [Fact]
    public void RawChunk_Damaged_IsRefused()
    {
        var data = RawChunk.Pack(TestSeries.Cpu(new Random(4), 600, 0.3));
        Should.Throw<InvalidDataException>(() => RawChunk.Unpack(data.AsSpan(0, data.Length / 2)));
        Should.Throw<InvalidDataException>(() => RawChunk.Unpack([]));
        Should.Throw<InvalidDataException>(() => RawChunk.Unpack([99, .. data.AsSpan(1)]));
    }

    [Theory]
    [InlineData(5)]
    [InlineData(6)]
    public void ClockChunk_Times_ComeBackToTheMillisecond(int seed)
    {
        var random = new Random(seed);
        for (var round = 0; round < 60; round++)
        {
            var times = TestSeries.Times(random, Start, random.Next(0, 700));
            ClockChunk.Unpack(ClockChunk.Pack(times, Start), Start).ShouldBe(times);
        }
    }

    [Theory]
    [InlineData(7)]
    [InlineData(8)]
    public void RollupChunk_Rollups_ComeBackWithTheirSketches(int seed)
    {
        var random = new Random(seed);
        for (var round = 0; round < 30; round++)
        {
            var values = TestSeries.Any(random, 600);
            var rollups = MetricRollup.Of(TestSeries.Times(random, Start, 600), values, 1000).Where(_ => random.Next(5) > 0).ToList();
            var back = RollupChunk.Unpack(RollupChunk.Pack(rollups, Start, 1000), Start, 1000, sketches: true);
            back.Select(Plain).ShouldBe(rollups.Select(Plain));
            for (var i = 0; i < back.Count; i++)
            {
                back[i].Sketch.Codes.ToArray().ShouldBe(rollups[i].Sketch.Codes.ToArray());
                back[i].Sketch.Counts.ToArray().ShouldBe(rollups[i].Sketch.Counts.ToArray());
            }
            RollupChunk.Unpack(RollupChunk.Pack(rollups, Start, 1000), Start, 1000, sketches: false).Select(Plain).ShouldBe(rollups.Select(Plain));
        }
    }

    /// <summary>A machine of two busy cores: what a stored sample takes, the times included.</summary>
    [Fact]
    public void Chunks_SeriesOfAMachine_TakeTwoAndAHalfBytesASample()
    {
        var random = new Random(9);
        const int Count = 600;
        List<float[]> series =
        [
            TestSeries.Cpu(random, Count, 0.3), TestSeries.Cpu(random, Count, 0.2), TestSeries.Cpu(random, Count, 0.05),
            TestSeries.Load(random, Count), TestSeries.Load(random, Count), TestSeries.Load(random, Count),
            TestSeries.Memory(random, Count, 8e9), TestSeries.Memory(random, Count, 4e9), TestSeries.Memory(random, Count, 3e9), TestSeries.Memory(random, Count, 1e9),
            [.. Enumerable.Repeat(1.6e10f, Count)], [.. Enumerable.Repeat(0f, Count)],
            TestSeries.Traffic(random, Count, 0.3), TestSeries.Traffic(random, Count, 0.1), TestSeries.Traffic(random, Count, 0.9), TestSeries.Traffic(random, Count, 0.9),
        ];
        const int Head = 24;
        var bytes = series.Sum(values => RawChunk.Pack(values).Length + Head) + ClockChunk.Pack(TestSeries.Times(random, Start, Count), Start).Length + Head;
        (bytes / (double)(series.Count * Count)).ShouldBeLessThan(2.5);
    }

    private static uint[] Bits(float[] values) => [.. values.Select(BitConverter.SingleToUInt32Bits)];

    private static (long, int, uint, uint, uint) Plain(MetricRollup r) =>
        (r.At, r.Count, BitConverter.SingleToUInt32Bits(r.Min), BitConverter.SingleToUInt32Bits(r.Max), BitConverter.SingleToUInt32Bits(r.Mean));
}
