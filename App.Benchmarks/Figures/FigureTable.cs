using System.Globalization;
using System.Text;

namespace BlazorAdmin.Benchmarks.Figures;

/// <summary>Figures as text: a line while the run goes on, a table (which is also Markdown) at its end.</summary>
public static class FigureTable
{
    private static readonly string[] Heads = ["Figure", "Value", "Unit", "Must", "Aim", "Holds", "Peer", "Peer value", "Probe"];

    public static string Line(Figure figure) => $"  {figure.Name}: {Number(figure.Value)} {figure.Unit}{(figure.IsVoid ? " (void)" : "")}";

    public static string Render(IReadOnlyList<Figure> figures)
    {
        string[][] rows = [Heads, .. figures.Select(Cells)];
        var widths = Enumerable.Range(0, Heads.Length).Select(column => rows.Max(row => row[column].Length)).ToArray();
        var text = new StringBuilder();
        for (var index = 0; index < rows.Length; index++)
        {
            Append(text, rows[index], widths);
            if (index == 0) Append(text, [.. widths.Select(width => new string('-', width))], widths);
        }

        return text.ToString();
    }

    private static string[] Cells(Figure figure) =>
    [
        figure.Name,
        Number(figure.Value),
        figure.Unit,
        Bound(figure.Must, figure.Better),
        Bound(figure.Aim, figure.Better),
        figure.IsVoid ? "void" : figure.Holds switch { true => "yes", false => "NO", null => "" },
        figure.Peer ?? "",
        figure.PeerValue is { } peer ? Number(peer) : "",
        $"{figure.Probe.Name} {figure.Probe.Share:P0}",
    ];

    private static void Append(StringBuilder text, string[] cells, int[] widths) =>
        text.Append("| ").AppendJoin(" | ", cells.Select((cell, column) => cell.PadRight(widths[column]))).AppendLine(" |");

    private static string Bound(double? bound, Better better) => bound is { } value ? $"{(better == Better.Lower ? "<=" : ">=")} {Number(value)}" : "";

    private static string Number(double value) => Math.Abs(value) switch
    {
        >= 1000 => value.ToString("N0", CultureInfo.InvariantCulture),
        >= 100 => value.ToString("0", CultureInfo.InvariantCulture),
        >= 10 => value.ToString("0.0", CultureInfo.InvariantCulture),
        _ => value.ToString("0.###", CultureInfo.InvariantCulture),
    };
}
