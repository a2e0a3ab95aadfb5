using System.Globalization;
using BlazorAdmin.Features.Documents.Reading;
using CsvHelper;
using CsvHelper.Configuration;

namespace BlazorAdmin.Features.Documents.Formats;

/// <summary>Character-separated values as a table; the separator is the one that most lines agree on.</summary>
internal static class CsvReader
{
    public const string Engine = "csv";
    private const int LinesLookedAt = 50;

    /// <exception cref="ReadStoppedException">Too large, or no table: then the file is text.</exception>
    public static Conversion Read(string path, StepContext context, CancellationToken cancel)
    {
        if (new FileInfo(path).Length > context.Options.MaxTextBytes) throw new ReadStoppedException(ReadOutcome.TooLarge, TextConverter.TooLarge(context.Options).Reason!);
        var text = TextDecoding.Decode(File.ReadAllBytes(path))?.Replace("\0", "") ?? throw new ReadStoppedException(ReadOutcome.Damaged, new ReadReason("TextDamaged"));
        var separator = Separator(text) ?? throw new ReadStoppedException(ReadOutcome.Unsupported, new ReadReason("NoTable"));
        var grid = new TableGrid();
        using var parser = new CsvParser(new StringReader(text), new CsvConfiguration(CultureInfo.InvariantCulture) { Delimiter = separator.ToString(), BadDataFound = null, HasHeaderRecord = false, MaxFieldSize = 0 });
        while (parser.Read())
        {
            cancel.ThrowIfCancellationRequested();
            grid.NewRow();
            foreach (var value in parser.Record ?? [])
            {
                var clean = value.ReplaceLineEndings("\n").Trim();
                grid.Add(InlineText.Escape(clean).Replace("\n", "<br>"), clean.Replace('\n', ' '));
            }
        }
        var flow = new FlowText(context.Options.MaxTextBytes);
        flow.Table(grid);
        return flow.ToConversion(Engine);
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
