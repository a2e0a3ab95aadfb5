namespace BlazorAdmin.Features.Mail;

public enum DiffKind
{
    Same,
    Gone,
    New,
}

public sealed record DiffLine(DiffKind Kind, string Text);

/// <summary>What changed between two texts, line by line: the longest common subsequence by dynamic programming (R. Wagner and M. Fischer, J. ACM 1974).</summary>
public static class TextDiff
{
    private const int MostLines = 2_000;

    /// <returns>All lines in order. Texts beyond 2,000 lines count as replaced as a whole.</returns>
    public static IReadOnlyList<DiffLine> Of(string before, string after)
    {
        var (old, now) = (Lines(before), Lines(after));
        if (old.Length > MostLines || now.Length > MostLines) return [.. old.Select(l => new DiffLine(DiffKind.Gone, l)), .. now.Select(l => new DiffLine(DiffKind.New, l))];
        var common = new int[old.Length + 1, now.Length + 1];
        for (var i = old.Length - 1; i >= 0; i--)
            for (var j = now.Length - 1; j >= 0; j--)
                common[i, j] = old[i] == now[j] ? common[i + 1, j + 1] + 1 : Math.Max(common[i + 1, j], common[i, j + 1]);
        var lines = new List<DiffLine>();
        var (a, b) = (0, 0);
        while (a < old.Length || b < now.Length)
        {
            if (a < old.Length && b < now.Length && old[a] == now[b])
            {
                lines.Add(new DiffLine(DiffKind.Same, old[a++]));
                b++;
            }
            else if (b == now.Length || (a < old.Length && common[a + 1, b] >= common[a, b + 1])) lines.Add(new DiffLine(DiffKind.Gone, old[a++]));
            else lines.Add(new DiffLine(DiffKind.New, now[b++]));
        }

        return lines;
    }

    private static string[] Lines(string text) => text.Length == 0 ? [] : text.ReplaceLineEndings("\n").TrimEnd('\n').Split('\n');
}
