using BlazorAdmin.Features.Monitor.Store;

namespace BlazorAdmin.Features.Monitor.Past;

/// <summary>What was read for one view of the past.</summary>
/// <param name="Shift">How far back the earlier range lies; null if none is shown.</param>
public sealed record PastView(MetricRange Range, MetricLevel Level, TimeSpan? Shift, IReadOnlyList<PastChart> Charts, IReadOnlyList<MetricMark> Marks, IReadOnlyList<FigureRow> Figures)
{
    public bool IsEmpty => Charts.All(chart => chart.Lines.All(line => line.Values.Times.Length == 0));

    public byte[] ToPayload() => PastPayload.Write(Range, Level != MetricLevel.Raw, Charts, Marks.Select(mark => (mark.At, Bad: mark.Kind.EndsWith(".failed", StringComparison.Ordinal))));
}

/// <summary>Figures of one line over the range, and the same of the earlier range if one is compared with.</summary>
public sealed record FigureRow(string Chart, string Label, MetricStatistics Figures, MetricStatistics? Earlier);
