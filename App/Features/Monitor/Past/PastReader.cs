using BlazorAdmin.Features.Monitor.Store;

namespace BlazorAdmin.Features.Monitor.Past;

/// <summary>Reads what a view of the past shows: lines, those of the earlier range, marks and figures.</summary>
public sealed class PastReader(MetricHistory history, TimeProvider time)
{
    /// <summary>Points of a line: about one for every second pixel of a wide screen.</summary>
    public const int Points = 600;

    /// <param name="charts">The charts to show; hidden lines of the query are left out.</param>
    /// <param name="format">Writes a value of a kind for the legend.</param>
    public async Task<PastView> ReadAsync(MonitorQuery query, IReadOnlyList<MetricChart> charts, Func<double, MetricKind, string> format, CancellationToken cancellation = default)
    {
        var range = query.Range(time.GetUtcNow());
        var shift = query.Shift(range);
        var keys = charts.SelectMany(chart => chart.Lines).Select(line => line.Key).Where(key => !query.Hidden.Contains(key)).Distinct().ToList();
        var page = await history.ReadAsync(range, keys, query.Node, Points, cancellation);
        var now = page.Lines.ToDictionary(line => line.Key);
        var before = shift is { } by ? (await history.ReadAsync(Earlier(range, by), keys, query.Node, Points, cancellation)).Lines.ToDictionary(line => line.Key, line => Moved(line, by)) : [];
        var marks = await history.MarksAsync(range, cancellation);
        var figures = query.Figures ? await FiguresAsync(query, range, shift, charts, keys, cancellation) : [];
        return new PastView(range, page.Level, shift, [.. charts.Select(chart => Chart(chart, now, before, format))], marks, figures);
    }

    private async Task<IReadOnlyList<FigureRow>> FiguresAsync(
        MonitorQuery query, MetricRange range, TimeSpan? shift, IReadOnlyList<MetricChart> charts, IReadOnlyList<string> keys, CancellationToken cancellation)
    {
        var now = (await history.StatisticsAsync(range, keys, query.Node, cancellation)).ToDictionary(figures => figures.Key);
        var before = shift is { } by ? (await history.StatisticsAsync(Earlier(range, by), keys, query.Node, cancellation)).ToDictionary(figures => figures.Key) : [];
        return
        [
            .. from chart in charts
               from line in chart.Lines
               where now.ContainsKey(line.Key) && now[line.Key].Count > 0
               select new FigureRow(chart.Title, line.Label, now[line.Key], before.GetValueOrDefault(line.Key)),
        ];
    }

    private static PastChart Chart(MetricChart chart, Dictionary<string, MetricLine> now, Dictionary<string, MetricLine> before, Func<double, MetricKind, string> format)
    {
        var lines = new List<PastLine>();
        for (var i = 0; i < chart.Lines.Count; i++)
        {
            // A line that is switched off, or has nothing here, keeps its place in the legend.
            var key = chart.Lines[i].Key;
            var line = now.GetValueOrDefault(key) ?? new MetricLine(key, chart.Kind, [], [], [], []);
            lines.Add(new PastLine(line, ChartDefinition.ColorAt(i), Latest(line) is { } value ? format(value, chart.Kind) : null, Earlier: false));
        }

        lines.AddRange(chart.Lines.Select((line, i) => (Values: before.GetValueOrDefault(line.Key), Color: ChartDefinition.ColorAt(i))).Where(line => line.Values is not null)
            .Select(line => new PastLine(line.Values!, line.Color, null, Earlier: true)));
        var whole = chart.MaxKey is { } max && now.TryGetValue(max, out var top) ? Latest(top) : null;
        return new PastChart(chart.Id, chart.Kind, chart.Max ?? whole, lines);
    }

    private static double? Latest(MetricLine line)
    {
        for (var i = line.Mean.Length - 1; i >= 0; i--)
            if (!float.IsNaN(line.Mean[i])) return line.Mean[i];
        return null;
    }

    private static MetricRange Earlier(MetricRange range, TimeSpan by) => new(range.From - by, range.To - by);

    private static MetricLine Moved(MetricLine line, TimeSpan by) => line with { Times = [.. line.Times.Select(at => at + by.TotalMilliseconds)] };
}
