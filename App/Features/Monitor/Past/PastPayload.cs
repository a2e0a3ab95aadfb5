using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.Json.Serialization;
using BlazorAdmin.Features.Monitor.Store;

namespace BlazorAdmin.Features.Monitor.Past;

/// <summary>One line as it is drawn.</summary>
/// <param name="Color">Name of a colour token.</param>
/// <param name="Text">What the legend says while nothing is pointed at.</param>
/// <param name="Earlier">It belongs to the range that is compared with, moved onto this one.</param>
public sealed record PastLine(MetricLine Values, string Color, string? Text, bool Earlier);

/// <summary>One chart as it is drawn.</summary>
/// <param name="Max">Upper end of the scale; null to follow the values.</param>
public sealed record PastChart(string Id, MetricKind Kind, double? Max, IReadOnlyList<PastLine> Lines);

/// <summary>
/// Everything a page of past charts draws, as it travels to the browser: "BMP1", length of the header (u32), header as JSON,
/// padding to eight bytes; then per chart its times (f64, Unix milliseconds), per line mean, low and high (f32, NaN for a
/// gap), padding to eight bytes. Little-endian.
/// </summary>
public static class PastPayload
{
    private const uint Magic = 0x3150_4D42;

    private static readonly JsonSerializerOptions Format = new(JsonSerializerDefaults.Web) { Converters = { new JsonStringEnumConverter() } };

    /// <param name="banded">The points are summaries: low and high differ from the mean.</param>
    public static byte[] Write(MetricRange range, bool banded, IReadOnlyList<PastChart> charts, IEnumerable<(DateTimeOffset At, bool Bad)> marks)
    {
        var drawn = charts.Select(chart => (Chart: chart, Times: Axis(chart.Lines))).ToList();
        var header = JsonSerializer.SerializeToUtf8Bytes(
            new
            {
                from = range.From.ToUnixTimeMilliseconds(),
                to = range.To.ToUnixTimeMilliseconds(),
                banded,
                marks = marks.Select(mark => new { at = mark.At.ToUnixTimeMilliseconds(), bad = mark.Bad }),
                charts = drawn.Select(one => new { one.Chart.Id, one.Chart.Kind, one.Chart.Max, points = one.Times.Length, lines = one.Chart.Lines.Select(line => new { line.Color, line.Text, line.Earlier }) }),
            },
            Format);
        using var payload = new MemoryStream();
        Span<byte> start = stackalloc byte[8];
        BinaryPrimitives.WriteUInt32LittleEndian(start, Magic);
        BinaryPrimitives.WriteUInt32LittleEndian(start[4..], (uint)header.Length);
        payload.Write(start);
        payload.Write(header);
        Pad(payload);
        foreach (var (chart, times) in drawn)
        {
            payload.Write(MemoryMarshal.AsBytes(times.AsSpan()));
            foreach (var line in chart.Lines)
            {
                var places = Places(line.Values.Times, times);
                payload.Write(MemoryMarshal.AsBytes(Align(line.Values.Mean, places, times.Length)));
                payload.Write(MemoryMarshal.AsBytes(Align(line.Values.Min, places, times.Length)));
                payload.Write(MemoryMarshal.AsBytes(Align(line.Values.Max, places, times.Length)));
            }

            Pad(payload);
        }

        return payload.ToArray();
    }

    /// <summary>All times at which a line has a point, in order: lines of one chart share an axis.</summary>
    internal static double[] Axis(IReadOnlyList<PastLine> lines)
    {
        if (lines.Count == 0) return [];
        var first = lines[0].Values.Times;
        if (lines.All(line => line.Values.Times.AsSpan().SequenceEqual(first))) return first;
        return [.. lines.SelectMany(line => line.Values.Times).Distinct().Order()];
    }

    private static int[] Places(double[] times, double[] axis)
    {
        var places = new int[times.Length];
        for (int i = 0, at = 0; i < times.Length; i++)
        {
            while (axis[at] < times[i]) at++;
            places[i] = at;
        }

        return places;
    }

    private static ReadOnlySpan<float> Align(float[] values, int[] places, int length)
    {
        if (values.Length == length) return values;
        var aligned = new float[length];
        // Where only other lines have a point this one is not interrupted: it goes on from neighbour to neighbour.
        Array.Fill(aligned, float.NaN);
        for (var i = 0; i < places.Length; i++)
        {
            aligned[places[i]] = values[i];
            if (i == 0 || float.IsNaN(values[i]) || float.IsNaN(values[i - 1])) continue;
            var (from, to) = (places[i - 1], places[i]);
            for (var at = from + 1; at < to; at++) aligned[at] = values[i - 1] + (values[i] - values[i - 1]) * (at - from) / (to - from);
        }

        return aligned;
    }

    private static void Pad(MemoryStream payload)
    {
        while (payload.Length % 8 != 0) payload.WriteByte(0);
    }
}
