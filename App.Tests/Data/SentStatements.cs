using System.Collections.Concurrent;
using System.Diagnostics;

namespace BlazorAdmin.Tests.Data;

/// <summary>The statements that whatever is called from here on sends to PostgreSQL, also from what it starts; other tests send theirs unseen.</summary>
internal sealed class SentStatements : IDisposable
{
    private readonly ConcurrentBag<string> _sent = [];
    private readonly Activity _root = new("statements of a test");
    private readonly ActivityListener _listener;

    public SentStatements()
    {
        _root.SetIdFormat(ActivityIdFormat.W3C).Start();
        _listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == "Npgsql",
            Sample = static (ref _) => ActivitySamplingResult.AllData,
            ActivityStopped = activity =>
            {
                if (activity.TraceId == _root.TraceId && (activity.GetTagItem("db.query.text") ?? activity.GetTagItem("db.statement")) is string text) _sent.Add(text);
            },
        };
        ActivitySource.AddActivityListener(_listener);
    }

    /// <summary>How many hold <paramref name="words"/>.</summary>
    public int Count(string words) => _sent.Count(text => text.Contains(words, StringComparison.Ordinal));

    public void Dispose()
    {
        _listener.Dispose();
        _root.Dispose();
    }
}
