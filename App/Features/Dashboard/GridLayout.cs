namespace BlazorAdmin.Features.Dashboard;

/// <summary>
/// Arranges cards on a grid of twelve columns. Cards fall upwards: none lies where it could lie higher without passing
/// another one, and none ever overlaps another. Every method returns new places in the order of the old ones.
/// </summary>
/// <remarks>
/// The arrangement is a sequence in which each card comes to lie directly below all earlier ones that share a column with it,
/// as in the grids with vertical compaction that monitoring tools have. Any sequence gives an arrangement without overlap,
/// and arranging twice changes nothing, because two cards that share a column keep their order.
/// </remarks>
public static class GridLayout
{
    public const int Columns = 12;

    /// <summary>Rows that one card covers at most.</summary>
    public const int MostRows = 24;

    // Beyond it a stored row is nonsense; all cards of a dashboard on top of each other stay far below.
    private const int LastRow = 10_000;

    /// <summary>Brings any places into bounds and order, whatever they were.</summary>
    public static GridPlace[] Compact(IReadOnlyList<GridPlace> places) => Arrange([.. places.Select(Clamp)], null);

    /// <summary>Puts a card of the given size where it fits first, from the top left; the others stay.</summary>
    /// <returns>The place of the new card.</returns>
    public static GridPlace Fit(IReadOnlyList<GridPlace> places, int width, int height)
    {
        var size = Clamp(new GridPlace(0, 0, width, height));
        for (var y = 0; ; y++)
        {
            for (var x = 0; x + size.W <= Columns; x++)
            {
                var place = size with { X = x, Y = y };
                if (!places.Any(place.Overlaps)) return place;
            }
        }
    }

    /// <summary>Places cards of given sizes one after the other, each where it fits first.</summary>
    public static GridPlace[] Flow(IEnumerable<(int Width, int Height)> sizes)
    {
        var places = new List<GridPlace>();
        foreach (var (width, height) in sizes) places.Add(Fit(places, width, height));
        return [.. places];
    }

    /// <summary>
    /// Moves a card to a corner; the others make room. Dropped on most of one other card of the same size, it changes places
    /// with it. Otherwise it goes above those whose middle it has passed on the way up, and below those it has passed on the way down.
    /// </summary>
    public static GridPlace[] Move(IReadOnlyList<GridPlace> places, int index, int x, int y)
    {
        var wanted = Clamp(places[index] with { X = x, Y = y });
        var partner = Partner(places, index, wanted);
        return partner is { } other && 2 * Shared(wanted, places[other]) > wanted.W * wanted.H ? Swap(places, index, other) : Put(places, index, wanted);
    }

    /// <summary>
    /// Moves a card by one step with the keyboard: sideways by a column, or past a neighbour of the same size; up or down as
    /// far as it takes to change something. Nothing changes at the edge.
    /// </summary>
    /// <param name="right">-1, 0 or 1.</param>
    /// <param name="down">-1, 0 or 1.</param>
    public static GridPlace[] Step(IReadOnlyList<GridPlace> places, int index, int right, int down)
    {
        var place = places[index];
        if (right != 0)
        {
            var wanted = Clamp(place with { X = place.X + right });
            if (wanted == place) return [.. places];
            return Partner(places, index, wanted) is { } other && places[other].Y == place.Y ? Swap(places, index, other) : Put(places, index, wanted);
        }

        var last = places.Max(other => other.Bottom);
        for (var y = place.Y + down; down != 0 && y >= 0 && y <= last; y += down)
        {
            var moved = Put(places, index, place with { Y = y });
            if (!moved.SequenceEqual(places)) return moved;
        }

        return [.. places];
    }

    /// <summary>Gives a card another size; it stays where it is and the others make room.</summary>
    public static GridPlace[] Resize(IReadOnlyList<GridPlace> places, int index, int width, int height, int leastWidth = 1, int leastHeight = 1)
    {
        var place = places[index];
        var w = Math.Clamp(width, Math.Min(leastWidth, Columns - place.X), Columns - place.X);
        return Put(places, index, place with { W = w, H = Math.Clamp(height, leastHeight, MostRows) });
    }

    private static GridPlace Clamp(GridPlace place)
    {
        var w = Math.Clamp(place.W, 1, Columns);
        return new GridPlace(Math.Clamp(place.X, 0, Columns - w), Math.Clamp(place.Y, 0, LastRow), w, Math.Clamp(place.H, 1, MostRows));
    }

    private static GridPlace[] Put(IReadOnlyList<GridPlace> places, int index, GridPlace wanted)
    {
        var changed = places.ToArray();
        var old = changed[index];
        changed[index] = wanted;
        return Arrange(changed, (index, wanted.Y > old.Y));
    }

    /// <param name="first">The card that somebody moved, and whether downwards; null if nobody did.</param>
    private static GridPlace[] Arrange(GridPlace[] places, (int Index, bool Down)? first)
    {
        var order = Enumerable.Range(0, places.Length).Where(i => i != first?.Index).OrderBy(i => places[i].Y).ThenBy(i => places[i].X).ThenBy(i => i).ToList();
        if (first is var (index, down))
        {
            var at = order.FindIndex(i => places[i].SharesColumn(places[index]) && Gives(places[i], places[index], down));
            order.Insert(at < 0 ? order.Count : at, index);
        }

        var result = (GridPlace[])places.Clone();
        for (var n = 0; n < order.Count; n++)
        {
            var y = 0;
            for (var before = 0; before < n; before++)
                if (result[order[before]].SharesColumn(places[order[n]]))
                    y = Math.Max(y, result[order[before]].Bottom);
            result[order[n]] = places[order[n]] with { Y = y };
        }

        return result;
    }

    /// <summary>Whether a card makes room below the one that was moved: its middle has not been passed.</summary>
    private static bool Gives(GridPlace other, GridPlace moved, bool down)
    {
        var middle = 2 * other.Y + other.H;
        return down ? middle >= 2 * moved.Bottom : middle > 2 * moved.Y;
    }

    /// <summary>The only card that lies where this one shall go, if it has the same size.</summary>
    private static int? Partner(IReadOnlyList<GridPlace> places, int index, GridPlace wanted)
    {
        var hit = Enumerable.Range(0, places.Count).Where(i => i != index && places[i].Overlaps(wanted)).Take(2).ToList();
        return hit is [var other] && places[other].W == wanted.W && places[other].H == wanted.H ? other : null;
    }

    private static GridPlace[] Swap(IReadOnlyList<GridPlace> places, int one, int other)
    {
        var changed = places.ToArray();
        (changed[one], changed[other]) = (changed[other], changed[one]);
        return Arrange(changed, null);
    }

    private static int Shared(GridPlace one, GridPlace other) =>
        Math.Max(0, Math.Min(one.Right, other.Right) - Math.Max(one.X, other.X)) * Math.Max(0, Math.Min(one.Bottom, other.Bottom) - Math.Max(one.Y, other.Y));
}
