using System.Collections.Frozen;

namespace BlazorAdmin.Features.Documents.Extraction;

/// <summary>The portal's own modest lists of first names, countries and cities (<c>names.txt</c>).</summary>
internal static class Gazetteer
{
    private static readonly Dictionary<string, string[]> Lists = Load();

    public static FrozenSet<string> FirstNames { get; } = Lists["first names"].ToFrozenSet(StringComparer.Ordinal);

    public static FrozenSet<string> Cities { get; } = Lists["cities"].ToFrozenSet(StringComparer.OrdinalIgnoreCase);

    /// <summary>Countries and cities with the confidence that such a word means the place.</summary>
    public static WordTrie<double> Places { get; } = MakePlaces();

    private static WordTrie<double> MakePlaces()
    {
        var places = new WordTrie<double>();
        foreach (var country in Lists["countries"]) Add(places, country, 0.85);
        foreach (var city in Lists["cities"]) Add(places, city, 0.75);
        return places;
    }

    /// <summary>As written, and in capitals, as on receipts and letterheads; small letters would be other words.</summary>
    private static void Add(WordTrie<double> places, string name, double confidence)
    {
        places.Add(name, confidence, matchCase: true);
        var capitals = name.ToUpperInvariant();
        if (capitals != name) places.Add(capitals, confidence, matchCase: true);
    }

    private static Dictionary<string, string[]> Load()
    {
        using var stream = typeof(Gazetteer).Assembly.GetManifestResourceStream("BlazorAdmin.Documents.names.txt") ?? throw new InvalidOperationException("The list of names is not part of the program.");
        using var reader = new StreamReader(stream);
        var lists = new Dictionary<string, string[]>(StringComparer.Ordinal);
        var section = "";
        while (reader.ReadLine() is { } line)
        {
            if (line.StartsWith('[')) section = line.Trim('[', ']');
            else if (line.Length > 0 && !line.StartsWith('#')) lists[section] = line.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        }
        return lists;
    }
}
