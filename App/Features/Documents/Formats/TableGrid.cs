using System.Text;

namespace BlazorAdmin.Features.Documents.Formats;

/// <summary>A table with merged cells, written with every covered cell filled in Markdown, which knows no merged cells, and once in plain text.</summary>
internal sealed class TableGrid
{
    private const int MaxColumns = 1_024;
    private const int LongestRepeated = 1_000;
    private readonly List<List<Cell?>> _rows = [];
    private readonly Dictionary<(int Row, int Column), Cell> _reserved = [];

    public int Rows => _rows.Count;

    public int Columns => _rows.Count == 0 ? 0 : _rows.Max(row => row.Count);

    public bool IsBlank => _rows.TrueForAll(row => row.TrueForAll(cell => cell is null || cell.Plain.Length == 0));

    public void NewRow()
    {
        _rows.Add([]);
        Fill();
    }

    /// <param name="rows">Rows that the cell covers, itself included.</param>
    public void Add(string markdown, string plain, int columns = 1, int rows = 1)
    {
        if (_rows.Count == 0) NewRow();
        var row = _rows[^1];
        var cell = new Cell(markdown, plain, false);
        var covered = new Cell(markdown.Length <= LongestRepeated ? markdown : "", "", true);
        for (var column = 0; column < Math.Clamp(columns, 1, MaxColumns) && row.Count < MaxColumns; column++)
        {
            for (var below = 1; below < Math.Clamp(rows, 1, 1_000); below++) _reserved[(_rows.Count - 1 + below, row.Count)] = covered;
            row.Add(column == 0 ? cell : covered);
        }
        Fill();
    }

    /// <summary>The cell above goes on here.</summary>
    public void Continue(int columns)
    {
        var row = _rows[^1];
        for (var column = 0; column < Math.Clamp(columns, 1, MaxColumns) && row.Count < MaxColumns; column++)
        {
            var above = _rows.Count > 1 && row.Count < _rows[^2].Count ? _rows[^2][row.Count] : null;
            row.Add(new Cell(above?.Markdown is { Length: <= LongestRepeated } text ? text : "", "", true));
        }
    }

    /// <summary>The table in parts of about <paramref name="size"/> characters, each with the first row as its head.</summary>
    public IEnumerable<(string Markdown, string Plain)> Parts(int size)
    {
        var columns = Columns;
        if (columns == 0) yield break;
        var head = Line(_rows[0], columns) + "|" + string.Concat(Enumerable.Repeat(" - |", columns)) + "\n";
        var (markdown, plain) = (new StringBuilder(head), new StringBuilder(PlainLine(_rows[0])));
        foreach (var row in _rows.Skip(1))
        {
            if (plain.Length > size)
            {
                yield return (markdown.ToString().TrimEnd('\n'), plain.ToString().TrimEnd('\n'));
                markdown.Clear().Append(head);
                plain.Clear();
            }
            markdown.Append(Line(row, columns));
            plain.Append(PlainLine(row));
        }
        yield return (markdown.ToString().TrimEnd('\n'), plain.ToString().TrimEnd('\n'));
    }

    private static string Line(List<Cell?> row, int columns)
    {
        var text = new StringBuilder("|");
        for (var column = 0; column < columns; column++) text.Append(' ').Append(column < row.Count ? row[column]?.Markdown : "").Append(" |");
        return text.Append('\n').ToString();
    }

    private static string PlainLine(List<Cell?> row) => string.Join('\t', row.Select(cell => cell?.Plain ?? "")).TrimEnd('\t') is { Length: > 0 } line ? line + "\n" : "";

    /// <summary>All texts in one line, for a table inside a cell.</summary>
    public string Flat(bool markdown) => string.Join(' ', _rows.SelectMany(row => row).Where(cell => cell is { IsCovered: false }).Select(cell => markdown ? cell!.Markdown : cell!.Plain).Where(text => text.Length > 0));

    private void Fill()
    {
        var row = _rows[^1];
        while (_reserved.Remove((_rows.Count - 1, row.Count), out var covered)) row.Add(covered);
    }

    private sealed record Cell(string Markdown, string Plain, bool IsCovered);
}
