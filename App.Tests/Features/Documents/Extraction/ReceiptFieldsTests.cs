using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using BlazorAdmin.Features.Documents.Extraction;
using Xunit.Abstractions;

namespace BlazorAdmin.Tests.Features.Documents.Extraction;

/// <summary>Fields of photographed receipts whose words are known: what the extraction can do when nothing is misread.</summary>
public sealed partial class ReceiptFieldsTests(ITestOutputHelper output)
{
    [SharedDataTheory]
    [InlineData("receipts")]
    public void Extract_WordsOfReceipts_FindsDateAndTotal(string folder)
    {
        var (dates, totals, receipts) = (0, 0, 0);
        foreach (var file in Directory.EnumerateFiles(SharedData.PathOf(folder), "*.csv").Order(StringComparer.Ordinal))
        {
            using var truth = JsonDocument.Parse(File.ReadAllText(Path.ChangeExtension(file, ".json")));
            var fields = Finding.Fields(Lines(File.ReadAllLines(file)));
            var date = Finding.Values(truth.RootElement.GetProperty("date").GetString()!, EntityKinds.Date)[0];
            var total = Number().Match(truth.RootElement.GetProperty("total").GetString()!).Value.Replace(",", "", StringComparison.Ordinal);
            receipts++;
            if (fields.GetValueOrDefault(FieldNames.Date) == date) dates++;
            if (fields.GetValueOrDefault(FieldNames.Total)?.Split(' ')[0] == total) totals++;
            else output.WriteLine($"{Path.GetFileName(file)}: total {fields.GetValueOrDefault(FieldNames.Total)}, should be {total}");
        }

        output.WriteLine($"{receipts} receipts: date {dates}, total {totals}");
        receipts.ShouldBeGreaterThan(0);
        dates.ShouldBeGreaterThanOrEqualTo(receipts * 95 / 100);
        totals.ShouldBeGreaterThanOrEqualTo(receipts * 90 / 100);
    }

    /// <summary>Boxes (x and y of four corners, then the words) as lines of text: what overlaps in height by half stands in one line.</summary>
    private static string Lines(IEnumerable<string> boxes)
    {
        var words = boxes.Select(line => line.Split(',', 9)).Where(parts => parts.Length == 9)
            .Select(parts => (Left: Pixel(parts[0]), Middle: (Pixel(parts[1]) + Pixel(parts[5])) / 2.0, Height: Pixel(parts[5]) - Pixel(parts[1]), Text: parts[8])).OrderBy(word => word.Middle);
        var lines = new List<(double Middle, List<(int Left, string Text)> Words)>();
        foreach (var word in words)
        {
            if (lines.Count == 0 || word.Middle - lines[^1].Middle >= word.Height / 2.0) lines.Add((word.Middle, []));
            lines[^1].Words.Add((word.Left, word.Text));
        }
        return string.Join('\n', lines.Select(line => string.Join("  ", line.Words.OrderBy(word => word.Left).Select(word => word.Text))));
    }

    private static int Pixel(string text) => int.Parse(text, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"[\d.,]+")]
    private static partial Regex Number();
}
