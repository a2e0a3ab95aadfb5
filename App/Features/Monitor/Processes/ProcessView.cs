using System.Globalization;
using BlazorAdmin.Shell.Lists;

namespace BlazorAdmin.Features.Monitor.Processes;

/// <summary>Searches, sorts and nests processes as the address of the page says.</summary>
public static class ProcessView
{
    public const int Top = 50;

    /// <summary>Rows without the limit of <see cref="Top"/>: more fit on no screen and cost every second.</summary>
    public const int Most = 2_000;

    /// <summary>Filter with the value <c>tree</c>: below their parents.</summary>
    public const string Shape = "view", Tree = "tree";

    /// <summary>Filter with the value <c>all</c>: up to <see cref="Most"/> rows.</summary>
    public const string Extent = "show", All = "all";

    public static ListQuery Defaults { get; } = new() { Sort = "cpu", Descending = true };

    /// <returns>The lines shown, and how many fit the search.</returns>
    public static (IReadOnlyList<ProcessLine> Lines, int Matching) Of(IReadOnlyList<ProcessRow> processes, ListQuery query)
    {
        var words = query.Search.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        var matching = processes.Where(process => Array.TrueForAll(words, word => Fits(process, word))).ToList();
        var limit = query.Filter(Extent) == All ? Most : Top;
        var lines = query.Filter(Shape) == Tree
            ? Nest(processes, matching, query)
            : Order(matching, query).Select(process => new ProcessLine(process, 0));
        return ([.. lines.Take(limit)], matching.Count);
    }

    /// <summary>What was found, below the processes that it came from.</summary>
    private static IEnumerable<ProcessLine> Nest(IReadOnlyList<ProcessRow> all, List<ProcessRow> found, ListQuery query)
    {
        var byPid = all.ToDictionary(process => process.Pid);
        var kept = new HashSet<int>();
        foreach (var process in found)
            for (var at = process; at is not null && kept.Add(at.Pid);) at = byPid.GetValueOrDefault(at.Parent);
        var children = all.Where(process => kept.Contains(process.Pid)).ToLookup(process => kept.Contains(process.Parent) ? process.Parent : 0);
        var pending = new Stack<ProcessLine>(Order(children[0], query).Reverse().Select(process => new ProcessLine(process, 0)));
        while (pending.TryPop(out var line))
        {
            // The moment is not one for all: a number may have been given again while it was read.
            if (!kept.Remove(line.Process.Pid)) continue;
            yield return line;
            foreach (var child in Order(children[line.Process.Pid], query).Reverse()) pending.Push(new ProcessLine(child, line.Depth + 1));
        }
    }

    private static bool Fits(ProcessRow process, string word) =>
        process.Name.Contains(word, StringComparison.OrdinalIgnoreCase)
        || process.Command.Contains(word, StringComparison.OrdinalIgnoreCase)
        || process.User.Equals(word, StringComparison.OrdinalIgnoreCase)
        || process.Pid.ToString(CultureInfo.InvariantCulture) == word;

    private static IEnumerable<ProcessRow> Order(IEnumerable<ProcessRow> processes, ListQuery query) => query.Sort switch
    {
        "memory" => By(processes, process => process.Memory, query),
        "io" => By(processes, process => process.Traffic ?? -1, query),
        "threads" => By(processes, process => process.Threads, query),
        "started" => By(processes, process => process.StartedAt, query),
        "pid" => By(processes, process => process.Pid, query),
        "name" => By(processes, process => process.Name, query, StringComparer.OrdinalIgnoreCase),
        _ => By(processes, process => process.Cpu ?? -1, query),
    };

    /// <summary>Among equals, most of which rest, the larger first: an order that stands still.</summary>
    private static IEnumerable<ProcessRow> By<TKey>(IEnumerable<ProcessRow> processes, Func<ProcessRow, TKey> key, ListQuery query, IComparer<TKey>? comparer = null) =>
        (query.Descending ? processes.OrderByDescending(key, comparer) : processes.OrderBy(key, comparer)).ThenByDescending(process => process.Memory).ThenBy(process => process.Pid);
}
