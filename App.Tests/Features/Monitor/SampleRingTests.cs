using BlazorAdmin.Features.Monitor;

namespace BlazorAdmin.Tests.Features.Monitor;

public sealed class SampleRingTests
{
    [Fact]
    public void Read_NothingWritten_IsEmpty()
    {
        var ring = new SampleRing(10);
        ring.Read(1, 1, new double[5], new float[5]).Count.ShouldBe(0);
        ring.Last.ShouldBe(0);
    }

    [Fact]
    public void Read_SomeRows_GivesThemInOrder()
    {
        var ring = new SampleRing(10);
        for (var i = 1; i <= 5; i++) ring.Append(i * 100, [i, -i]).ShouldBe(i);
        var times = new double[10];
        var values = new float[20];
        ring.Read(3, 2, times, values).ShouldBe((3, 3));
        times[..3].ShouldBe([300, 400, 500]);
        values[..6].ShouldBe([3, -3, 4, -4, 5, -5]);
    }

    [Fact]
    public void Read_Overwritten_BeginsWithOldestLeft()
    {
        var ring = new SampleRing(10);
        for (var i = 1; i <= 25; i++) ring.Append(i, [i]);
        var values = new float[100];
        var (first, count) = ring.Read(1, 1, new double[100], values);
        first.ShouldBe(17);
        count.ShouldBe(9);
        values[..9].ShouldBe([17, 18, 19, 20, 21, 22, 23, 24, 25]);
        ring.Oldest.ShouldBe(17);
    }

    [Fact]
    public void Append_WiderRow_KeepsEarlierRowsWithUnknownColumns()
    {
        var ring = new SampleRing(10);
        ring.Append(1, [1]);
        ring.Append(2, [2, 22]);
        ring.Append(3, [3]);
        var values = new float[6];
        ring.Read(1, 2, new double[3], values).Count.ShouldBe(3);
        values.ShouldBe([1, float.NaN, 2, 22, 3, float.NaN]);
    }

    [Fact]
    public void Read_WiderThanRing_FillsWithUnknown()
    {
        var ring = new SampleRing(4);
        ring.Append(1, [1]);
        var values = new float[3];
        ring.Read(1, 3, new double[1], values);
        values.ShouldBe([1, float.NaN, float.NaN]);
    }

    [Fact]
    public void Append_Steady_AllocatesNothing()
    {
        var ring = new SampleRing(100);
        float[] row = [1, 2, 3];
        ring.Append(0, row);
        Measured.Agrees(() =>
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            for (var i = 0; i < 500; i++) ring.Append(i, row);
            (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBe(0);
        });
    }

    /// <summary>Every number of a row is its sequence number: a torn or misplaced row shows at once.</summary>
    [Fact]
    public async Task Read_WhileWriterRaces_NeverGivesTornRows()
    {
        const int Rows = 300_000;
        const int Width = 8;
        var ring = new SampleRing(64);
        var writer = Task.Run(() =>
        {
            var row = new float[Width];
            for (var i = 1; i <= Rows; i++)
            {
                Array.Fill(row, i);
                ring.Append(i, row.AsSpan(0, i < 1000 ? 4 : Width));
            }
        });
        var times = new double[64];
        var values = new float[64 * Width];
        var torn = 0;
        while (ring.Last < Rows)
        {
            var (first, count) = ring.Read(0, Width, times, values);
            for (var i = 0; i < count; i++)
            {
                if (times[i] != first + i) torn++;
                for (var k = 0; k < Width; k++)
                    if (values[i * Width + k] != first + i && !float.IsNaN(values[i * Width + k])) torn++;
            }
        }
        await writer;
        torn.ShouldBe(0);
    }
}
