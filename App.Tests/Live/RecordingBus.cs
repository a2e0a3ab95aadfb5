using BlazorAdmin.Live;

namespace BlazorAdmin.Tests.Live;

/// <summary>A bus to nowhere that keeps what it was given.</summary>
public sealed class RecordingBus : INodeBus
{
    private readonly Lock _lock = new();
    private readonly List<(string Topic, object Message)> _sent = [];

    public IReadOnlyList<(string Topic, object Message)> Sent
    {
        get
        {
            lock (_lock) return [.. _sent];
        }
    }

    public void Send(string topic, object message)
    {
        lock (_lock) _sent.Add((topic, message));
    }
}
