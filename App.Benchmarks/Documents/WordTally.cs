using System.Text.RegularExpressions;

namespace BlazorAdmin.Benchmarks.Documents;

/// <summary>Words that were read against those that are true: runs of [A-Z0-9] of the text in capitals, as multisets, F1 over all files together.</summary>
internal sealed partial class WordTally
{
    private int _both, _read, _true;

    public double F1 => _read + _true == 0 ? 0 : 2.0 * _both / (_read + _true);

    public static IReadOnlyDictionary<string, int> Words(string text) =>
        Word().Matches(text.ToUpperInvariant()).GroupBy(match => match.Value).ToDictionary(group => group.Key, group => group.Count());

    /// <returns>F1 of this file alone.</returns>
    public double Add(IReadOnlyDictionary<string, int> truth, string text)
    {
        var read = Words(text);
        var both = truth.Sum(word => Math.Min(word.Value, read.GetValueOrDefault(word.Key)));
        var (reads, trues) = (read.Values.Sum(), truth.Values.Sum());
        (_both, _read, _true) = (_both + both, _read + reads, _true + trues);
        return reads + trues == 0 ? 0 : 2.0 * both / (reads + trues);
    }

    [GeneratedRegex("[A-Z0-9]+")]
    private static partial Regex Word();
}
