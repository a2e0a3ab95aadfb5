namespace BlazorAdmin.Features.Dashboard;

/// <summary>Where a card lies on the grid: column and row of its corner from 0, columns and rows that it covers.</summary>
public readonly record struct GridPlace(int X, int Y, int W, int H)
{
    /// <summary>First column to the right of it.</summary>
    public int Right => X + W;

    /// <summary>First row below it.</summary>
    public int Bottom => Y + H;

    /// <summary>Whether the two share a column, so that one must stand above the other.</summary>
    public bool SharesColumn(GridPlace other) => X < other.Right && other.X < Right;

    public bool Overlaps(GridPlace other) => SharesColumn(other) && Y < other.Bottom && other.Y < Bottom;
}
