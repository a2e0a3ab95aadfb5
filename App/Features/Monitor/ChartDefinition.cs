using System.Text.Json;
using System.Text.Json.Serialization;

namespace BlazorAdmin.Features.Monitor;

/// <summary>One line of a chart.</summary>
/// <param name="Index">Column of a sample.</param>
/// <param name="Color">Name of a colour token.</param>
public sealed record ChartSeries(int Index, string Label, string Color);

/// <summary>What a live chart or sparkline shows; live-chart.js reads it as JSON.</summary>
/// <param name="Title">For screen readers.</param>
/// <param name="Window">Seconds shown.</param>
/// <param name="Max">Upper end of the scale; null to follow the values.</param>
public sealed record ChartDefinition(string Title, MetricKind Kind, int Window, double? Max, IReadOnlyList<ChartSeries> Series)
{
    /// <summary>Column whose value is the upper end of the scale, for parts of a whole.</summary>
    public int? MaxIndex { get; init; }

    private static readonly JsonSerializerOptions Format = new(JsonSerializerDefaults.Web) { Converters = { new JsonStringEnumConverter() } };

    public string ToJson() => JsonSerializer.Serialize(this, Format);

    /// <summary>A chart of metrics that share a unit; colours follow the order.</summary>
    public static ChartDefinition Of(string title, int window, IEnumerable<(Metric Metric, string Label)> lines)
    {
        var series = lines.ToList();
        var kind = series.Count > 0 ? series[0].Metric.Kind : MetricKind.Percent;
        return new ChartDefinition(title, kind, window, kind == MetricKind.Percent ? 100 : null,
            [.. series.Select((line, i) => new ChartSeries(line.Metric.Index, line.Label, ColorAt(i)))]);
    }

    /// <summary>Token of the n-th line; six colours, then the dash of the line tells them apart.</summary>
    public static string ColorAt(int position) => $"--c{position % 6 + 1}";
}
