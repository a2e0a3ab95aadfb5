using System.Globalization;
using System.Xml.Linq;

namespace BlazorAdmin.Features.Documents.Formats;

/// <summary>A chart as its title and a table: a row for each category, a column for each series, from the values kept in the file.</summary>
internal static class ChartText
{
    private const int MaxPoints = 10_000;

    public static void Write(XElement chart, FlowText flow)
    {
        if (chart.Descendants(Ns.C + "title").FirstOrDefault(title => title.Parent?.Name == Ns.C + "chart") is { } name) flow.Paragraph(DrawnTitle(name));
        var series = chart.Descendants(Ns.C + "ser").ToList();
        if (series.Count == 0) return;
        var columns = series.Select(one => (Name: Cached(one.Element(Ns.C + "tx")).Values.FirstOrDefault() ?? "", Values: Cached(one.Element(Ns.C + "val") ?? one.Element(Ns.C + "yVal")))).ToList();
        var categories = series.Select(one => Cached(one.Element(Ns.C + "cat") ?? one.Element(Ns.C + "xVal"))).FirstOrDefault(found => found.Count > 0) ?? [];
        var grid = new TableGrid();
        grid.NewRow();
        Add(grid, "");
        columns.ForEach(column => Add(grid, column.Name));
        foreach (var index in categories.Keys.Concat(columns.SelectMany(column => column.Values.Keys)).Distinct().Order().Take(MaxPoints))
        {
            grid.NewRow();
            Add(grid, categories.GetValueOrDefault(index, ""));
            columns.ForEach(column => Add(grid, column.Values.GetValueOrDefault(index, "")));
        }
        flow.Table(grid);
    }

    private static InlineText DrawnTitle(XElement title)
    {
        var text = new InlineText();
        foreach (var paragraph in title.Descendants(Ns.A + "p")) text.Add(DrawingText.Paragraph(paragraph));
        if (text.IsBlank) text.Add(string.Join(" ", Cached(title).Values));
        return text;
    }

    private static Dictionary<int, string> Cached(XElement? source)
    {
        var values = new Dictionary<int, string>();
        foreach (var point in source?.Descendants(Ns.C + "pt") ?? [])
        {
            if ((int?)point.Attribute("idx") is { } index && point.Element(Ns.C + "v") is { } value) values.TryAdd(index, Shown(value.Value));
        }
        if (values.Count == 0 && source?.Element(Ns.C + "v") is { } literal) values[0] = literal.Value;
        return values;
    }

    /// <summary>15 digits, as the program shows them.</summary>
    private static string Shown(string value) => value.Length > 15 && double.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
        ? number.ToString("G15", CultureInfo.InvariantCulture)
        : value;

    private static void Add(TableGrid grid, string text) => grid.Add(InlineText.Escape(text), text);
}
