using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace BlazorAdmin.Features.Documents.Formats;

/// <summary>Counts the lists of a Word document as Word shows them (ISO/IEC 29500-1, 17.9).</summary>
internal sealed partial class WordNumbering
{
    private const int Levels = 9;
    private readonly Dictionary<string, (string Abstract, Level?[] Overrides, int?[] Starts)> _lists = [];
    private readonly Dictionary<string, Level?[]> _abstracts = [];
    private readonly Dictionary<string, int[]> _counters = [];
    private readonly HashSet<(string List, int Depth)> _started = [];

    public WordNumbering(XElement? root)
    {
        foreach (var item in root?.Elements(Ns.W + "abstractNum") ?? [])
        {
            if ((string?)item.Attribute(Ns.W + "abstractNumId") is { } id) _abstracts.TryAdd(id, ReadLevels(item));
        }
        foreach (var list in root?.Elements(Ns.W + "num") ?? [])
        {
            if ((string?)list.Attribute(Ns.W + "numId") is not { } id || WordStyles.Value(list, "abstractNumId") is not { } template) continue;
            var (overrides, starts) = (new Level?[Levels], new int?[Levels]);
            foreach (var change in list.Elements(Ns.W + "lvlOverride"))
            {
                if (!TryDepth(change, out var depth)) continue;
                if (change.Element(Ns.W + "lvl") is { } level) overrides[depth] = Read(level);
                if (int.TryParse(WordStyles.Value(change, "startOverride"), CultureInfo.InvariantCulture, out var start)) starts[depth] = start;
            }
            _lists.TryAdd(id, (template, overrides, starts));
        }
    }

    /// <summary>The mark of the next item: "-" for a bullet, otherwise its number as Word shows it; null when the list shows none.</summary>
    public string? Next(string list, int depth)
    {
        if (!_lists.TryGetValue(list, out var found)) return "-";
        if (!_counters.TryGetValue(found.Abstract, out var counters)) _counters[found.Abstract] = counters = new int[Levels];
        if (_started.Add((list, depth)) && found.Starts[depth] is { } restart) counters[depth] = restart - 1;
        else if (counters[depth] == 0) counters[depth] = (LevelOf(found, depth)?.Start ?? 1) - 1;
        counters[depth]++;
        for (var deeper = depth + 1; deeper < Levels; deeper++) counters[deeper] = 0;
        var level = LevelOf(found, depth);
        if (level is null || level.Format == "bullet") return "-";
        if (level.Format == "none" || level.Text.Length == 0) return null;
        return Placeholder().Replace(level.Text, match =>
        {
            var place = match.Groups[1].ValueSpan[0] - '1';
            var shown = LevelOf(found, place);
            var number = counters[place] > 0 ? counters[place] : shown?.Start ?? 1;
            return Shown(number, level.Legal && place < depth ? "decimal" : shown?.Format ?? "decimal");
        }).Trim();
    }

    internal static string Shown(int number, string format) => format switch
    {
        "lowerLetter" => Letters(number).ToLowerInvariant(),
        "upperLetter" => Letters(number),
        "lowerRoman" => Roman(number).ToLowerInvariant(),
        "upperRoman" => Roman(number),
        "decimalZero" => number.ToString("00", CultureInfo.InvariantCulture),
        _ => number.ToString(CultureInfo.InvariantCulture),
    };

    private Level? LevelOf((string Abstract, Level?[] Overrides, int?[] Starts) list, int depth) =>
        list.Overrides[depth] ?? (_abstracts.TryGetValue(list.Abstract, out var levels) ? levels[depth] : null);

    private static Level?[] ReadLevels(XElement template)
    {
        var levels = new Level?[Levels];
        foreach (var level in template.Elements(Ns.W + "lvl"))
        {
            if (TryDepth(level, out var depth)) levels[depth] = Read(level);
        }
        return levels;
    }

    private static Level Read(XElement level) => new(
        WordStyles.Value(level, "numFmt") ?? "decimal", WordStyles.Value(level, "lvlText") ?? "",
        int.TryParse(WordStyles.Value(level, "start"), CultureInfo.InvariantCulture, out var start) ? start : 1, WordStyles.Says(level, "isLgl", false));

    private static bool TryDepth(XElement element, out int depth) => int.TryParse((string?)element.Attribute(Ns.W + "ilvl"), CultureInfo.InvariantCulture, out depth) && depth is >= 0 and < Levels;

    /// <summary>a … z, aa, bb … as Word counts.</summary>
    private static string Letters(int number) => number < 1 ? "" : new string((char)('A' + (number - 1) % 26), Math.Min(10, (number - 1) / 26 + 1));

    private static string Roman(int number)
    {
        if (number is < 1 or > 3_999) return number.ToString(CultureInfo.InvariantCulture);
        var text = new StringBuilder();
        foreach (var (value, sign) in new[] { (1000, "M"), (900, "CM"), (500, "D"), (400, "CD"), (100, "C"), (90, "XC"), (50, "L"), (40, "XL"), (10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I") })
        {
            for (; number >= value; number -= value) text.Append(sign);
        }
        return text.ToString();
    }

    [GeneratedRegex("%([1-9])")]
    private static partial Regex Placeholder();

    private sealed record Level(string Format, string Text, int Start, bool Legal);
}
