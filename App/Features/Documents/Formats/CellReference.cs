namespace BlazorAdmin.Features.Documents.Formats;

/// <summary>Places of cells as workbooks write them: B3 is row 2, column 1, counted from 0.</summary>
internal static class CellReference
{
    private const int MaxColumn = 16_384;
    private const int MaxRow = 1_048_576;

    /// <returns>Null for what is no place in a sheet.</returns>
    public static (int Row, int Column)? Parse(string reference)
    {
        var (row, column) = (0, 0);
        foreach (var c in reference)
        {
            if (char.IsAsciiLetter(c) && row == 0) column = column * 26 + (char.ToUpperInvariant(c) - 'A' + 1);
            else if (char.IsAsciiDigit(c)) row = row * 10 + (c - '0');
            else if (c != '$') return null;
            if (column > MaxColumn || row > MaxRow) return null;
        }
        return row > 0 && column > 0 ? (row - 1, column - 1) : null;
    }
}
