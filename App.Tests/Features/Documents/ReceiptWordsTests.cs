using System.Text.RegularExpressions;
using BlazorAdmin.Features.Documents.Reading;
using BlazorAdmin.Features.Documents.Recognition;
using Xunit.Abstractions;

namespace BlazorAdmin.Tests.Features.Documents;

/// <summary>Reading of photographs beside the plain tool.</summary>
public sealed class ReceiptWordsTests(ITestOutputHelper output)
{
    private static readonly Regex Word = new("[A-Z0-9]+");

    [SharedDataFact]
    public async Task Read_Receipts_FindsMoreWordsThanThePlainTool()
    {
        var (ours, psm3, psm6) = (new Tally(), new Tally(), new Tally());
        foreach (var picture in Sample())
        {
            var truth = Words(string.Join('\n', File.ReadLines(Path.ChangeExtension(picture, ".csv")).Select(line => line.Split(',', 9)).Where(parts => parts.Length == 9).Select(parts => parts[8])));
            using var bench = await ReadingBench.Create();
            var started = TimeProvider.System.GetTimestamp();
            var reading = await bench.Read(picture);
            var took = TimeProvider.System.GetElapsedTime(started);
            var share = ours.Add(truth, Words(string.Join('\n', reading.Pages.Select(page => page.Text))));
            output.WriteLine($"{Path.GetFileName(picture)} {share:0.00} {reading.Pages[0].Confidence} {took.TotalSeconds:0.0} s, {bench.Lines.Count(line => line.StartsWith("tesseract", StringComparison.Ordinal))} runs");
            psm3.Add(truth, Words(await Plain(bench, picture, "3")));
            psm6.Add(truth, Words(await Plain(bench, picture, "6")));
        }
        output.WriteLine($"ours {ours.F1:0.0000}, psm 3 {psm3.F1:0.0000}, psm 6 {psm6.F1:0.0000}");
        ours.F1.ShouldBeGreaterThan(0.79);
        ours.F1.ShouldBeGreaterThan(Math.Max(psm3.F1, psm6.F1));
    }

    /// <summary>A third of them; the figures of the group documents are of all.</summary>
    private static IEnumerable<string> Sample() => Directory.EnumerateFiles(SharedData.PathOf("receipts"), "*.jpg").Order(StringComparer.Ordinal).Where((_, i) => i % 3 == 2);

    private static async Task<string> Plain(ReadingBench bench, string picture, string segmentation)
    {
        using var folder = bench.NewFolder();
        return (await bench.Runner.Run(new ToolCommand("tesseract", [picture, "stdout", "-l", "deu+eng", "--psm", segmentation], folder) { Reads = [picture] }, CancellationToken.None)).Text;
    }

    private static Dictionary<string, int> Words(string text) => Word.Matches(text.ToUpperInvariant()).GroupBy(match => match.Value).ToDictionary(group => group.Key, group => group.Count());

    private sealed class Tally
    {
        private int _both, _read, _true;

        public double F1 => 2.0 * _both / (_read + _true);

        public double Add(Dictionary<string, int> truth, Dictionary<string, int> read)
        {
            var both = truth.Sum(word => Math.Min(word.Value, read.GetValueOrDefault(word.Key)));
            _both += both;
            _read += read.Values.Sum();
            _true += truth.Values.Sum();
            return 2.0 * both / (read.Values.Sum() + truth.Values.Sum());
        }
    }
}
