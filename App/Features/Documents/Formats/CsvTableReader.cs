using System.Text;
using BlazorAdmin.Features.Documents.Reading;

namespace BlazorAdmin.Features.Documents.Formats;

/// <summary>Character-separated values as a table; the separator is the one that most lines agree on.</summary>
internal static class CsvTableReader
{
    public const string Engine = "csv";
    private const int LinesLookedAt = 50;

    /// <exception cref="ReadStoppedException">Too large, or no table: then the file is text.</exception>
    public static Conversion Read(string path, StepContext context, CancellationToken cancel)
    {
        if (new FileInfo(path).Length > context.Options.MaxTextBytes) throw new ReadStoppedException(ReadOutcome.TooLarge, TextConverter.TooLarge(context.Options).Reason!);
        var text = TextDecoding.Decode(File.ReadAllBytes(path))?.Replace("\0", "") ?? throw new ReadStoppedException(ReadOutcome.Damaged, new ReadReason("TextDamaged"));
        var separator = Separator(text) ?? throw new ReadStoppedException(ReadOutcome.Unsupported, new ReadReason("NoTable"));
        var flow = new FlowText(context.Options.MaxTextBytes);
        var (grid, size) = (new TableGrid(), 0);
        List<string>? head = null;
        foreach (var record in Records(text, separator))
        {
            cancel.ThrowIfCancellationRequested();
            head ??= record;
            if (size > Sections.Characters)
            {
                // Written part by part: a table of a million rows must not stand in memory as cells.
                flow.Table(grid);
                (grid, size) = (new TableGrid(), 0);
                Add(grid, head);
            }
            Add(grid, record);
            size += record.Sum(value => value.Length + 1);
        }
        flow.Table(grid);
        return flow.ToConversion(Engine);
    }

    private static void Add(TableGrid grid, List<string> record)
    {
        grid.NewRow();
        foreach (var value in record)
        {
            var clean = value.ReplaceLineEndings("\n").Trim();
            grid.Add(InlineText.Escape(clean).Replace("\n", "<br>"), clean.Replace('\n', ' '));
        }
    }

    /// <summary>RFC 4180, forgiving: a quotation mark inside a field is text, one that never ends is closed by the end of the file.</summary>
    internal static IEnumerable<List<string>> Records(string text, char separator)
    {
        var (record, value) = (new List<string>(), new StringBuilder());
        for (var i = 0; i < text.Length; i++)
        {
            var c = text[i];
            if (c == '"' && value.Length == 0) i = Quoted(text, i + 1, value);
            else if (c == separator) Take(record, value);
            else if (c == '\n')
            {
                Take(record, value);
                if (record.Count > 1 || record[0].Length > 0) yield return record;
                record = [];
            }
            else if (c != '\r') value.Append(c);
        }
        Take(record, value);
        if (record.Count > 1 || record[0].Length > 0) yield return record;
    }

    private static void Take(List<string> record, StringBuilder value)
    {
        record.Add(value.ToString());
        value.Clear();
    }

    /// <returns>Place of the closing mark.</returns>
    private static int Quoted(string text, int start, StringBuilder value)
    {
        for (var i = start; i < text.Length; i++)
        {
            if (text[i] != '"') value.Append(text[i]);
            else if (i + 1 < text.Length && text[i + 1] == '"') value.Append(text[i++]);
            else return i;
        }
        return text.Length;
    }

    /// <summary>The sign that stands outside quotes in most lines; among those the most even one.</summary>
    internal static char? Separator(string text)
    {
        char? best = null;
        var bestScore = 0.0;
        foreach (var sign in ",;\t|")
        {
            var counts = Counts(text, sign);
            var with = counts.Where(count => count > 0).ToList();
            if (with.Count == 0 || with.Count < counts.Count * 0.8) continue;
            var usual = with.GroupBy(count => count).OrderByDescending(group => group.Count()).First();
            var score = (double)usual.Count() / counts.Count + usual.Key * 0.001;
            if (score > bestScore) (best, bestScore) = (sign, score);
        }
        return best;
    }

    private static List<int> Counts(string text, char sign)
    {
        var counts = new List<int>();
        var (count, quoted, filled) = (0, false, false);
        foreach (var c in text.AsSpan(0, Math.Min(text.Length, 64 << 10)))
        {
            if (c == '"') quoted = !quoted;
            if (c == '\n' && !quoted)
            {
                if (filled) counts.Add(count);
                if (counts.Count == LinesLookedAt) return counts;
                (count, filled) = (0, false);
                continue;
            }
            filled |= !char.IsWhiteSpace(c);
            if (c == sign && !quoted) count++;
        }
        if (filled) counts.Add(count);
        return counts;
    }
}
