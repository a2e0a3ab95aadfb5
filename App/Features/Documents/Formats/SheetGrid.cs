using System.Globalization;
using BlazorAdmin.Features.Documents.Reading;

namespace BlazorAdmin.Features.Documents.Formats;

/// <summary>
/// The filled cells of one sheet. Cells that touch each other are one table; what stands apart is a table of its own, and a cell
/// alone is a paragraph.
/// </summary>
internal sealed class SheetGrid
{
    private const int MaxCells = 1_000_000;
    private const int MaxMergedCells = 10_000;
    private readonly SortedDictionary<(int Row, int Column), string> _cells = [];
    private readonly Dictionary<(int Row, int Column), (int Row, int Column)> _covered = [];

    /// <exception cref="ReadStoppedException">More cells than are held.</exception>
    public void Set(int row, int column, string text)
    {
        if (text.Length == 0) return;
        if (_cells.Count >= MaxCells) throw new ReadStoppedException(ReadOutcome.TooLarge, new ReadReason("TooManyCells", (MaxCells / 1_000_000).ToString(CultureInfo.InvariantCulture)));
        _cells[(row, column)] = text;
    }

    /// <summary>Cells from one corner to the other show what stands in the first.</summary>
    public void Merge((int Row, int Column) first, (int Row, int Column) last)
    {
        if (!_cells.ContainsKey(first) || last.Row < first.Row || last.Column < first.Column || (last.Row - first.Row + 1L) * (last.Column - first.Column + 1L) > MaxMergedCells) return;
        for (var row = first.Row; row <= last.Row; row++)
        {
            for (var column = first.Column; column <= last.Column; column++)
                if ((row, column) != first && !_cells.ContainsKey((row, column))) _covered[(row, column)] = first;
        }
    }

    public void Write(FlowText flow, CancellationToken cancel)
    {
        foreach (var area in Areas(cancel))
        {
            cancel.ThrowIfCancellationRequested();
            if (area.Top == area.Bottom && area.Left == area.Right) flow.Paragraph(_cells[(area.Top, area.Left)]);
            else flow.Table(Table(area));
        }
    }

    private TableGrid Table(Area area)
    {
        var grid = new TableGrid();
        for (var row = area.Top; row <= area.Bottom; row++)
        {
            grid.NewRow();
            for (var column = area.Left; column <= area.Right; column++)
            {
                var isCovered = _covered.TryGetValue((row, column), out var first);
                var text = _cells.GetValueOrDefault(isCovered ? first : (row, column), "").ReplaceLineEndings("\n").Replace('\t', ' ').Trim();
                grid.Add(InlineText.Escape(text).Replace("\n", "<br>"), isCovered ? "" : text.Replace('\n', ' '));
            }
        }
        return grid;
    }

    /// <summary>Bounds of the groups of cells that touch at a side; groups whose bounds overlap are one.</summary>
    private List<Area> Areas(CancellationToken cancel)
    {
        var filled = new HashSet<(int Row, int Column)>(_cells.Keys);
        filled.UnionWith(_covered.Keys);
        var areas = new List<Area>();
        var queue = new Queue<(int Row, int Column)>();
        foreach (var start in filled.Order())
        {
            if (!filled.Remove(start)) continue;
            cancel.ThrowIfCancellationRequested();
            var area = new Area(start.Row, start.Column, start.Row, start.Column);
            queue.Enqueue(start);
            while (queue.TryDequeue(out var cell))
            {
                area = area.With(cell);
                foreach (var next in ((int Row, int Column)[])[(cell.Row - 1, cell.Column), (cell.Row + 1, cell.Column), (cell.Row, cell.Column - 1), (cell.Row, cell.Column + 1)])
                {
                    if (filled.Remove(next)) queue.Enqueue(next);
                }
            }
            areas.Add(area);
        }
        return Join(areas);
    }

    private static List<Area> Join(List<Area> areas)
    {
        // Quadratic: a sheet of more islands than this is no set of tables but one with gaps.
        if (areas.Count > 300) return [areas.Aggregate((all, area) => all.Union(area))];
        for (var again = true; again;)
        {
            again = false;
            for (var i = 0; i < areas.Count && !again; i++)
            {
                var other = areas.FindIndex(i + 1, area => area.Overlaps(areas[i]));
                if (other < 0) continue;
                areas[i] = areas[i].Union(areas[other]);
                areas.RemoveAt(other);
                again = true;
            }
        }
        return [.. areas.OrderBy(area => area.Top).ThenBy(area => area.Left)];
    }

    private sealed record Area(int Top, int Left, int Bottom, int Right)
    {
        public Area With((int Row, int Column) cell) => Union(new Area(cell.Row, cell.Column, cell.Row, cell.Column));

        public Area Union(Area other) => new(Math.Min(Top, other.Top), Math.Min(Left, other.Left), Math.Max(Bottom, other.Bottom), Math.Max(Right, other.Right));

        public bool Overlaps(Area other) => Top <= other.Bottom && other.Top <= Bottom && Left <= other.Right && other.Left <= Right;
    }
}
