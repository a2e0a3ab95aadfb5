using System.Collections.Concurrent;
using System.Diagnostics;

namespace BlazorAdmin.Benchmarks.Jobs;

/// <summary>Counts the statements that this process sends, whoever sends them, as the driver's own traces tell.</summary>
internal sealed class Statements : IDisposable
{
    private readonly ConcurrentDictionary<string, int> _counts = new();
    private readonly ActivityListener _listener;

    public Statements()
    {
        _listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == "Npgsql",
            Sample = static (ref _) => ActivitySamplingResult.AllData,
            ActivityStopped = activity =>
            {
                if ((activity.GetTagItem("db.query.text") ?? activity.GetTagItem("db.statement")) is string text) _counts.AddOrUpdate(Short(text), 1, static (_, count) => count + 1);
            },
        };
        ActivitySource.AddActivityListener(_listener);
    }

    public int Count => _counts.Values.Sum();

    public IEnumerable<(string Text, int Count)> MostFrequent => _counts.OrderByDescending(pair => pair.Value).Select(pair => (pair.Key, pair.Value));

    public void Dispose() => _listener.Dispose();

    private static string Short(string text)
    {
        var line = string.Join(' ', text.Split((char[])[' ', '\n', '\r', '\t'], StringSplitOptions.RemoveEmptyEntries));
        return line.Length <= 90 ? line : line[..90];
    }
}
