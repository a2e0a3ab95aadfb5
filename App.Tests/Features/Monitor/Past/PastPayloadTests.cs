using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text.Json;
using BlazorAdmin.Features.Monitor;
using BlazorAdmin.Features.Monitor.Past;
using BlazorAdmin.Features.Monitor.Store;

namespace BlazorAdmin.Tests.Features.Monitor.Past;

/// <summary>What past charts send to the browser can be read back by the layout that it states.</summary>
public sealed class PastPayloadTests
{
    private static readonly DateTimeOffset From = new(2026, 11, 21, 12, 0, 0, TimeSpan.Zero);
    private static readonly double Start = From.ToUnixTimeMilliseconds();

    [Fact]
    public void Write_TwoCharts_AreReadBack()
    {
        var one = Line("cpu.total", [0, 100], [1, 2]);
        var other = Line("load.1", [0, 100, 200], [4, float.NaN, 6]);
        var (header, charts) = Read(PastPayload.Write(
            new MetricRange(From, From.AddSeconds(1)), banded: true,
            [new("cpu", MetricKind.Percent, 100, [new(one, "--c1", "2 %", false)]), new("load", MetricKind.Load, null, [new(other, "--c1", null, false)])], [(From, true)]));

        header.GetProperty("from").GetDouble().ShouldBe(Start);
        header.GetProperty("marks")[0].GetProperty("bad").GetBoolean().ShouldBeTrue();
        header.GetProperty("charts")[0].GetProperty("kind").GetString().ShouldBe("Percent");
        charts[0].Times.ShouldBe([Start, Start + 100]);
        charts[0].Lines[0].ShouldBe([1, 2]);
        charts[1].Lines[0].ShouldBe([4, float.NaN, 6]);
    }

    [Fact]
    public void Write_LinesWithOtherTimes_ShareAnAxisAndKeepTheirGaps()
    {
        var often = Line("a", [0, 100, 200, 300, 400], [1, 2, 3, 4, 5]);
        var seldom = Line("b", [0, 200, 400], [10, 20, float.NaN]);
        var (_, charts) = Read(PastPayload.Write(new MetricRange(From, From.AddSeconds(1)), false, [new("x", MetricKind.Load, null, [new(often, "--c1", null, false), new(seldom, "--c2", null, false)])], []));
        charts[0].Lines[0].ShouldBe([1, 2, 3, 4, 5]);
        charts[0].Lines[1].ShouldBe([10, 15, 20, float.NaN, float.NaN]);
    }

    [Fact]
    public void Write_Nothing_IsAnEmptyChart()
    {
        var (header, charts) = Read(PastPayload.Write(new MetricRange(From, From.AddSeconds(1)), false, [new("x", MetricKind.Load, null, [])], []));
        header.GetProperty("charts")[0].GetProperty("points").GetInt32().ShouldBe(0);
        charts[0].Times.ShouldBeEmpty();
    }

    private static MetricLine Line(string key, double[] offsets, float[] values) => new(key, MetricKind.Load, [.. offsets.Select(offset => Start + offset)], values, values, values);

    private static (JsonElement Header, IReadOnlyList<(double[] Times, IReadOnlyList<float[]> Lines)> Charts) Read(byte[] payload)
    {
        payload.AsSpan(0, 4).SequenceEqual("BMP1"u8).ShouldBeTrue();
        var length = (int)BinaryPrimitives.ReadUInt32LittleEndian(payload.AsSpan(4));
        var header = JsonDocument.Parse(payload.AsMemory(8, length)).RootElement;
        var at = Next(8 + length);
        var charts = new List<(double[], IReadOnlyList<float[]>)>();
        foreach (var chart in header.GetProperty("charts").EnumerateArray())
        {
            var points = chart.GetProperty("points").GetInt32();
            var times = MemoryMarshal.Cast<byte, double>(payload.AsSpan(at, points * 8)).ToArray();
            at += points * 8;
            var lines = new List<float[]>();
            for (var line = 0; line < chart.GetProperty("lines").GetArrayLength(); line++, at += points * 12) lines.Add(MemoryMarshal.Cast<byte, float>(payload.AsSpan(at, points * 4)).ToArray());
            charts.Add((times, lines));
            at = Next(at);
        }

        at.ShouldBe(payload.Length);
        return (header, charts);
    }

    private static int Next(int at) => (at + 7) / 8 * 8;
}
