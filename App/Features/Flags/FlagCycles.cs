namespace BlazorAdmin.Features.Flags;

/// <summary>Finds flags that need themselves in the end.</summary>
public static class FlagCycles
{
    /// <param name="start">Key of the flag that is looked at.</param>
    /// <param name="needs">Keys that each flag needs.</param>
    /// <returns>The way back to a flag on the way, first and last the same; null if there is none.</returns>
    public static IReadOnlyList<string>? Find(string start, IReadOnlyDictionary<string, List<string>> needs)
    {
        var done = new HashSet<string>(StringComparer.Ordinal);
        return Visit(start, []);

        IReadOnlyList<string>? Visit(string key, List<string> way)
        {
            if (way.IndexOf(key) is >= 0 and var at) return [.. way.Skip(at), key];
            if (done.Contains(key) || !needs.TryGetValue(key, out var next)) return null;
            way.Add(key);
            foreach (var need in next)
                if (Visit(need, way) is { } cycle) return cycle;
            way.RemoveAt(way.Count - 1);
            done.Add(key);
            return null;
        }
    }

    /// <summary>How many flags stand behind one another at most, the first included.</summary>
    public static int Depth(string start, IReadOnlyDictionary<string, List<string>> needs)
    {
        var known = new Dictionary<string, int>(StringComparer.Ordinal);
        return Of(start);

        int Of(string key)
        {
            if (known.TryGetValue(key, out var depth)) return depth;
            // Holds for the time of the visit, so that a cycle ends.
            known[key] = 1;
            return known[key] = 1 + (needs.TryGetValue(key, out var next) ? next.Select(Of).DefaultIfEmpty(0).Max() : 0);
        }
    }
}
